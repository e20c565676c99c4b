// Calls the entry points of libnss_rassist.so.2 as glibc does: nss_driver LIBRARY FUNCTION NAME
// [FAMILY] [BUFFER-SIZE] Prints the status, then errno and h_errno, or the address and the name.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <nss.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace {

const char* name_of(nss_status status) {
	switch (status) {
	case NSS_STATUS_SUCCESS:
		return "SUCCESS";
	case NSS_STATUS_NOTFOUND:
		return "NOTFOUND";
	case NSS_STATUS_UNAVAIL:
		return "UNAVAIL";
	case NSS_STATUS_TRYAGAIN:
		return "TRYAGAIN";
	case NSS_STATUS_RETURN:
		return "RETURN";
	}
	return "?";
}

struct Answer {
	nss_status status = NSS_STATUS_UNAVAIL;
	int error = 0;
	int host_error = 0;
	const void* address = nullptr;
	const char* name = nullptr;
};

using Function4 = nss_status (*)(
	const char*, gaih_addrtuple**, char*, size_t, int*, int*, int32_t*);
using Function3 = nss_status (*)(
	const char*, int, hostent*, char*, size_t, int*, int*, int32_t*, char**);
using Function2 = nss_status (*)(const char*, int, hostent*, char*, size_t, int*, int*);
using Function1 = nss_status (*)(const char*, hostent*, char*, size_t, int*, int*);

/// The buffer is of exactly the size, so that a sanitizer sees a byte past it.
Answer call(void* function, const std::string& which, const char* name, int family,
	std::vector<char>& buffer, hostent& host, gaih_addrtuple*& tuple) {
	Answer answer;
	int32_t ttl = 1;
	if (which == "gethostbyname4_r") {
		answer.status = reinterpret_cast<Function4>(function)(
			name, &tuple, buffer.data(), buffer.size(), &answer.error, &answer.host_error, &ttl);
		if (answer.status == NSS_STATUS_SUCCESS) {
			answer.address = tuple->addr;
			answer.name = tuple->name;
		}
		return answer;
	}
	if (which == "gethostbyname3_r")
		answer.status = reinterpret_cast<Function3>(function)(name, family, &host, buffer.data(),
			buffer.size(), &answer.error, &answer.host_error, &ttl, nullptr);
	else if (which == "gethostbyname2_r")
		answer.status = reinterpret_cast<Function2>(function)(
			name, family, &host, buffer.data(), buffer.size(), &answer.error, &answer.host_error);
	else
		answer.status = reinterpret_cast<Function1>(function)(
			name, &host, buffer.data(), buffer.size(), &answer.error, &answer.host_error);
	if (answer.status == NSS_STATUS_SUCCESS) {
		answer.address = host.h_addr_list[0];
		answer.name = host.h_name;
		if (host.h_addr_list[1] != nullptr || host.h_aliases[0] != nullptr || host.h_length != 4 ||
			host.h_addrtype != AF_INET)
			answer.name = "a hostent that is not of one IPv4 address";
	}
	return answer;
}

}    // namespace

int main(int argc, char** argv) {
	if (argc < 4)
		return 64;
	void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
	const std::string which = argv[2];
	void* function =
		library == nullptr ? nullptr : dlsym(library, ("_nss_rassist_" + which).c_str());
	if (function == nullptr) {
		fprintf(stderr, "%s\n", dlerror());
		return 1;
	}
	std::vector<char> buffer(argc > 5 ? std::stoul(argv[5]) : 1024);
	hostent host{};
	gaih_addrtuple* tuple = nullptr;
	const Answer answer = call(
		function, which, argv[3], argc > 4 ? std::stoi(argv[4]) : AF_INET, buffer, host, tuple);
	if (answer.status == NSS_STATUS_SUCCESS) {
		char text[INET_ADDRSTRLEN];
		printf(
			"SUCCESS %s %s\n", inet_ntop(AF_INET, answer.address, text, sizeof text), answer.name);
	} else {
		printf("%s errno=%d h_errno=%d\n", name_of(answer.status), answer.error, answer.host_error);
	}
	dlclose(library);
	return 0;
}
