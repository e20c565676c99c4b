#include "common/issuing/store_write.hpp"

#include "common/admission/store_folder.hpp"
#include "common/base/lookup.hpp"
#include "common/keys/digest.hpp"
#include "common/records/record.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace rassist {
namespace {

constexpr const char* kLock = ".lock";    ///< of a folder with several grants per subject: staff
/// before the name of an activation that somebody is using up: no reader looks at it
constexpr const char* kUsed = ".used.";

/// The judged folder, which must be there.
Result<StoreFolder> open_to_write(const GrantFolder& place, uid_t root) {
	auto store = open_store_folder(place, root);
	if (store.failed())
		return store.error();
	if (store.absent())
		return Error{Fault::not_found, place.path + ": no such folder"};
	return std::move(*store);
}

/// Records belong to who issues the role, also where root writes for another account.
Attributes record_attributes(const StoreFolder& store, bool durable) {
	return {.mode = 0644, .owner = store.owner, .group = {}, .replace = true, .durable = durable};
}

/// A subject's pointer, held under the subject's lock.
class Pointer {
public:
	static Result<Pointer> lock(const StoreFolder& store, const std::string& subject) {
		const std::string path = store.folder.path() + "/" + kPointers;
		auto folder = Folder::trusted(path, store.owner);
		if (!folder && folder.error().code == Fault::not_found) {
			if (const auto made = make_folder(path, 0755, store.owner); !made)
				return made.error();
			folder = Folder::trusted(path, store.owner);
		}
		if (!folder)
			return folder.error();
		auto lock = FileLock::take(*folder, ".lock." + subject);
		if (!lock)
			return lock.error();
		return Pointer(std::move(*folder), subject, std::move(*lock));
	}

	[[nodiscard]] Status set(const Fingerprint& fingerprint, const Attributes& attributes) const {
		return write_file(folder_, subject_, fingerprint.file_name() + "\n", attributes);
	}
	[[nodiscard]] Status remove() const { return remove_file(folder_, subject_); }
	/// Nothing of the subject is left: its lock, which we hold, goes too.
	[[nodiscard]] Status remove_lock() const { return remove_file(folder_, ".lock." + subject_); }

private:
	Pointer(Folder folder, std::string subject, FileLock lock)
		: folder_(std::move(folder)), subject_(std::move(subject)), lock_(std::move(lock)) {}
	Folder folder_;
	std::string subject_;
	FileLock lock_;
};

/// Locks the keys, for a caller that takes one away: nobody who has read it may write it again.
/// Where a subject has one grant, that one's lock is for this.
Lookup<FileLock> lock_keys(const GrantFolder& place, const StoreFolder& store) {
	if (place.role != Role::staff)
		return std::nullopt;
	auto lock = FileLock::take(store.folder, kLock);
	return lock ? Lookup<FileLock>(std::move(*lock)) : lock.error();
}

/// Writes the record of a key: new, or over the one of the same subject.
Status write_record(
	const StoreFolder& store, const Grant& grant, const std::string& name, Attributes attributes) {
	const auto there = read_grant(store, grant.role, name);
	if (there.failed())
		return there.error();
	if (there.found() && there->subject != grant.subject)
		return Error{Fault::exists, "this public key belongs to another, " + there->subject};
	attributes.replace = there.found();
	return write_file(store.folder, name, format_grant(grant), attributes);
}

/// The record that the subject had before, gone; unless it has become another's, or is not to be
/// believed, which is somebody else's to mend.
Status remove_former(const StoreFolder& store, const Grant& grant, const Fingerprint& former) {
	const auto there = read_grant(store, grant.role, former.file_name());
	if (there.failed() || there.absent() || there->subject != grant.subject)
		return Done{};
	return remove_file(store.folder, former.file_name());
}

/// What no reader would take is not written.
Status check_writable(const GrantFolder& place, const Grant& grant) {
	if (grant.role != place.role)
		return Error{Fault::internal, place.path + ": a grant of role " +
										  std::string(format_role(grant.role)) +
										  " does not belong here"};
	if (const auto note = check_note(grant.note); !note)
		return note.error();
	if (const auto readable = parse_grant(format_grant(grant), "grant"); !readable)
		return readable.error();
	return Done{};
}

/// The grant that the pointer names, if it is one to be believed.
std::optional<Grant> grant_at(const StoreFolder& store, Role role, const std::string& subject,
	const std::optional<Fingerprint>& at) {
	if (!at)
		return std::nullopt;
	auto grant = read_grant(store, role, at->file_name());
	return grant.found() && grant->subject == subject ? std::move(grant).optional() : std::nullopt;
}

}    // namespace

