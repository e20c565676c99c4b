// libnss_rassist.so.2: SERIAL.rassist → the device's loopback address on this relay, while its
// tunnel is up (nss(5)). It is loaded into every process that resolves a name: libc alone, no
// memory but the stack and the caller's, nothing left open, no state. For a name that is not ours
// the answer is UNAVAIL: NOTFOUND may end the search ([NOTFOUND=return]), and would take DNS from
// the whole host.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <nss.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr const char* kDevices = "/var/lib/rassist/devices";    ///< root's registry, Paths::devices
constexpr const char* kReady = "/run/rassist/ready";            ///< Paths::ready
constexpr const char kSuffix[] = ".rassist";
constexpr size_t kSuffixSize = sizeof kSuffix - 1;
constexpr size_t kLabelMax = 63;
constexpr size_t kRecordMax = 16 * 1024;
constexpr uint32_t kNetwork = 0x7f400000;    // 127.64.0.0/10
constexpr uint32_t kNetmask = 0xffc00000;
constexpr int kRead = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

/// close(2) on the way out.
class Fd {
public:
	explicit Fd(int fd) : fd_(fd) {}
	Fd(const Fd&) = delete;
	Fd& operator=(const Fd&) = delete;
	~Fd() {
		if (fd_ >= 0)
			close(fd_);
	}
	[[nodiscard]] int get() const { return fd_; }

private:
	int fd_;
};

struct AskedName {
	char serial[kLabelMax + 1];    ///< lower case
	char canonical[kLabelMax + kSuffixSize + 1];
};

enum class AskedKind { foreign, ours, not_a_serial };

/// Which names are ours: anything below .rassist, case and one dot at the end aside. A device's is
/// one DNS label below.
AskedKind read_name(const char* text, AskedName* name) {
	size_t size = strlen(text);
	if (size > 0 && text[size - 1] == '.')
		--size;
	if (size < kSuffixSize || strncasecmp(text + size - kSuffixSize, kSuffix, kSuffixSize) != 0)
		return AskedKind::foreign;
	const size_t label = size - kSuffixSize;
	if (label == 0 || label > kLabelMax || text[0] == '-' || text[label - 1] == '-')
		return AskedKind::not_a_serial;
	for (size_t i = 0; i < label; ++i) {
		const char c = text[i];
		const bool upper = c >= 'A' && c <= 'Z';
		if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return AskedKind::not_a_serial;
		name->serial[i] = upper ? static_cast<char>(c - 'A' + 'a') : c;
	}
	name->serial[label] = '\0';
	memcpy(name->canonical, name->serial, label);
	memcpy(name->canonical + label, kSuffix, kSuffixSize + 1);
	return AskedKind::ours;
}

