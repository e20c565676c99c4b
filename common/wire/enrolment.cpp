#include "common/wire/enrolment.hpp"

#include "common/records/record.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace rassist {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kPortLast = 65535;
constexpr std::int64_t kSecondsMax = 30 * 24 * 3600;
constexpr std::size_t kMessageMax = 300;
constexpr std::string_view kVersion = "1";

struct RefusalRule {
	Refusal refusal;
	std::string_view word;
	Retry retry;
};

constexpr std::array<RefusalRule, 12> kRefusals{{
	{Refusal::internal, "internal", Retry::later},
	{Refusal::malformed, "malformed", Retry::never},
	{Refusal::serial_unknown, "serial-unknown", Retry::never},
	{Refusal::blocked, "blocked", Retry::never},
	{Refusal::serial_mismatch, "serial-mismatch", Retry::never},
	{Refusal::key_taken, "key-taken", Retry::never},
	{Refusal::token_used, "token-used", Retry::never},
	{Refusal::superseded, "superseded", Retry::never},
	{Refusal::timeout, "timeout", Retry::later},
	{Refusal::window_revoked, "window-revoked", Retry::never},
	{Refusal::storage, "storage", Retry::later},
	{Refusal::elsewhere, "elsewhere", Retry::elsewhere},
}};

constexpr std::array<std::pair<Retry, std::string_view>, 3> kRetries{
	{{Retry::never, "never"}, {Retry::later, "later"}, {Retry::elsewhere, "elsewhere"}}};

const RefusalRule& rule_of(Refusal refusal) {
	const auto* rule = std::find_if(kRefusals.begin(), kRefusals.end(),
		[&](const RefusalRule& one) { return one.refusal == refusal; });
	return rule == kRefusals.end() ? kRefusals.front() : *rule;
}

std::string_view retry_word(Retry retry) {
	const auto* pair = std::find_if(
		kRetries.begin(), kRetries.end(), [&](const auto& one) { return one.first == retry; });
	return pair == kRetries.end() ? kRetries.front().second : pair->second;
}

Result<Retry> parse_retry(std::string_view text) {
	for (const auto& [retry, word] : kRetries)
		if (word == text)
			return retry;
	return Error{Fault::invalid, quoted(text) + " is not never, later or elsewhere"};
}

/// The document's one section. A cut document is refused: its last line has lost its newline, or a
/// required key, which is why writers put one last.
Result<IniSection> read_document(std::string_view text, std::string_view section) {
	const std::string name(section);
	if (text.size() > kRequestMax)
		return Error{
			Fault::too_large, name + ": more than " + std::to_string(kRequestMax) + " bytes"};
	if (!text.ends_with('\n'))
		return Error{Fault::invalid, name + ": cut short, the last line does not end"};
	return IniSection::read(text, section, name);
}

/// A request has exactly our version: one of a later minor may mean something by a key we would
/// leave unread.
Result<IniSection> read_request(std::string_view text, std::string_view name) {
	auto section = read_document(text, name);
	if (!section)
		return section;
	const auto version = section->required("version");
	if (!version)
		return version.error();
	if (*version != kVersion)
		return section->about("version",
			{Fault::invalid,
				quoted(*version) + " is not a version of a request that this relay knows (1)"});
	return section;
}

Result<seconds> parse_seconds(std::string_view text) {
	const auto value = parse_integer(text, 1, kSecondsMax);
	return value ? Result<seconds>(seconds(*value)) : value.error();
}

