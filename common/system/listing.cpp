#include "common/system/listing.hpp"

#include "common/base/system_call.hpp"
#include "common/base/unique_fd.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <memory>

namespace rassist {
namespace {

struct DirCloser {
	void operator()(DIR* listing) const noexcept { ::closedir(listing); }
};

}    // namespace

Status for_each_name(int folder, const std::function<bool(std::string_view name)>& call) {
	UniqueFd fd(
		uninterrupted([&] { return ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
	if (!fd)
		return os_error(errno, "listing");
	const std::unique_ptr<DIR, DirCloser> listing(::fdopendir(fd.get()));
	if (!listing)
		return os_error(errno, "listing");
	static_cast<void>(fd.release());    // closedir closes it
	for (;;) {
		errno = 0;
		const dirent* entry = ::readdir(listing.get());
		if (entry == nullptr)
			break;
		const std::string_view name = entry->d_name;
		if (name != "." && name != ".." && !call(name))
			return Done{};
	}
	if (errno != 0)
		return os_error(errno, "listing");
	return Done{};
}

Result<std::vector<std::string>> list_folder(int folder) {
	std::vector<std::string> names;
	const Status listed = for_each_name(folder, [&](std::string_view name) {
		names.emplace_back(name);
		return true;
	});
	if (!listed)
		return listed.error();
	return names;
}

Status require_plain_name(std::string_view name) {
	if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos ||
		name.find('\0') != std::string_view::npos)
		return Error{Fault::invalid, "not a plain file name"};
	return Done{};
}

}    // namespace rassist
