#include "authkeys_cmd/line.hpp"

#include "common/admission/open_in_scope.hpp"
#include "common/base/parse_network.hpp"

#include <algorithm>
#include <string_view>

namespace rassist::authkeys {
namespace {

/// SSH_AUTHOPT_PERMIT_MAX in OpenSSH's auth-options.h; one more and sshd refuses the key
/// without a word
constexpr std::size_t kPermitsMost = 4096;

/// beside letters and digits: names, serials, fingerprints; nothing a shell would read
constexpr std::string_view kWord = "-._";
constexpr std::string_view kPath = "-._/";
constexpr std::string_view kAddress = "-._:*[]";    ///< host:port
constexpr std::string_view kKey = "-.@+/=";

bool consists_of(std::string_view text, std::string_view also) {
	const auto good = [&](char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			   (c != '\0' && also.find(c) != std::string_view::npos);
	};
	return !text.empty() && std::all_of(text.begin(), text.end(), good);
}

/// An authorized_keys line in the making: always `restrict` first, so that what a later sshd adds
/// is off. What is not on the list makes the whole line an error.
class AuthorizedKeysLine {
public:
	void allow(std::string_view what) { text_ += "," + std::string(what); }

	/// option="address,address"
	void add(std::string_view option, const std::vector<std::string>& addresses) {
		text_ += "," + std::string(option) + "=\"";
		for (const std::string& address : addresses)
			text_ += (&address == &addresses.front() ? "" : ",") + checked(address, kAddress);
		text_ += "\"";
	}

	/// `exec`: without it the account's shell stays between sshd and the program, and would be what
	/// signals meet.
	void command(const std::string& program, const std::vector<std::string>& words) {
		text_ += ",command=\"exec " + checked(program, kPath);
		for (const std::string& word : words)
			text_ += " " + checked(word, kWord);
		text_ += "\"";
	}

	[[nodiscard]] Result<std::string> with(const PublicKey& key) {
		const std::string line =
			text_ + " " + checked(key.type(), kKey) + " " + checked(key.base64(), kKey);
		if (refused_)
			return Error{
				Fault::internal, "a value of the grant must not stand in an authorized_keys line"};
		return line;
	}

private:
	const std::string& checked(const std::string& text, std::string_view also) {
		refused_ = refused_ || !consists_of(text, also);
		return text;
	}

	std::string text_ = "restrict";
	bool refused_ = false;
};

/// As sshd reads it in permitopen. It compares bytes, and ssh lower-cases the host it is asked for.
std::string pattern(const HostPort& place) {
	std::string host =
		place.host.find(':') == std::string::npos ? place.host : "[" + place.host + "]";
	std::transform(host.begin(), host.end(), host.begin(),
		[](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
	return host + ":" + (place.port == 0 ? "*" : std::to_string(place.port));
}

Error wrong_role(const Grant& grant) {
	return Error{Fault::internal,
		"a line of another role was asked for than " + std::string(format_role(grant.role))};
}

}    // namespace

Result<std::string> make_assist_line(const Grant& grant) {
	if (grant.role != Role::assist)
		return wrong_role(grant);
	if (grant.reach.size() > kPermitsMost)
		return Error{Fault::too_large, "the grant reaches " + std::to_string(grant.reach.size()) +
										   " places, sshd takes " + std::to_string(kPermitsMost)};
	AuthorizedKeysLine line;
	line.allow("pty");
	// port-forwarding without a permitopen would open everything
	if (!grant.reach.empty())
		line.allow("port-forwarding");
	for (const HostPort& place : grant.reach)
		line.add("permitopen", {pattern(place)});
	return line.with(grant.key);
}

Result<std::string> make_tunnel_line(const Grant& grant, const Device& device,
	const std::vector<PublishedPlace>& published, const Paths& paths) {
	if (grant.role != Role::tunnel)
		return wrong_role(grant);
	AuthorizedKeysLine line;
	line.allow("port-forwarding");
	for (const int port : {kSshPort, kHttpPort})
		line.add("permitlisten", {pattern({device.address, port})});
	for (const PublishedPlace& place : published)
		line.add("permitlisten", {pattern({place.address, place.port})});
	line.command(paths.libexec + "/hold", {grant.subject});
	return line.with(grant.key);
}

Result<std::string> make_enroll_line(
	const Grant& grant, const Fingerprint& fingerprint, const Paths& paths) {
	// no expiry-time: before OpenSSH 9.2 it is local time, and what has expired is not printed in
	// the first place
	AuthorizedKeysLine line;
	if (grant.role == Role::identity)
		line.command(paths.libexec + "/enroll", {"identity", grant.subject});
	else if (grant.role == Role::activation)
		line.command(
			paths.libexec + "/enroll", {"activation", grant.subject, fingerprint.file_name()});
	else
		return wrong_role(grant);
	return line.with(grant.key);
}

Result<std::string> make_staff_line(const Grant& grant, const Fingerprint& fingerprint,
	const std::vector<Serial>& devices, const Paths& paths) {
	if (grant.role != Role::staff)
		return wrong_role(grant);
	AuthorizedKeysLine line;
	const std::size_t count = std::min(devices.size(), kLineCarries);
	if (count > 0)
		line.allow("port-forwarding");
	for (std::size_t i = 0; i < count; ++i)
		for (const int port : {kSshPort, kHttpPort})
			line.add("permitopen", {pattern({devices[i].str() + ".rassist", port})});
	line.command(paths.libexec + "/desk", {fingerprint.file_name()});
	return line.with(grant.key);
}

}    // namespace rassist::authkeys
