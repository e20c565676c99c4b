#include "common/system/secret_file.hpp"

namespace rassist {

Result<Secret> read_secret(const Folder& folder, const std::string& name, const Trust& trust) {
	const Result<UniqueFd> fd = folder.open_file(name, trust);
	if (!fd)
		return fd.error();
	Secret secret;
	if (Status read = read_parts(
			fd->get(), trust.max_size, [&](std::string_view part) { secret.append(part); });
		!read)
		return read.error().within(folder.path() + "/" + name);
	return secret;
}

}    // namespace rassist
