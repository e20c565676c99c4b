#include "common/base/result.hpp"

#include <cerrno>
#include <cstring>

namespace rassist {
namespace {

Fault fault_of(int os_errno) {
	switch (os_errno) {
	case ENOENT:
		return Fault::not_found;
	case EEXIST:
		return Fault::exists;
	case EACCES:
	case EPERM:
		return Fault::denied;
	case ELOOP:
		return Fault::untrusted;
	default:
		return Fault::io;
	}
}

}    // namespace

Error Error::within(std::string_view context) const {
	return Error{code, std::string(context) + ": " + what, os_errno};
}

Error os_error(int os_errno, std::string_view what) {
	const char* reason = ::strerrordesc_np(os_errno);    // untranslated, no shared buffer
	std::string sentence(what);
	sentence += ": ";
	sentence += reason != nullptr ? std::string(reason) : "error " + std::to_string(os_errno);
	return Error{fault_of(os_errno), std::move(sentence), os_errno};
}

}    // namespace rassist
