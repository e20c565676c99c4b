#include "common/admission/store.hpp"

#include "common/admission/store_folder.hpp"
#include "common/base/lookup.hpp"
#include "common/base/path_parts.hpp"

namespace rassist {

Lookup<StoreFolder> open_store_folder(const GrantFolder& place, uid_t root) {
	auto folder = Folder::open(place.path);
	if (!folder) {
		if (folder.error().code == Fault::not_found)
			return std::nullopt;
		return folder.error();
	}
	// who may write the folder above could put another folder in this one's place
	const auto parts = split_path(place.path);
	if (!parts)
		return parts.error();
	const auto above = Folder::trusted(parts->folder, root);
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
										   std::string(format_role(grant->role)) +
										   " where only role " + std::string(format_role(role)) +
										   " counts"};
	return std::move(*grant);
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

}    // namespace rassist
