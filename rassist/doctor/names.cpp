// It looks at how the relay finds a device's address by its name.
#include "rassist/doctor/checks.hpp"
#include "rassist/relay/nsswitch.hpp"

#include "common/system/files.hpp"

#include <dlfcn.h>

namespace rassist::cli::doctor {

void look_at_names(ExaminedHost& host) {
	const std::string& path = host.context.nsswitch;
	const auto file = resolve_nsswitch_file(path);
	const auto text = file ? read_trusted(*file, Trust{.owner = host.context.root}) : file;
	const auto right = text ? add_rassist_service(*text) : text;
	if (!right) {
		host.findings.fault(right.error().what, "mend " + path + ", then: rassist setup relay");
	} else if (*right != *text) {
		host.findings.fault(path + ": the hosts line does not ask `rassist` before `resolve` "
								   "and `dns`, so no name of a device resolves here",
			"rassist setup relay", {"/usr/bin/rassist", "setup", "relay"});
	}
	void* library = dlopen("libnss_rassist.so.2", RTLD_NOW | RTLD_LOCAL);
	if (library == nullptr) {
		const char* why = dlerror();
		host.findings.fault("libnss_rassist.so.2 cannot be loaded" +
								(why == nullptr ? std::string() : ": " + std::string(why)),
			"install the package again that brings it");
		return;
	}
	dlclose(library);
}

}    // namespace rassist::cli::doctor
