#include "rassist/frame/setup_files.hpp"

#include "common/system/files_write.hpp"

#include <sys/stat.h>
#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

Result<int> write_setup_files(const Context& context, const std::vector<SetupFile>& files) {
	for (const SetupFile& file : files) {
		if (auto done = write_file(
				file.path, file.text, Attributes{.mode = 0644, .owner = {}, .group = {}});
			!done)
			return std::move(done).error();
		context.out << "Wrote " << file.path << "\n";
	}
	return EX_OK;
}

Result<int> remove_setup_files(const Context& context, const std::vector<std::string>& paths) {
	for (const std::string& path : paths) {
		struct stat there {};
		if (lstat(path.c_str(), &there) != 0) {
			context.out << path << " is not there; nothing to undo\n";
			continue;
		}
		if (auto removed = remove_file(path); !removed)
			return std::move(removed).error();
		context.out << "Removed " << path << "\n";
	}
	return EX_OK;
}

}    // namespace rassist::cli
