#include "pam_rassist/request.hpp"

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"

#include <algorithm>

namespace rassist::pam {
namespace {

constexpr std::size_t kFromMost = 80;

bool is_shown_as_is(std::string_view text) {
	return !text.empty() && text.size() <= kFromMost &&
		   std::all_of(
			   text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

/// sshd behind a unix socket says "UNKNOWN 65535 /path 65535".
std::string client_of(std::string_view connection) {
	const auto words = split_words(connection);
	if (words.size() < 2 || words[0] == "UNKNOWN")
		return "tunnel";
	std::string client = words[0] + " " + words[1];
	return is_shown_as_is(client) ? client : "unknown";
}

}    // namespace

std::string_view name_of(Account account) noexcept {
	switch (account) {
	case Account::assist:
		return kAssistAccount;
	case Account::device:
		return kDeviceAccount;
	case Account::tunnel:
		return kTunnelAccount;
	case Account::support:
		return kSupportAccount;
	case Account::foreign:
		break;
	}
	return {};
}

Account account_of(std::string_view user) noexcept {
	for (const Account account :
		{Account::assist, Account::device, Account::tunnel, Account::support})
		if (user == name_of(account))
			return account;
	return Account::foreign;
}

Request read_request(Account account, std::string_view auth_info, std::string_view connection) {
	Request request;
	request.account = account;
	request.from = client_of(connection);
	while (!auth_info.empty()) {
		const auto end = std::min(auth_info.find('\n'), auth_info.size());
		const auto line = auth_info.substr(0, end);
		auth_info.remove_prefix(std::min(end + 1, auth_info.size()));
		constexpr std::string_view kKey = "publickey ";
		constexpr std::string_view kTyped = "keyboard-interactive";
		if (line.starts_with(kKey)) {
			if (auto key = PublicKey::parse(line.substr(kKey.size())); key)
				request.key = std::move(*key);
		} else if (line.starts_with(kTyped)) {
			request.typed = true;
		}
	}
	return request;
}

}    // namespace rassist::pam
