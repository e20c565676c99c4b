// revoke key|window: by these, what was let in is let in no more.
#include "rassist/enforce/cut.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/device_connections.hpp"

#include "common/issuing/store_write.hpp"
#include "common/records/revoked_window.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <sysexits.h>

#include <ctime>
#include <ostream>

namespace rassist::cli {

namespace {

constexpr std::chrono::hours kKept{365 * 24};    ///< nobody extends one window for a year

std::string format_connections_cut(int ended) {
	return format_count(static_cast<std::size_t>(ended), "connection") + " cut";
}

Result<int> revoke_staff_key(Context& context, const Grant& grant, const Fingerprint& key) {
	if (auto removed = remove_grant(grant_folder_of(Role::staff, context.paths), key, context.root);
		!removed)
		return std::move(removed).error();
	const auto sessions = select_sessions(context, Role::staff, grant.subject,
		[&](const Session& session) { return session.key == key.str(); });
	if (!sessions)
		return sessions.error();
	const auto ended = judge_and_wait(context, *sessions);
	if (!ended)
		return ended.error().within("the key of " + grant.subject + " is revoked");
	context.out << "Revoked a key of " << grant.subject << "; " << format_connections_cut(*ended)
				<< ".\n";
	return EX_OK;
}

/// Revokes the key with all that came of it, for the device's tunnel was let in on the identity's
/// word.
Result<int> revoke_identity_key(Context& context, const Grant& grant, const Fingerprint& key) {
	if (auto removed =
			remove_grant(grant_folder_of(Role::identity, context.paths), key, context.root);
		!removed)
		return std::move(removed).error();
	const auto serial = Serial::parse(grant.subject);
	if (!serial)
		return serial.error();
	// An enrolment that is under way could store a tunnel grant after we removed it.
	const auto questions = end_enrolment_logins(context, *serial);
	if (!questions)
		return questions.error();
	if (const auto removed = remove_grants_of(
			grant_folder_of(Role::tunnel, context.paths), grant.subject, context.root);
		!removed)
		return removed.error();
	const auto ended = judge_tunnels_of(context, grant.subject);
	if (!ended)
		return ended.error().within("the identity key of " + grant.subject + " is revoked");
	context.out << "Revoked the identity key of " << grant.subject << "; "
				<< format_connections_cut(*questions + *ended)
				<< ". To let it in again: rassist device token " << grant.subject << "\n";
	return EX_OK;
}

Status write_revocation(const Context& context, const RevokedWindow& revoked) {
	return write_file(context.paths.revoked() + "/" + revoked.window.str(),
		format_revoked_window(revoked), Attributes{.owner = {}, .group = {}});
}

}    // namespace

Result<int> revoke_key_verb(Context& context, const Arguments& arguments) {
	const auto key = Fingerprint::parse(arguments.operands()[0]);
	if (!key)
		return context.usage(key.error().what);
	for (const Role role : {Role::staff, Role::identity}) {
		const auto grant = find_grant(grant_folder_of(role, context.paths), *key, context.root);
		if (grant.failed())
			return grant.error();
		if (grant.found()) {
			return role == Role::staff ? revoke_staff_key(context, *grant, *key)
									   : revoke_identity_key(context, *grant, *key);
		}
	}
	return context.fail(EX_NOINPUT, "no person's and no device's key has this fingerprint; "
									"`rassist staff list` and `rassist device show` name them");
}

Result<int> revoke_window_verb(Context& context, const Arguments& arguments) {
	const auto serial = Serial::parse(arguments.operands()[0]);
	if (!serial)
		return context.usage(serial.error().what);
	const GrantFolder place = grant_folder_of(Role::tunnel, context.paths);
	const auto grant = find_grant_of(place, serial->str(), context.root);
	if (grant.failed())
		return grant.error();
	if (grant.absent() || !grant->window) {
		return context.fail(EX_NOINPUT,
			serial->str() + " has no window here; `rassist windows` lists those there are");
	}
	const Id window = *grant->window;
	const std::int64_t now = std::time(nullptr);
	// This comes first: what enrols meanwhile is refused, or its grant counts for nothing.
	if (auto kept = write_revocation(context,
			RevokedWindow{window, *serial, now, now + std::chrono::seconds(kKept).count()});
		!kept)
		return std::move(kept).error();
	if (const auto removed = remove_grants_of(place, serial->str(), context.root); !removed)
		return removed.error();
	const auto ended = judge_tunnels_of(context, serial->str());
	if (!ended) {
		return ended.error().within(
			"window " + window.str() + " of " + serial->str() + " is revoked");
	}
	context.out << "Revoked window " << window.str() << " of " << serial->str() << "; "
				<< format_connections_cut(*ended)
				<< ". The device's next window is let in as ever.\n";
	return EX_OK;
}

}    // namespace rassist::cli
