// The parts of store.hpp and store_folder.hpp that ask for a subject's grant, or for all: sshd asks
// by key alone, and what it runs does not link them.
#include "common/admission/store.hpp"
#include "common/admission/store_folder.hpp"
#include "common/base/lookup.hpp"
#include "common/base/parse.hpp"

namespace rassist {
namespace {

constexpr std::size_t kPointerMax = 128;

}    // namespace

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

Lookup<Grant> find_grant_of(const GrantFolder& place, std::string_view subject, uid_t root) {
	const auto name = parse_subject(subject, place.role);
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
