#include "relay/hold_heartbeat.hpp"

#include <algorithm>

namespace rassist::hold {
namespace {

/// A device that talks without pause is not answered without pause.
constexpr HoldHeartbeat::Time kAnswerGap{1'000};

}    // namespace

HoldHeartbeat::HoldHeartbeat(
	std::chrono::seconds interval, std::chrono::seconds limit, std::chrono::seconds left, Time now)
	: interval_(interval), limit_(limit), next_beat_(now + interval), spoken_(now), heard_(now),
	  sent_(now) {
	HeartbeatLine line;
	line.message = HeartbeatLine::Message::ready;
	line.interval = interval;
	line.limit = limit;
	line.left = left;
	unsent_ = format_line(line);
}

std::optional<TunnelEnd> HoldHeartbeat::hear(std::string_view bytes, Time now) {
	if (const Status fed = reader_.feed(bytes); !fed)
		return TunnelEnd{
			Bye::failed, "the device does not speak the protocol: " + fed.error().what};
	while (const std::optional<std::string> text = reader_.next()) {
		const Result<HeartbeatLine> line = parse_line(*text);
		if (!line)
			return TunnelEnd{
				Bye::failed, "the device does not speak the protocol: " + line.error().what};
		heard_ = now;
		// a device whose network has changed sends a beat and waits for a sign of life
		if (line->message == HeartbeatLine::Message::beat)
			next_beat_ = std::min(next_beat_, std::max(now, spoken_ + kAnswerGap));
	}
	return std::nullopt;
}

void HoldHeartbeat::speak(std::chrono::seconds left, Time now) {
	if (!is_beat_due(now))
		return;
	next_beat_ = now + interval_;
	spoken_ = now;
	if (!unsent_.empty())
		return;
	HeartbeatLine line;
	line.message = HeartbeatLine::Message::beat;
	line.left = left;
	unsent_ = format_line(line);
	sent_ = now;
}

void HoldHeartbeat::warn_of_twin() {
	HeartbeatLine line;
	line.message = HeartbeatLine::Message::twin;
	unsent_ += format_line(line);
}

void HoldHeartbeat::add_bye(Bye bye) {
	if (!begun_)
		unsent_.clear();
	HeartbeatLine line;
	line.message = HeartbeatLine::Message::bye;
	line.bye = bye;
	unsent_ += format_line(line);
}

std::optional<TunnelEnd> HoldHeartbeat::check_silence(Time now) const {
	const std::string limit =
		std::to_string(std::chrono::duration_cast<std::chrono::seconds>(limit_).count()) + " s";
	if (now - heard_ >= limit_)
		return TunnelEnd{Bye::silent, "nothing heard from the device for " + limit};
	if (!unsent_.empty() && now - sent_ >= limit_)
		return TunnelEnd{Bye::silent, "the device has taken nothing for " + limit};
	return std::nullopt;
}

HoldHeartbeat::Time HoldHeartbeat::next_check() const noexcept {
	const Time deaf = unsent_.empty() ? Time::max() : sent_ + limit_;
	return std::min({next_beat_, heard_ + limit_, deaf});
}

void HoldHeartbeat::note_sent(std::size_t bytes, Time now) {
	unsent_.erase(0, bytes);
	begun_ = !unsent_.empty();
	sent_ = now;
}

}    // namespace rassist::hold