bool is_roots(int fd, mode_t type) {
	struct stat file = {};
	return fstat(fd, &file) == 0 && (file.st_mode & S_IFMT) == type && file.st_uid == 0 &&
		   (file.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// Whether a `hold` has the lock: asking takes nothing, and the kernel frees it however hold ends.
bool is_tunnel_up(const char* serial) {
	const Fd folder(open(kReady, kRead | O_DIRECTORY));
	if (folder.get() < 0)
		return false;
	const Fd file(openat(folder.get(), serial, kRead));
	struct flock lock = {};
	lock.l_type = F_WRLCK;
	lock.l_whence = SEEK_SET;
	return file.get() >= 0 && fcntl(file.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type == F_WRLCK;
}

/// The device's record, whole; the size, or -1 where there is none that root alone could have
/// written.
ssize_t read_record(const char* serial, char* text, size_t room) {
	const Fd folder(open(kDevices, kRead | O_DIRECTORY));
	if (folder.get() < 0 || !is_roots(folder.get(), S_IFDIR))
		return -1;
	const Fd file(openat(folder.get(), serial, kRead));
	if (file.get() < 0 || !is_roots(file.get(), S_IFREG))
		return -1;
	size_t size = 0;
	while (size < room) {
		const ssize_t got = read(file.get(), text + size, room - size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -1 : static_cast<ssize_t>(size);
		size += static_cast<size_t>(got);
	}
	return -1;    // larger than any record of ours
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// The value of a line "address = VALUE"; false where the line is another one.
bool read_address_line(const char* line, const char* end, char* value, size_t room) {
	constexpr const char kKey[] = "address";
	constexpr size_t kKeySize = sizeof kKey - 1;
	if (static_cast<size_t>(end - line) < kKeySize || memcmp(line, kKey, kKeySize) != 0)
		return false;
	line += kKeySize;
	while (line < end && is_blank(*line))
		++line;
	if (line == end || *line != '=')
		return false;
	++line;
	while (line < end && is_blank(*line))
		++line;
	while (end > line && is_blank(end[-1]))
		--end;
	const size_t size = static_cast<size_t>(end - line);
	const bool fits = size < room;    // else it is no IPv4 address, and the empty text is none, too
	memcpy(value, line, fits ? size : 0);
	value[fits ? size : 0] = '\0';
	return true;
}

/// The record's one address, in network order; false where it has none or two, or one that is not a
/// device's.
bool find_address(const char* text, size_t size, uint32_t* address) {
	bool found = false;
	in_addr parsed = {};
	for (const char* line = text; line < text + size;) {
		const char* end =
			static_cast<const char*>(memchr(line, '\n', static_cast<size_t>(text + size - line)));
		if (end == nullptr)
			end = text + size;
		char value[INET_ADDRSTRLEN];
		if (read_address_line(line, end, value, sizeof value)) {
			if (found || inet_pton(AF_INET, value, &parsed) != 1)
				return false;
			found = true;
		}
		line = end + 1;
	}
	const uint32_t host = ntohl(parsed.s_addr);
	*address = parsed.s_addr;
	return found && (host & kNetmask) == kNetwork && host != kNetwork;
}

/// What the entry points share: SUCCESS with `name` and `address`, or the answer to give.
nss_status look_up(
	const char* text, AskedName* name, uint32_t* address, int* error, int* host_error) {
	switch (read_name(text, name)) {
	case AskedKind::foreign:
		*error = ENOENT;
		*host_error = NO_RECOVERY;
		return NSS_STATUS_UNAVAIL;
	case AskedKind::ours: {
		char record[kRecordMax];
		const ssize_t size =
			is_tunnel_up(name->serial) ? read_record(name->serial, record, sizeof record) : -1;
		if (size >= 0 && find_address(record, static_cast<size_t>(size), address))
			return NSS_STATUS_SUCCESS;
		break;
	}
	case AskedKind::not_a_serial:
		break;
	}
	*error = ENOENT;
	*host_error = HOST_NOT_FOUND;
	return NSS_STATUS_NOTFOUND;
}

nss_status too_small(int* error, int* host_error) {
	*error = ERANGE;
	*host_error = NETDB_INTERNAL;
	return NSS_STATUS_TRYAGAIN;
}

/// Pieces of the caller's buffer.
class Room {
public:
	Room(char* buffer, size_t size) : next_(buffer), left_(size) {}
	/// nullptr where it does not fit.
	void* take(size_t size, size_t alignment) {
		const size_t skip =
			(alignment - reinterpret_cast<uintptr_t>(next_) % alignment) % alignment;
		if (left_ < skip || left_ - skip < size)
			return nullptr;
		char* piece = next_ + skip;
		next_ = piece + size;
		left_ -= skip + size;
		return piece;
	}

private:
	char* next_;
	size_t left_;
};

/// A hostent with one address.
struct HostPieces {
	char* aliases[1];
	char* addresses[2];
	uint32_t address;
};

nss_status answer_host(const char* text, int family, hostent* host, Room room, int* error,
	int* host_error, char** canonical) {
	AskedName name;
	uint32_t address = 0;
	const nss_status status = look_up(text, &name, &address, error, host_error);
	if (status != NSS_STATUS_SUCCESS)
		return status;
	if (family != AF_INET) {
		*error = ENOENT;
		*host_error = NO_DATA;    // the name is there, an address of this family is not
		return NSS_STATUS_NOTFOUND;
	}
	auto* pieces = static_cast<HostPieces*>(room.take(sizeof(HostPieces), alignof(HostPieces)));
	const size_t size = strlen(name.canonical) + 1;
	auto* copy = static_cast<char*>(room.take(size, 1));
	if (pieces == nullptr || copy == nullptr)
		return too_small(error, host_error);
	memcpy(copy, name.canonical, size);
	pieces->aliases[0] = nullptr;
	pieces->address = address;
	pieces->addresses[0] = reinterpret_cast<char*>(&pieces->address);
	pieces->addresses[1] = nullptr;
	*host = hostent{copy, pieces->aliases, AF_INET, sizeof address, pieces->addresses};
	if (canonical != nullptr)
		*canonical = copy;
	*host_error = NETDB_SUCCESS;
	return NSS_STATUS_SUCCESS;
}

}    // namespace

#define RASSIST_EXPORTED extern "C" __attribute__((visibility("default"))) nss_status

RASSIST_EXPORTED _nss_rassist_gethostbyname4_r(const char* text, gaih_addrtuple** tuple,
	char* buffer, size_t size, int* error, int* host_error, int32_t* ttl) {
	AskedName name;
	uint32_t address = 0;
	const nss_status status = look_up(text, &name, &address, error, host_error);
	if (status != NSS_STATUS_SUCCESS)
		return status;
	Room room(buffer, size);
	if (*tuple == nullptr)    // else the first one is the caller's
		*tuple = static_cast<gaih_addrtuple*>(
			room.take(sizeof(gaih_addrtuple), alignof(gaih_addrtuple)));
	const size_t length = strlen(name.canonical) + 1;
	auto* copy = static_cast<char*>(room.take(length, 1));
	if (*tuple == nullptr || copy == nullptr)
		return too_small(error, host_error);
	memcpy(copy, name.canonical, length);
	**tuple = gaih_addrtuple{nullptr, copy, AF_INET, {address, 0, 0, 0}, 0};
	if (ttl != nullptr)
		*ttl = 0;    // a tunnel may go down at any moment
	*host_error = NETDB_SUCCESS;
	return NSS_STATUS_SUCCESS;
}

RASSIST_EXPORTED _nss_rassist_gethostbyname3_r(const char* text, int family, hostent* host,
	char* buffer, size_t size, int* error, int* host_error, int32_t* ttl, char** canonical) {
	if (ttl != nullptr)
		*ttl = 0;
	return answer_host(text, family == AF_UNSPEC ? AF_INET : family, host, Room(buffer, size),
		error, host_error, canonical);
}

RASSIST_EXPORTED _nss_rassist_gethostbyname2_r(const char* text, int family, hostent* host,
	char* buffer, size_t size, int* error, int* host_error) {
	return answer_host(text, family == AF_UNSPEC ? AF_INET : family, host, Room(buffer, size),
		error, host_error, nullptr);
}

RASSIST_EXPORTED _nss_rassist_gethostbyname_r(
	const char* text, hostent* host, char* buffer, size_t size, int* error, int* host_error) {
	return answer_host(text, AF_INET, host, Room(buffer, size), error, host_error, nullptr);
}
