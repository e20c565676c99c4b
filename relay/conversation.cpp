#include "relay/conversation.hpp"

#include <algorithm>

namespace rassist::hold {
namespace {

constexpr Conversation::Time kAnswerGap{1'000};    ///< a device that talks without pause is not answered without pause

}    // namespace

Conversation::Conversation(std::chrono::seconds interval, std::chrono::seconds limit, std::chrono::seconds left, Time now)
	: interval_(interval), limit_(limit), next_beat_(now + interval), spoken_(now), heard_(now), sent_(now) {
	Line line;
	line.verb = Line::Verb::ready;
	line.interval = interval;
	line.limit = limit;
	line.left = left;
	unsent_ = format_line(line);
}

std::optional<End> Conversation::hear(std::string_view bytes, Time now) {
	if (const Status fed = reader_.feed(bytes); !fed)
		return End{Bye::failed, "the device does not speak the protocol: " + fed.error().what};
	while (const std::optional<std::string> text = reader_.next()) {
		const Result<Line> line = parse_line(*text);
		if (!line)
			return End{Bye::failed, "the device does not speak the protocol: " + line.error().what};
		heard_ = now;
		if (line->verb == Line::Verb::beat)    // whose network has changed waits for a sign of life
			next_beat_ = std::min(next_beat_, std::max(now, spoken_ + kAnswerGap));
	}
	return std::nullopt;
}

void Conversation::speak(std::chrono::seconds left, Time now) {
	if (!beat_due(now))
		return;
	next_beat_ = now + interval_;
	spoken_ = now;
	if (!unsent_.empty())
		return;
	Line line;
	line.verb = Line::Verb::beat;
	line.left = left;
	unsent_ = format_line(line);
	sent_ = now;
}

void Conversation::warn_of_twin() {
	Line line;
	line.verb = Line::Verb::twin;
	unsent_ += format_line(line);
}

void Conversation::take_leave(Bye bye) {
	if (!begun_)
		unsent_.clear();
	Line line;
	line.verb = Line::Verb::bye;
	line.bye = bye;
	unsent_ += format_line(line);
}

std::optional<End> Conversation::patience(Time now) const {
	const std::string limit = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(limit_).count()) + " s";
	if (now - heard_ >= limit_)
		return End{Bye::silent, "nothing heard from the device for " + limit};
	if (!unsent_.empty() && now - sent_ >= limit_)
		return End{Bye::silent, "the device has taken nothing for " + limit};
	return std::nullopt;
}

Conversation::Time Conversation::next_look() const noexcept {
	const Time deaf = unsent_.empty() ? Time::max() : sent_ + limit_;
	return std::min({next_beat_, heard_ + limit_, deaf});
}

void Conversation::sent(std::size_t bytes, Time now) {
	unsent_.erase(0, bytes);
	begun_ = !unsent_.empty();
	sent_ = now;
}

}    // namespace rassist::hold