/// Loopback, or IPv6 unique-local: an address of the relay's own that no one else routes to. Never
/// "all addresses".
Result<std::string> parse_listen_address(std::string_view text) {
	const std::string address(text);
	in_addr v4{};
	in6_addr v6{};
	if (inet_pton(AF_INET, address.c_str(), &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127)
		return address;
	if (inet_pton(AF_INET6, address.c_str(), &v6) == 1 &&
		(IN6_IS_ADDR_LOOPBACK(&v6) || (v6.s6_addr[0] & 0xfe) == 0xfc))
		return address;
	return Error{Fault::invalid,
		quoted(text) +
			" is not a loopback address (127.0.0.0/8, ::1) or a unique-local one (fc00::/7)"};
}

bool is_printable(char c) { return c >= 0x20 && c <= 0x7e; }

Result<std::string> parse_message(std::string_view text) {
	if (text.size() > kMessageMax || !std::all_of(text.begin(), text.end(), is_printable))
		return Error{Fault::invalid,
			"not one line of at most " + std::to_string(kMessageMax) + " printable characters"};
	return std::string(text);
}

/// A sentence as the wire carries it: printable ASCII, single blanks, and no ';', which begins a
/// comment after a blank.
std::string printable(std::string_view text) {
	std::string line;
	for (const char c : text) {
		const char plain = c == '\t' || c == '\n' ? ' '
						   : c == ';'             ? ','
						   : is_printable(c)      ? c
												  : '?';
		if (plain != ' ' || !line.ends_with(' '))
			line += plain;
		if (line.size() == kMessageMax)
			break;
	}
	return std::string(trimmed(line));
}

Status read_refused(IniSection& section, EnrollAnswer& answer) {
	const auto code = section.required("code");
	if (!code)
		return code.error();
	const auto retry = read_field(section, "retry", parse_retry);
	if (!retry)
		return retry.error();
	const auto message = read_field(section, "message", parse_message);
	if (!message)
		return message.error();
	const auto* known = std::find_if(kRefusals.begin(), kRefusals.end(),
		[&](const RefusalRule& one) { return one.word == *code; });
	answer.refused = known == kRefusals.end() ? Refusal::internal : known->refusal;
	answer.retry = *retry;
	answer.message = *message;
	return Done{};
}

/// What an answer to [enroll] carries: all of it or nothing.
Status read_tunnel(IniSection& section, EnrollAnswer& answer) {
	const auto address = read_field(section, "address", parse_listen_address);
	if (!address)
		return address.error();
	const auto number = [](std::string_view text) { return parse_integer(text, 1, kPortLast); };
	const auto ssh_port = read_field(section, "ssh-port", number);
	if (!ssh_port)
		return ssh_port.error();
	const auto http_port = read_field(section, "http-port", number);
	if (!http_port)
		return http_port.error();
	const auto length = read_field(section, "seconds", parse_seconds);
	if (!length)
		return length.error();
	auto published = parse_published_places(section.optional("publish"));
	if (!published)
		return section.about("publish", published.error());
	answer.published = *std::move(published);
	answer.address = *address;
	answer.ssh_port = static_cast<int>(*ssh_port);
	answer.http_port = static_cast<int>(*http_port);
	answer.seconds = *length;
	return Done{};
}

Status read_granted(IniSection& section, EnrollAnswer& answer) {
	const auto serial = read_field(section, "serial", Serial::parse);
	if (!serial)
		return serial.error();
	const auto relay = read_field(section, "relay", Name::parse);
	if (!relay)
		return relay.error();
	const auto time = read_field(section, "time", parse_count);
	if (!time)
		return time.error();
	answer.serial = serial->str();
	answer.relay = relay->str();
	answer.time = *time;
	const auto tunnel = {"address", "ssh-port", "http-port", "seconds", "publish"};
	if (std::any_of(
			tunnel.begin(), tunnel.end(), [&](const char* key) { return section.has(key); }))
		return read_tunnel(section, answer);
	return Done{};
}

}    // namespace

std::string_view format_refusal(Refusal refusal) { return rule_of(refusal).word; }

Retry choose_retry(Refusal refusal) { return rule_of(refusal).retry; }