Status put_grant(const GrantFolder& place, const Grant& grant, bool durable, uid_t root) {
	if (const auto writable = check_writable(place, grant); !writable)
		return writable.error();
	const auto given = [&](const std::optional<Grant>&) { return grant; };
	return place.role == Role::staff
			   ? replace_key(place, fingerprint_of(grant.key), given, durable, root)
			   : replace_grant(place, grant.subject, given, durable, root);
}

Status replace_key(const GrantFolder& place, const Fingerprint& key, const NextGrant& next,
	bool durable, uid_t root) {
	const auto store = open_to_write(place, root);
	if (!store)
		return store.error();
	const auto lock = FileLock::take(store->folder, kLock);
	if (!lock)
		return lock.error();
	const auto former = read_grant(*store, place.role, key.file_name());
	if (former.failed())
		return former.error();
	const std::optional<Grant> made = next(former.optional());
	if (!made)
		return Done{};
	if (const auto writable = check_writable(place, *made); !writable)
		return writable.error();
	if (fingerprint_of(made->key) != key)
		return Error{Fault::internal,
			place.path + ": the grant of another key than the one that was asked for"};
	return write_record(*store, *made, key.file_name(), record_attributes(*store, durable));
}

Status replace_grant(const GrantFolder& place, const std::string& subject, const NextGrant& next,
	bool durable, uid_t root) {
	const auto name = parse_subject(subject, place.role);
	if (!name)
		return name.error();
	const auto store = open_to_write(place, root);
	if (!store)
		return store.error();
	const auto pointer = Pointer::lock(*store, *name);
	if (!pointer)
		return pointer.error();
	const auto former = read_pointer(*store, *name);
	if (former.failed())
		return former.error();
	const std::optional<Grant> made = next(grant_at(*store, place.role, *name, former.optional()));
	if (!made)
		return Done{};
	const Grant& grant = *made;
	if (const auto writable = check_writable(place, grant); !writable)
		return writable.error();
	if (grant.subject != *name)
		return Error{Fault::internal,
			place.path + ": the grant of another subject than the one that was locked"};
	const auto fingerprint = fingerprint_of(grant.key);
	const auto attributes = record_attributes(*store, durable);
	// New record, then pointer, then the old one's removal: cut anywhere, what is left is at worst
	// one record more of the same subject.
	if (auto written = write_record(*store, grant, fingerprint.file_name(), attributes); !written)
		return written;
	if (auto set = pointer->set(fingerprint, attributes); !set)
		return set;
	if (former.found() && *former != fingerprint)
		return remove_former(*store, grant, *former);
	return Done{};
}

Status remove_grant(const GrantFolder& place, const Fingerprint& fingerprint, uid_t root) {
	const auto store = open_store_folder(place, root);
	if (!store.found())
		return store.absent() ? Status(Done{}) : store.error();
	const auto lock = lock_keys(place, *store);
	return !lock.failed() ? remove_file(store->folder, fingerprint.file_name()) : lock.error();
}

