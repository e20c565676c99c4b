#include "common/records/agent_status.hpp"

#include "common/base/ini.hpp"
#include "common/base/parse.hpp"
#include "common/system/files.hpp"

#include <array>
#include <limits>

namespace rassist {
namespace {

constexpr std::string_view kSection = "status";

template <class Enum> struct Word {
	Enum value;
	std::string_view word;
};

constexpr std::array<Word<AgentState>, 7> kStates{{
	{AgentState::starting, "starting"},
	{AgentState::enrolling, "enrolling"},
	{AgentState::connecting, "connecting"},
	{AgentState::up, "up"},
	{AgentState::waiting, "waiting"},
	{AgentState::refused, "refused"},
	{AgentState::ended, "ended"},
}};

constexpr std::array<Word<Trouble>, 21> kTroubles{{
	{Trouble::none, "none"},
	{Trouble::unreachable, "unreachable"},
	{Trouble::proxy, "proxy"},
	{Trouble::timeout, "timeout"},
	{Trouble::lost, "lost"},
	{Trouble::silent, "silent"},
	{Trouble::protocol, "protocol"},
	{Trouble::host_key, "host-key"},
	{Trouble::identity, "identity"},
	{Trouble::not_activated, "not-activated"},
	{Trouble::grant_gone, "grant-gone"},
	{Trouble::port_held, "port-held"},
	{Trouble::serial_unknown, "serial-unknown"},
	{Trouble::blocked, "blocked"},
	{Trouble::revoked, "revoked"},
	{Trouble::refused, "refused"},
	{Trouble::relay_failed, "relay-failed"},
	{Trouble::elsewhere, "elsewhere"},
	{Trouble::displaced, "displaced"},
	{Trouble::twin, "twin"},
	{Trouble::local, "local"},
}};

template <class Enum, std::size_t N>
std::string_view word_of(const std::array<Word<Enum>, N>& words, Enum value) {
	for (const auto& known : words)
		if (known.value == value)
			return known.word;
	return {};
}

template <class Enum, std::size_t N>
Result<Enum> parse_word(
	IniSection& section, std::string_view key, const std::array<Word<Enum>, N>& words) {
	const auto text = section.required(key);
	if (!text)
		return text.error();
	std::string all;
	for (const auto& known : words) {
		if (known.word == *text)
			return known.value;
		all += (all.empty() ? "" : ", ") + std::string(known.word);
	}
	return section.about(key, Error{Fault::invalid, quoted(*text) + " is none of " + all});
}

/// A time in UTC seconds; 0 where the key is missing.
Result<std::int64_t> parse_time(IniSection& section, std::string_view key) {
	if (!section.has(key))
		return std::int64_t{0};
	const auto value =
		parse_integer(section.optional(key), 0, std::numeric_limits<std::int64_t>::max());
	if (!value)
		return section.about(key, value.error());
	return *value;
}

/// One line as a record can carry it: no control bytes, and nothing that an INI reader would take
/// for a comment.
std::string one_line(std::string_view text) {
	std::string line;
	for (const char c : text) {
		const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
		line += control ? ' ' : c == ';' && line.ends_with(' ') ? ',' : c;
	}
	return std::string(trimmed(line));
}

std::string time_text(std::int64_t time) {
	return time == 0 ? std::string() : std::to_string(time);
}

}    // namespace

std::string_view format_agent_state(AgentState state) { return word_of(kStates, state); }

std::string_view format_trouble(Trouble trouble) { return word_of(kTroubles, trouble); }

Result<AgentStatus> parse_agent_status(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, kSection, file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	const auto state = parse_word(*section, "state", kStates);
	if (!state)
		return state.error();
	const auto trouble = parse_word(*section, "error-kind", kTroubles);
	if (!trouble)
		return trouble.error();
	const auto since = parse_time(*section, "since");
	if (!since)
		return since.error();
	const auto until = parse_time(*section, "until");
	if (!until)
		return until.error();
	const auto next_try = parse_time(*section, "next-try");
	if (!next_try)
		return next_try.error();
	auto published = parse_published_places(section->optional("published"));
	if (!published)
		return section->about("published", published.error());
	AgentStatus status;
	status.published = *std::move(published);
	status.unpublished = section->optional("unpublished");
	status.state = *state;
	status.window = section->optional("window");
	status.relay = section->optional("relay");
	status.relay_name = section->optional("relay-name");
	status.address = section->optional("address");
	status.since = *since;
	status.until = *until;
	status.trouble = *trouble;
	status.last_error = section->optional("last-error");
	status.attempt = section->optional("attempt");
	status.next_try = *next_try;
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return status;
}

std::string format_agent_status(const AgentStatus& status) {
	IniWriter writer(kSection);
	writer.add("version", "1")
		.add("state", format_agent_state(status.state))
		.add_if("since", time_text(status.since));
	writer.add_if("window", status.window)
		.add_if("relay", status.relay)
		.add_if("relay-name", status.relay_name);
	writer.add_if("address", status.address).add_if("until", time_text(status.until));
	writer.add_if("published", format_published_places(status.published))
		.add_if("unpublished", one_line(status.unpublished));
	writer.add("error-kind", format_trouble(status.trouble))
		.add_if("last-error", one_line(status.last_error));
	writer.add_if("attempt", status.attempt).add_if("next-try", time_text(status.next_try));
	return writer.text();
}

Result<AgentStatus> load_agent_status(const Paths& paths, uid_t agent) {
	const auto text = read_trusted(paths.agent_status(), Trust{agent, 16 * 1024, false});
	if (!text)
		return text.error();
	return parse_agent_status(*text, paths.agent_status());
}

}    // namespace rassist
