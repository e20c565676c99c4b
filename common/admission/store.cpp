#include "common/admission/store.hpp"

#include "common/admission/store_folder.hpp"
#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"

namespace rassist {
namespace {

constexpr std::size_t kPointerMax = 128;

}    // namespace

std::string folder_above(const std::string& path) {
	const auto slash = path.find_last_of('/');
	return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

Lookup<StoreFolder> open_store_folder(const GrantFolder& place, uid_t root) {
	auto folder = Folder::open(place.path);
	if (!folder) {
		if (folder.error().code == Fault::not_found)
			return std::nullopt;
		return folder.error();
	}
	// who may write the folder above could put another folder, made by whomever, in this one's
	// place
	const auto above = Folder::trusted(folder_above(place.path), root);
	if (!above)
		return above.error();
	const uid_t owner = place.issuer == Issuer::root ? root : folder->owner();
	// activations/: the relay's enroll may take a record away; what it adds is its own and not
	// believed
	if (const auto trusted = folder->require(owner, place.role == Role::activation); !trusted)
		return trusted.error();
	return StoreFolder{std::move(*folder), owner};
}

Lookup<Grant> read_grant(const StoreFolder& store, Role role, const std::string& name) {
	const auto text = store.folder.read(name, Trust{.owner = store.owner});
	if (!text) {
		if (text.error().code == Fault::not_found)
			return std::nullopt;
		return text.error();
	}
	auto grant = parse_grant(*text, store.folder.path() + "/" + name);
	if (!grant)
		return grant.error();
	if (grant->role != role)
		return Error{Fault::untrusted, store.folder.path() + "/" + name + ": a grant of role " +
										   std::string(role_name(grant->role)) +
										   " where only role " + std::string(role_name(role)) +
										   " counts"};
	return std::move(*grant);
}

Result<std::string> subject_file_name(std::string_view subject) {
	const auto serial = Serial::parse(subject);
	if (!serial)
		return serial.error();
	return serial->str();
}

Lookup<Fingerprint> read_pointer(const StoreFolder& store, const std::string& subject) {
	const auto pointers = Folder::trusted(store.folder.path() + "/" + kPointers, store.owner);
	if (!pointers) {
		if (pointers.error().code == Fault::not_found)
			return std::nullopt;
		return pointers.error();
	}
	const auto text = pointers->read(subject, Trust{.owner = store.owner, .max_size = kPointerMax});
	if (!text) {
		if (text.error().code == Fault::not_found)
			return std::nullopt;
		return text.error();
	}
	auto fingerprint = Fingerprint::parse_file_name(trimmed(*text));
	if (!fingerprint)
		return fingerprint.error().within(pointers->path() + "/" + subject);
	return std::move(*fingerprint);
}

GrantFolder grant_folder_of(Role role, const Paths& paths) {
	switch (role) {
	case Role::assist:
		return {role, paths.grants(), Issuer::root};
	case Role::tunnel:
		return {role, paths.windows(), Issuer::folder_owner};
	case Role::identity:
		return {role, paths.identities(), Issuer::folder_owner};
	case Role::activation:
		return {role, paths.activations(), Issuer::root};
	case Role::staff:
		return {role, paths.staff(), Issuer::root};
	case Role::none:
		break;
	}
	return {};
}

std::vector<GrantFolder> grant_folders_of(std::string_view account, const Paths& paths) {
	if (account == kAssistAccount)
		return {grant_folder_of(Role::assist, paths)};
	if (account == kDeviceAccount)
		return {grant_folder_of(Role::identity, paths), grant_folder_of(Role::activation, paths)};
	if (account == kTunnelAccount)
		return {grant_folder_of(Role::tunnel, paths)};
	if (account == kSupportAccount)
		return {grant_folder_of(Role::staff, paths)};
	return {};
}

Lookup<Grant> find_grant(const GrantFolder& place, const Fingerprint& fingerprint, uid_t root) {
	const auto store = open_store_folder(place, root);
	if (store.failed())
		return store.error();
	if (store.absent())
		return std::nullopt;
	return read_grant(*store, place.role, fingerprint.file_name());
}

Lookup<Grant> find_grant_of(const GrantFolder& place, std::string_view subject, uid_t root) {
	const auto name = subject_file_name(subject);
	if (!name)
		return name.error();
	const auto store = open_store_folder(place, root);
	if (store.failed())
		return store.error();
	if (store.absent())
		return std::nullopt;
	const auto pointer = read_pointer(*store, *name);
	if (pointer.failed())
		return pointer.error();
	if (pointer.absent())
		return std::nullopt;
	auto grant = read_grant(*store, place.role, pointer->file_name());
	if (grant.found() && grant->subject != *name)
		return Error{Fault::untrusted,
			place.path + "/" + kPointers + "/" + *name + ": names the grant of another subject"};
	return grant;
}

Result<GrantList> list_grants(const GrantFolder& place, uid_t root) {
	const auto store = open_store_folder(place, root);
	if (store.failed())
		return store.error();
	GrantList list;
	if (store.absent())
		return list;
	const auto names = store->folder.names();
	if (!names)
		return names.error();
	for (const std::string& name : *names) {
		if (const auto fingerprint = Fingerprint::parse_file_name(name); !fingerprint) {
			list.refused.push_back(fingerprint.error().within(place.path));
			continue;
		}
		auto grant = read_grant(*store, place.role, name);
		if (grant.failed())
			list.refused.push_back(std::move(grant).error());
		else if (grant.found())    // else it went away since it was listed
			list.grants.push_back(std::move(*grant));
	}
	return list;
}

}    // namespace rassist
