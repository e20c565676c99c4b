#include "common/sessions/session_folder.hpp"

namespace rassist {

std::string sessions_folder_of(const Paths& paths, Role role, const std::string& subject) {
	return paths.sessions() + "/" + std::string(format_role(role)) + "." + subject;
}

Lookup<Folder> open_sessions_folder(const Paths& paths, Role role, const std::string& subject) {
	auto folder = Folder::open(sessions_folder_of(paths, role, subject));
	if (!folder) {
		if (folder.error().code == Fault::not_found)
			return std::nullopt;
		return folder.error();
	}
	if (const auto trusted = folder->require(folder->owner()); !trusted)
		return trusted.error();
	return std::move(*folder);
}

}    // namespace rassist
