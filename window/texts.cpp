#include "window/texts.hpp"

#include "common/base/parse_network.hpp"
#include "common/base/paths.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace rassist::window_unit {
namespace {

// the port of the system's own sshd: support may go on to another account by its own means
constexpr int kDoorPort = 22;
constexpr std::array<const char*, 3> kLoopback{"127.0.0.1", "localhost", "::1"};

std::string to_lower(std::string text) {
	std::transform(text.begin(), text.end(), text.begin(),
		[](unsigned char c) { return static_cast<char>(std::tolower(c)); });
	return text;
}

void add(std::vector<HostPort>& reach, const std::string& host, int port) {
	const HostPort place{host, port};
	if (std::find(reach.begin(), reach.end(), place) == reach.end())
		reach.push_back(place);
}

void add_service(std::vector<HostPort>& reach, const std::string& host, int port) {
	if (std::find(kLoopback.begin(), kLoopback.end(), host) == kLoopback.end()) {
		add(reach, host, port);
		return;
	}
	for (const char* name : kLoopback)
		add(reach, name, port);
}

/// "YYYY-MM-DDTHH:MM:SSZ" without its punctuation marks.
std::string digits_of(std::int64_t at) {
	std::string text = format_utc(at);
	std::erase_if(text, [](unsigned char c) { return std::isdigit(c) == 0; });
	return text;
}

}    // namespace

std::vector<HostPort> reach_of(const Config& config) {
	std::vector<HostPort> reach;
	switch (config.reach) {
	case Reach::services:
		if (config.http)
			add_service(reach, to_lower(config.http->host), config.http->port);
		add_service(reach, kLoopback[0], kDoorPort);
		break;
	case Reach::device:
		add_service(reach, kLoopback[0], 0);
		break;
	case Reach::any:
		add(reach, "*", 0);
		break;
	}
	return reach;
}

std::string format_door_config(const std::vector<HostPort>& reach) {
	std::string places;
	for (const HostPort& place : reach) {
		if (place.host == "*" && place.port == 0)
			return "PermitOpen any\n";
		const std::string host =
			place.host.find(':') == std::string::npos ? place.host : "[" + place.host + "]";
		places += " " + host + ":" + (place.port == 0 ? "*" : std::to_string(place.port));
	}
	return "PermitOpen" + (places.empty() ? " none" : places) + "\n";
}

std::string format_sudo_rule(std::int64_t until) {
	return std::string(kAssistAccount) + " ALL=(ALL:ALL) NOTAFTER=" + digits_of(until) +
		   "Z NOPASSWD: ALL\n";
}

std::string format_calendar_time(std::int64_t until) {
	const std::string text = format_utc(until);
	return text.substr(0, 10) + " " + text.substr(11, 8) + " UTC";
}

std::string timer_name_of(const Window& window) {
	return "rassist-deadline@" + window.id.str() + "-" + std::to_string(window.revision) + ".timer";
}

std::string format_clock_time(std::int64_t at, const Now& now) {
	const std::string text = format_utc(at);
	const std::string time = text.substr(11, 5) + " UTC";
	return text.compare(0, 10, format_utc(now.wall), 0, 10) == 0 ? time
																 : text.substr(0, 10) + " " + time;
}

std::string format_open_status(const Window& window, const Now& now) {
	return "open until " + format_clock_time(window.deadline.wall, now) + " (" +
		   format_duration(window.deadline.remaining(now)) + "), serial " + window.serial.str() +
		   "; `rassist show` tells the code";
}

}    // namespace rassist::window_unit
