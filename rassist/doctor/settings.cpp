#include "rassist/doctor/settings.hpp"

#include "common/base/parse_network.hpp"
#include "common/base/paths.hpp"
#include "rassist/frame/join.hpp"

#include <algorithm>
#include <sstream>

namespace rassist::cli::doctor {

namespace {

std::string join_sorted(std::vector<std::string> values) {
	std::ranges::sort(values);
	return join_texts(values, ", ");
}

}    // namespace

Settings parse_settings(std::string_view text) {
	Settings settings;
	std::istringstream lines{std::string(text)};
	for (std::string line; std::getline(lines, line);) {
		const auto blank = line.find(' ');
		if (blank != std::string::npos)
			settings.emplace(line.substr(0, blank), line.substr(blank + 1));
	}
	return settings;
}

std::vector<HostPort> list_listen_addresses(const Settings& settings) {
	std::vector<HostPort> places;
	const auto [first, last] = settings.equal_range("listenaddress");
	for (auto entry = first; entry != last; ++entry)
		if (const auto place = parse_host_port(entry->second))
			places.push_back(*place);
	return places;
}

std::vector<WantedSetting> list_wanted_settings(
	std::string_view account, const std::string& helper) {
	// These say who gets in: by keys that the helper alone names, and by PAM's word beside it.
	std::vector<WantedSetting> wanted{{"usepam", {"yes"}}, {"pubkeyauthentication", {"yes"}},
		{"authorizedkeyscommand", {helper + " %u %t %k %f"}},
		{"authorizedkeyscommanduser", {kKeysAccount}}, {"authorizedkeysfile", {"none"}},
		{"authorizedprincipalsfile", {"none"}}, {"trustedusercakeys", {"none"}},
		{"passwordauthentication", {"no"}}, {"hostbasedauthentication", {"no"}},
		{"permitrootlogin", {"no"}},
		// These say what may be done there: nothing that leads elsewhere.
		{"x11forwarding", {"no"}}, {"allowagentforwarding", {"no"}},
		{"allowstreamlocalforwarding", {"no"}}, {"permittunnel", {"no"}}, {"permituserrc", {"no"}},
		{"permituserenvironment", {"no"}}};
	if (account == kAssistAccount) {
		wanted.insert(wanted.end(),
			{{"allowusers", {kAssistAccount}},
				{"authenticationmethods", {"publickey keyboard-interactive"}},
				{"kbdinteractiveauthentication", {"yes"}}, {"allowtcpforwarding", {"local"}},
				{"permitlisten", {"none"}}, {"gatewayports", {"no"}}});
		return wanted;
	}
	wanted.insert(
		wanted.end(), {{"allowusers", {kDeviceAccount, kTunnelAccount, kSupportAccount}},
						  {"authenticationmethods", {"publickey"}},
						  {"kbdinteractiveauthentication", {"no"}}, {"permittty", {"no"}}});
	if (account == kTunnelAccount) {
		wanted.insert(
			wanted.end(), {{"allowtcpforwarding", {"remote"}},
							  {"gatewayports", {"clientspecified"}}, {"permitopen", {"none"}}});
	} else if (account == kSupportAccount) {
		wanted.insert(wanted.end(), {{"allowtcpforwarding", {"local"}}, {"gatewayports", {"no"}},
										{"permitlisten", {"none"}}});
	} else {
		wanted.insert(wanted.end(), {{"allowtcpforwarding", {"no"}}, {"gatewayports", {"no"}}});
	}
	return wanted;
}

std::vector<SettingDifference> find_differences(
	const Settings& settings, const std::vector<WantedSetting>& wanted) {
	std::vector<SettingDifference> found;
	for (const WantedSetting& one : wanted) {
		std::vector<std::string> values;
		for (auto [at, end] = settings.equal_range(one.keyword); at != end; ++at)
			values.push_back(at->second);
		const std::string is = join_sorted(std::move(values));
		const std::string must_be = join_sorted(one.values);
		if (is != must_be)
			found.push_back({one.keyword, is, must_be});
	}
	return found;
}

std::vector<std::string> find_lists_without_our_keys(const Settings& settings) {
	std::vector<std::string> without;
	for (const std::string_view keyword : {"hostkeyalgorithms", "pubkeyacceptedalgorithms"}) {
		const auto found = settings.find(keyword);
		// An sshd that prints no such list knows it by another name.
		if (found != settings.end() &&
			("," + found->second + ",").find(",ssh-ed25519,") == std::string::npos)
			without.emplace_back(keyword);
	}
	return without;
}

}    // namespace rassist::cli::doctor
