#include "common/admission/may_log_in.hpp"

#include "common/admission/store.hpp"
#include "common/base/lookup.hpp"
#include "common/records/revoked_window.hpp"

namespace rassist {
namespace {

std::string named(const Grant& grant) {
	return "the " + std::string(format_role(grant.role)) + " grant of " + grant.subject;
}

/// The device that a relay's grant speaks for: registered and not blocked, by root's word alone.
Result<Device> device_of(const Grant& grant, const Paths& paths, uid_t root) {
	const auto serial = Serial::parse(grant.subject);
	if (!serial)
		return serial.error().within(named(grant));
	auto device = find_device(paths, *serial, root);
	if (device.failed())
		return device.error();
	if (device.absent())
		return Error{Fault::denied, named(grant) + ": the device is not registered"};
	if (device->blocked)
		return Error{Fault::denied, named(grant) + ": the device is blocked"};
	return std::move(*device);
}

Result<AdmittedKey> judge(
	Grant grant, const PublicKey& key, const Paths& paths, const Now& now, uid_t root) {
	if (grant.key != key)
		return Error{
			Fault::untrusted, named(grant) + " holds another key than the one it is named by"};
	if (grant.expires && grant.expires->passed(now))
		return Error{Fault::expired, named(grant) + " ended at " + format_utc(grant.expires->wall)};
	if (grant.window && grant.role == Role::tunnel) {
		const auto revoked = is_window_revoked(paths, *grant.window, now, root);
		if (!revoked)
			return revoked.error().within(named(grant));
		if (*revoked)
			return Error{Fault::denied, named(grant) + ": its window was revoked"};
	}
	switch (grant.role) {
	case Role::tunnel:
	case Role::activation: {
		auto device = device_of(grant, paths, root);
		if (!device)
			return device.error();
		return AdmittedKey{std::move(grant), std::move(*device)};
	}
	// enroll itself tells a device that it is blocked or not registered; a refused login would not
	case Role::identity:
	case Role::assist:
	case Role::staff:
		return AdmittedKey{std::move(grant), std::nullopt};
	case Role::none:
		break;
	}
	return Error{Fault::internal, "a grant without a role"};
}

}    // namespace

Lookup<AdmittedKey> may_log_in(std::string_view account, const PublicKey& key,
	const Fingerprint& fingerprint, const Paths& paths, const Now& now, uid_t root) {
	// a folder that cannot be believed does not take the others with it
	std::optional<Error> damaged;
	for (const GrantFolder& place : grant_folders_of(account, paths)) {
		auto grant = find_grant(place, fingerprint, root);
		if (grant.failed()) {
			if (!damaged)
				damaged = std::move(grant).error();
			continue;
		}
		if (grant.absent())
			continue;
		auto standing = judge(std::move(*grant), key, paths, now, root);
		if (!standing)
			return standing.error();
		return std::move(*standing);
	}
	if (damaged)
		return *damaged;
	return std::nullopt;
}

}    // namespace rassist