Result<int> remove_grants_of(const GrantFolder& place, std::string_view subject, uid_t root) {
	auto store = open_store_folder(place, root);
	if (store.failed())
		return store.error();
	if (store.absent())
		return 0;
	const auto lock = lock_keys(place, *store);
	if (lock.failed())
		return lock.error();
	std::optional<Pointer> pointer;
	if (place.role != Role::staff) {
		const auto name = parse_subject(subject, place.role);
		if (!name)
			return name.error();
		auto locked = Pointer::lock(*store, *name);
		if (!locked)
			return locked.error();
		pointer = std::move(*locked);
	}
	const auto list = list_grants(place, root);
	if (!list)
		return list.error();
	int removed = 0;
	for (const Grant& grant : list->grants) {
		if (grant.subject != subject)
			continue;
		if (const auto gone = remove_file(store->folder, fingerprint_of(grant.key).file_name());
			!gone)
			return gone.error();
		++removed;
	}
	if (pointer)
		if (const auto gone = pointer->remove(); !gone)
			return gone.error();
	return removed;
}

Result<bool> remove_expired(const GrantFolder& place, const Fingerprint& fingerprint,
	std::int64_t ended_before, uid_t root) {
	const auto store = open_to_write(place, root);
	if (!store)
		return store.error();
	const auto expired = [&](const Lookup<Grant>& grant) {
		return grant.found() && grant->expires && grant->expires->wall < ended_before;
	};
	const auto seen = read_grant(*store, place.role, fingerprint.file_name());
	if (seen.failed())
		return seen.error();
	if (!expired(seen))
		return false;
	const auto pointer = Pointer::lock(*store, seen->subject);
	if (!pointer)
		return pointer.error();
	// made longer meanwhile
	if (!expired(read_grant(*store, place.role, fingerprint.file_name())))
		return false;
	const auto current = read_pointer(*store, seen->subject);
	if (current.failed())
		return current.error();
	const bool others = current.found() && *current != fingerprint;
	if (!others)
		if (const auto gone = pointer->remove(); !gone)
			return gone.error();
	if (const auto gone = remove_file(store->folder, fingerprint.file_name()); !gone)
		return gone.error();
	if (!others)
		if (const auto gone = pointer->remove_lock(); !gone)
			return gone.error();
	return true;
}

Result<bool> remove_empty_subject(
	const GrantFolder& place, const std::string& subject, uid_t root) {
	const auto name = parse_subject(subject, place.role);
	if (!name)
		return name.error();
	const auto store = open_to_write(place, root);
	if (!store)
		return store.error();
	const auto names_nothing = [&]() -> Result<bool> {
		const auto at = read_pointer(*store, *name);
		if (at.failed())
			return at.error();
		if (at.absent())
			return true;
		const auto there = read_grant(*store, place.role, at->file_name());
		if (there.failed())
			return there.error();
		return there.absent();
	};
	if (auto seen = names_nothing(); !seen || !*seen)
		return seen;
	const auto pointer = Pointer::lock(*store, *name);
	if (!pointer)
		return pointer.error();
	if (auto still = names_nothing(); !still || !*still)
		return still;
	if (const auto gone = pointer->remove(); !gone)
		return gone.error();
	if (const auto gone = pointer->remove_lock(); !gone)
		return gone.error();
	return true;
}

Result<Grant> use_activation(const GrantFolder& place, const Fingerprint& fingerprint, uid_t root) {
	const auto gone = [&] {
		return Error{Fault::not_found, "no activation for this key: used already, or never made"};
	};
	const auto store = open_to_write(place, root);
	if (!store)
		return store.error();
	// one that is not believed stays where it is, for its owner to look at
	const auto there = read_grant(*store, place.role, fingerprint.file_name());
	if (there.failed())
		return there.error();
	if (there.absent())
		return gone();
	const std::string used = kUsed + fingerprint.file_name();
	const int folder = store->folder.fd();
	if (renameat(folder, fingerprint.file_name().c_str(), folder, used.c_str()) != 0)
		return errno == ENOENT ? gone()
							   : os_error(errno, place.path + "/" + fingerprint.file_name());
	if (fsync(folder) != 0)    // a power cut must not bring it back
		return os_error(errno, place.path);
	// what we took, which is not for certain what was there before
	auto grant = read_grant(*store, place.role, used);
	if (const auto removed = remove_file(store->folder, used); !removed)
		return removed.error();
	if (grant.failed())
		return grant.error();
	if (grant.absent())
		return gone();
	return std::move(*grant);
}

}    // namespace rassist
