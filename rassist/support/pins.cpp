#include "rassist/support/pins.hpp"

#include "common/base/lookup.hpp"
#include "common/keys/derive.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <sys/stat.h>

namespace rassist::cli {

namespace {

constexpr std::string_view kDomain = ".rassist";

/// The first key in a line of the file: "[HOST] TYPE BASE64 [COMMENT]".
Lookup<PublicKey> read_key_file(const Context& context, const std::string& path, bool after_host) {
	const auto text = read_trusted(path, Trust{.owner = context.user});
	if (!text && text.error().code == Fault::not_found)
		return std::nullopt;
	if (!text)
		return text.error();
	const auto words = split_words(trimmed(*text));
	const std::size_t first = after_host ? 1 : 0;
	if (words.size() < first + 2)
		return Error{Fault::invalid, path + ": not a line that `rassist key` writes"};
	auto key = PublicKey::parse(words[first], words[first + 1]);
	if (!key)
		return std::move(key).error().within(path);
	return *std::move(key);
}

Status make_person_folder(const Context& context, const std::string& path) {
	struct stat there {};
	if (stat(path.c_str(), &there) == 0)
		return Done{};
	return make_folder(path, 0700, context.user);
}

}    // namespace

PinFiles locate_pin_files(const Context& context, const Serial& serial) {
	const std::string folder = context.home + "/.ssh/rassist";
	const std::string base = folder + "/" + serial.str() + std::string(kDomain);
	return {folder, base + ".host", base + ".pub", base};
}

Status write_pins(const Context& context, const Serial& serial, const WindowKeys& keys) {
	const PinFiles files = locate_pin_files(context, serial);
	for (const std::string& folder : {context.home + "/.ssh", files.folder})
		if (auto made = make_person_folder(context, folder); !made)
			return made;
	const std::string host =
		"[" + serial.str() + std::string(kDomain) + "]:" + std::to_string(kSshPort);
	const Attributes attributes{.mode = 0644, .owner = {}, .group = {}};
	if (auto written =
			write_file(files.host, host + " " + keys.host.public_key().str() + "\n", attributes);
		!written)
		return written;
	return write_file(files.login,
		keys.login.public_key().str() + " " + serial.str() + std::string(kDomain) + "\n",
		attributes);
}

Lookup<PublicKey> read_pinned_host_key(const Context& context, const Serial& serial) {
	return read_key_file(context, locate_pin_files(context, serial).host, true);
}

Lookup<PublicKey> read_pinned_login_key(const Context& context, const Serial& serial) {
	return read_key_file(context, locate_pin_files(context, serial).login, false);
}

Result<bool> remove_pins(const Context& context, const Serial& serial) {
	const PinFiles files = locate_pin_files(context, serial);
	bool any = false;
	for (const std::string& path : {files.secret, files.host, files.login}) {
		struct stat there {};
		if (lstat(path.c_str(), &there) != 0)
			continue;
		any = true;
		if (auto removed = remove_file(path); !removed)
			return std::move(removed).error();
	}
	return any;
}

Result<Serial> serial_of_host(std::string_view host) {
	if (const auto end = host.find("]:"); host.starts_with('[') && end != std::string_view::npos &&
										  parse_integer(host.substr(end + 2), 1, 65535))
		host = host.substr(1, end - 1);
	if (!host.ends_with(kDomain))
		return Error{Fault::invalid, quoted(host) + " is not SERIAL.rassist"};
	return Serial::parse(host.substr(0, host.size() - kDomain.size()));
}

}    // namespace rassist::cli
