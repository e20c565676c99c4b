#include "rassist-agent/ssh_end.hpp"
#include "common/base/parse_network.hpp"

#include <algorithm>
#include <array>

namespace rassist::agent {
namespace {

constexpr int kSshFailed = 255;    // ssh(1), EXIT STATUS
constexpr std::size_t kShownMax = 160;
constexpr std::size_t kAnswerShownMax = 300;    // what a relay may say (enrolment.hpp)

/// A message of ssh's and what it means; in the sentence, '%' stands for the relay.
struct SshMessage {
	std::string_view text;
	Trouble trouble;
	std::string_view sentence;
};

// The first that matches counts: what ssh says first is often the cause of what it says last.
constexpr std::array kSshMessages{
	SshMessage{"REMOTE HOST IDENTIFICATION HAS CHANGED", Trouble::host_key,
		"the host key of relay % is not the pinned one: either somebody answers in its place, or "
		"the relay has a new key and that must be pinned"},
	SshMessage{"REVOKED HOST KEY DETECTED", Trouble::host_key,
		"the host key of relay % is marked as revoked in the pinned keys"},
	SshMessage{" host key is known for ", Trouble::host_key,
		"no host key of relay % is pinned on this device, and an unknown one is never believed"},
	SshMessage{"Host key verification failed", Trouble::host_key,
		"the host key of relay % is not the pinned one"},
	SshMessage{"Load key \"", Trouble::local, "ssh cannot read this device's key for relay %"},
	SshMessage{"UNPROTECTED PRIVATE KEY FILE", Trouble::local,
		"ssh does not accept the mode of this device's key file"},
	SshMessage{
		"ad configuration option", Trouble::local, "ssh does not understand its configuration"},
	SshMessage{
		"socat: not found", Trouble::local, "a proxy is configured and socat(1) is not installed"},
	SshMessage{"/usr/bin/socat: No such file", Trouble::local,
		"a proxy is configured and socat(1) is not installed"},
	SshMessage{"remote port forwarding failed", Trouble::port_held,
		"relay % did not let the tunnel listen: an older tunnel of this device still holds its "
		"place"},
	SshMessage{"Could not resolve hostname", Trouble::unreachable,
		"the name of relay % cannot be resolved"},
	SshMessage{"Connection refused", Trouble::unreachable, "relay % refuses the connection"},
	SshMessage{"timed out", Trouble::unreachable, "relay % does not answer"},
	SshMessage{"No route to host", Trouble::unreachable,
		"relay % is not reached: for the last of its addresses there is no route"},
	SshMessage{"Network is unreachable", Trouble::unreachable,
		"relay % is not reached: for the last of its addresses this device has no network"},
	SshMessage{"Unable to negotiate", Trouble::protocol,
		"relay % and this device's ssh have no algorithm in common"},
	SshMessage{"banner line contains invalid characters", Trouble::unreachable,
		"what answers at % is no ssh server"},
	SshMessage{
		"Bad remote protocol version", Trouble::unreachable, "what answers at % is no ssh server"},
	SshMessage{"Connection closed by", Trouble::unreachable,
		"relay % closed the connection before the login"},
	SshMessage{"Connection reset by", Trouble::unreachable,
		"relay % closed the connection before the login"},
	SshMessage{"closed by remote host", Trouble::unreachable, "relay % closed the connection"},
};

std::string with_relay(std::string_view sentence, const Endpoint& endpoint) {
	std::string text(sentence);
	if (const auto place = text.find('%'); place != std::string::npos)
		text.replace(place, 1, endpoint.str());
	return text;
}

/// The lines that are ssh's own. What a peer may put into a disconnect message means nothing
/// (packet.c, ssh_packet_read_poll_seqnr).
std::vector<std::string_view> lines_of(std::string_view err) {
	std::vector<std::string_view> lines;
	while (!err.empty()) {
		const auto end = std::min(err.find('\n'), err.size());
		const auto line = trimmed(err.substr(0, end));
		if (!line.empty() && !line.starts_with("Received disconnect from"))
			lines.push_back(line);
		err.remove_prefix(std::min(end + 1, err.size()));
	}
	return lines;
}

bool any_contains(const std::vector<std::string_view>& lines, std::string_view text) {
	for (const auto line : lines)
		if (line.find(text) != std::string_view::npos)
			return true;
	return false;
}

/// A failure of the proxy: socat's errors, "socat[PID] E …", stand before what ssh makes of them.
std::optional<Failure> find_proxy_failure(
	const SshEnd& end, const std::vector<std::string_view>& lines) {
	if (!end.proxy)
		return std::nullopt;
	for (const auto line : lines) {
		if (!line.starts_with("socat[") && line.find(" socat[") == std::string_view::npos)
			continue;
		const bool asked = line.find("CONNECT") != std::string_view::npos;
		return Failure{Trouble::proxy,
			"proxy " + end.proxy->str() +
				(asked ? " does not connect to relay " + end.endpoint.str() : " does not answer") +
				": " + quoted(line, kShownMax)};
	}
	return std::nullopt;
}

Failure denied_failure(const SshEnd& end) {
	if (end.stage == Stage::enrolment)
		return {Trouble::identity, "relay " + end.endpoint.str() +
									   " does not accept this device's identity key: the device "
									   "was blocked or removed there, or never activated"};
	return {Trouble::grant_gone,
		"relay " + end.endpoint.str() + " no longer accepts this window's tunnel key"};
}

/// A listener for others that the relay did not grant. ssh names the first that failed, by its port
/// (clientloop.c, ssh_confirm_remote_forward).
std::optional<Failure> find_unpublished(
	const SshEnd& end, const std::vector<std::string_view>& lines) {
	for (const PublishedPlace& place : end.published) {
		const std::string text =
			"remote port forwarding failed for listen port " + std::to_string(place.port);
		if (std::find_if(lines.begin(), lines.end(),
				[&](std::string_view line) { return line.ends_with(text); }) == lines.end())
			continue;
		return Failure{Trouble::port_held,
			"relay " + end.endpoint.str() + " did not let " +
				std::string(format_service(place.service)) + " listen on its port " +
				std::to_string(place.port) +
				": another program holds it, or this device is no longer published there",
			place.service};
	}
	return std::nullopt;
}

Failure unknown_failure(const SshEnd& end, const std::vector<std::string_view>& lines) {
	const std::string said = lines.empty() ? "" : ": " + quoted(lines.back(), kShownMax);
	const std::string relay = "relay " + end.endpoint.str();
	if (end.status > 128 && end.status < kSshFailed)
		return {Trouble::lost,
			"the ssh to " + relay + " was ended by signal " + std::to_string(end.status - 128)};
	if (end.status == kSshFailed)
		return {Trouble::unreachable, "no connection to " + relay + said};
	return {Trouble::relay_failed,
		relay + " ended the connection's command with status " + std::to_string(end.status) + said};
}

Trouble trouble_of(const EnrollAnswer& answer) {
	switch (answer.retry) {
	case Retry::later:
		return Trouble::relay_failed;
	case Retry::elsewhere:
		return Trouble::elsewhere;
	case Retry::never:
		break;
	}
	if (answer.refused == Refusal::serial_unknown)
		return Trouble::serial_unknown;
	if (answer.refused == Refusal::superseded)
		return Trouble::twin;
	return answer.refused == Refusal::blocked ? Trouble::blocked : Trouble::refused;
}

}    // namespace

Failure classify_ssh_end(const SshEnd& end) {
	const auto lines = lines_of(end.err);
	if (end.stage == Stage::established) {
		const std::string said = lines.empty() ? "" : ": " + quoted(lines.back(), kShownMax);
		return {Trouble::lost, "the connection to relay " + end.endpoint.str() + " ended" + said};
	}
	if (end.status != kSshFailed)
		return unknown_failure(end, lines);
	if (auto failure = find_proxy_failure(end, lines))
		return *failure;
	if (any_contains(lines, ": Permission denied ("))
		return denied_failure(end);
	if (auto failure = find_unpublished(end, lines))
		return *failure;
	for (const SshMessage& message : kSshMessages)
		if (any_contains(lines, message.text))
			return {message.trouble, with_relay(message.sentence, end.endpoint)};
	return unknown_failure(end, lines);
}

std::variant<GrantedTunnel, Failure> read_enrolment_answer(
	const SshEnd& end, std::string_view out, std::int64_t wall) {
	if (out.empty())
		return classify_ssh_end(end);
	const auto answer = parse_answer(out);
	if (!answer)
		return Failure{
			Trouble::protocol, "relay " + end.endpoint.str() +
								   " answered the enrolment with something else than an answer: " +
								   answer.error().what};
	if (answer->refused) {
		return Failure{trouble_of(*answer), "relay " + end.endpoint.str() +
												" refuses this device (" +
												std::string(format_refusal(*answer->refused)) +
												"): " + quoted(answer->message, kAnswerShownMax)};
	}
	if (answer->address.empty())
		return Failure{
			Trouble::protocol, "relay " + end.endpoint.str() + " gave this device no address"};
	return GrantedTunnel{answer->relay, answer->address, answer->ssh_port, answer->http_port,
		answer->seconds, std::chrono::seconds(answer->time - wall), answer->published};
}

}    // namespace rassist::agent
