#include "rassist/relay/relay.hpp"
#include "rassist/enforce/enforce.hpp"

#include "common/base/parse.hpp"
#include "common/sessions/session_end.hpp"
#include "common/sessions/session_entry.hpp"
#include "common/system/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace rassist::cli {

namespace {

/// What may be typed as a note. A record takes less (check_note), which is looked at where it is
/// written.
constexpr std::size_t kTypedNoteMax = 200;

}    // namespace

Error unknown_device(const Serial& serial) {
	return Error{Fault::not_found, serial.str() + " is not registered; `rassist device list` says "
												  "what is, `rassist device add` registers"};
}

Error no_registry(const Context& context) {
	return Error{Fault::unavailable,
		"there is no " + context.paths.devices() +
			": this host is no relay, or systemd-tmpfiles --create was not run"};
}

Result<Device> registered_device(const Context& context, const Serial& serial) {
	auto device = find_device(context.paths, serial, context.root);
	if (device.failed())
		return std::move(device).error();
	if (device.absent())
		return unknown_device(serial);
	return *std::move(device);
}

Result<DeviceChange> changed_device(
	const Context& context, const Serial& serial, const DeviceEdit& edit) {
	auto change = change_device(context.paths, serial, edit);
	return !change && change.error().code == Fault::not_found ? unknown_device(serial)
															  : std::move(change);
}

Result<int> end_questions(const Context& context, const Serial& serial) {
	int ended = 0;
	for (const Role role : {Role::identity, Role::activation}) {
		const auto some = displace_sessions(context.paths, role, serial.str(),
			std::numeric_limits<std::int64_t>::max(), kTimeToLeave);
		if (!some)
			return some.error();
		ended += *some;
	}
	return ended;
}

Grant new_grant(Role role, std::string subject, PublicKey key, std::int64_t issued) {
	return Grant{role, std::move(subject), std::move(key), {}, issued, {}, 0, {}, {}, {}, {}, {}};
}

Status parse_note(std::string_view text) {
	const bool printable = std::ranges::all_of(
		text, [](char byte) { return static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7f; });
	if (text.size() > kTypedNoteMax || !printable) {
		return Error{Fault::invalid,
			"not one printable line of at most " + std::to_string(kTypedNoteMax) + " bytes"};
	}
	return Done{};
}

}    // namespace rassist::cli