Result<EnrollRequest> parse_enroll_request(std::string_view text) {
	auto section = read_request(text, "enroll");
	if (!section)
		return section.error();
	const auto id = read_field(*section, "id", Id::parse);
	if (!id)
		return id.error();
	const auto window = read_field(*section, "window", Id::parse);
	if (!window)
		return window.error();
	const auto sequence = read_field(*section, "sequence", parse_count);
	if (!sequence)
		return sequence.error();
	const auto length = read_field(*section, "seconds", parse_seconds);
	if (!length)
		return length.error();
	const auto key = read_key(*section);
	if (!key)
		return key.error();
	EnrollRequest request{*id, *window, *sequence, *length, *key, {}};
	if (section->has("serial")) {
		const auto serial = read_field(*section, "serial", Serial::parse);
		if (!serial)
			return serial.error();
		request.serial = *serial;
	}
	if (section->has("displaced")) {
		const auto displaced = read_field(*section, "displaced", parse_yes_no);
		if (!displaced)
			return displaced.error();
		request.displaced = *displaced;
	}
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return request;
}

std::string format_request(const EnrollRequest& request) {
	IniWriter writer("enroll");
	writer.add("version", kVersion);
	if (request.serial)
		writer.add("serial", request.serial->str());
	writer.add("window", request.window.str()).add("sequence", std::to_string(request.sequence));
	writer.add("seconds", std::to_string(request.seconds.count()));
	writer.add_if("displaced", request.displaced ? "yes" : "");
	writer.add("key-type", request.key.type()).add("key", request.key.base64());
	writer.add("id", request.id.str());    // required, so last
	return writer.text();
}

Result<ActivateRequest> parse_activate_request(std::string_view text) {
	auto section = read_request(text, "activate");
	if (!section)
		return section.error();
	const auto id = read_field(*section, "id", Id::parse);
	if (!id)
		return id.error();
	const auto key = read_key(*section);
	if (!key)
		return key.error();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return ActivateRequest{*id, *key};
}

std::string format_request(const ActivateRequest& request) {
	IniWriter writer("activate");
	writer.add("version", kVersion)
		.add("key-type", request.key.type())
		.add("key", request.key.base64())
		.add("id", request.id.str());
	return writer.text();
}

Result<CheckRequest> parse_check_request(std::string_view text) {
	auto section = read_request(text, "check");
	if (!section)
		return section.error();
	const auto id = read_field(*section, "id", Id::parse);
	if (!id)
		return id.error();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return CheckRequest{*id};
}

std::string format_request(const CheckRequest& request) {
	IniWriter writer("check");
	writer.add("version", kVersion).add("id", request.id.str());
	return writer.text();
}

Result<EnrollAnswer> parse_answer(std::string_view text) {
	auto section = read_document(text, "answer");
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	const auto id = read_field(*section, "id", Id::parse);
	if (!id)
		return id.error();
	const auto result = section->required("result");
	if (!result)
		return result.error();
	if (*result != "ok" && *result != "refused")
		return section->about(
			"result", {Fault::invalid, quoted(*result) + " is not ok or refused"});
	EnrollAnswer answer{
		.id = *id, .refused = {}, .message = {}, .serial = {}, .relay = {}, .address = {}};
	if (const auto read =
			*result == "ok" ? read_granted(*section, answer) : read_refused(*section, answer);
		!read)
		return read.error();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return answer;
}

std::string format_answer(const EnrollAnswer& answer) {
	IniWriter writer("answer");
	writer.add("version", kVersion).add("result", answer.refused ? "refused" : "ok");
	if (answer.refused) {
		const auto message = printable(answer.message);
		writer.add("code", format_refusal(*answer.refused))
			.add("retry", retry_word(choose_retry(*answer.refused)));
		writer.add("message", message.empty() ? "refused" : message);
	} else {
		writer.add("serial", answer.serial).add("relay", answer.relay);
		if (!answer.address.empty()) {
			writer.add("address", answer.address)
				.add("ssh-port", std::to_string(answer.ssh_port))
				.add("http-port", std::to_string(answer.http_port));
			writer.add("seconds", std::to_string(answer.seconds.count()))
				.add_if("publish", format_published_places(answer.published));
		}
		writer.add("time", std::to_string(answer.time));
	}
	writer.add("id", answer.id.str());    // required, so last
	return writer.text();
}

}    // namespace rassist
