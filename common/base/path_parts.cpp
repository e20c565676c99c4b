#include "common/base/path_parts.hpp"

namespace rassist {

Result<PathParts> split_path(const std::string& path) {
	const std::size_t slash = path.rfind('/');
	if (slash == std::string::npos)
		return PathParts{".", path};
	if (slash + 1 == path.size())
		return Error{Fault::invalid, path + ": no file name at its end"};
	return PathParts{slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

}    // namespace rassist
