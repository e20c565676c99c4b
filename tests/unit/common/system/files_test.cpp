#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "common/system/secret_file.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iterator>

namespace rassist {
namespace {

using test::contents;
using test::spill;
using test::TemporaryFolder;

Trust mine(std::size_t max_size = 64 * 1024, bool secret = false) {
	return Trust{::geteuid(), max_size, secret};
}

Folder held(const std::string& path) {
	Result<Folder> folder = Folder::open(path);
	if (!folder)
		throw std::runtime_error(folder.error().what);
	return std::move(*folder);
}

void put_socket(const std::string& path) {
	const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	sockaddr_un address{};
	address.sun_family = AF_UNIX;
	std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
	ASSERT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
}

/// How many names are in it, dot files too.
std::size_t count(const TemporaryFolder& folder) {
	const std::filesystem::directory_iterator names(folder.path());
	return static_cast<std::size_t>(std::distance(begin(names), end(names)));
}

mode_t mode_of(const std::string& path) {
	struct stat file {};
	return ::lstat(path.c_str(), &file) == 0 ? file.st_mode & 07777 : 0;
}

TEST(Files, ReadsATrustedFile) {
	const TemporaryFolder temp;
	spill(temp / "a", "text\n");
	EXPECT_EQ(*held(temp.path()).read("a", mine()), "text\n");
	EXPECT_EQ(*read_trusted(temp / "a", mine()), "text\n");
	spill(temp / "s", "code", 0600);
	EXPECT_EQ(read_secret(held(temp.path()), "s", mine(64, true))->text(), "code");
}

TEST(Files, RefusesFilesByMode) {
	struct Case {
		unsigned mode;
		bool secret;
		bool good;
	};
	const TemporaryFolder temp;
	for (const Case& c : {Case{0644, false, true}, Case{0444, false, true},
			 Case{0664, false, false}, Case{0646, false, false}, Case{0600, true, true},
			 Case{0640, true, false}, Case{0604, true, false}, Case{0620, true, false}}) {
		spill(temp / "f", "x", c.mode);
		const Result<std::string> read = held(temp.path()).read("f", mine(64, c.secret));
		EXPECT_EQ(read.ok(), c.good) << std::oct << c.mode;
		EXPECT_TRUE(read || read.error().code == Fault::untrusted) << std::oct << c.mode;
	}
}

TEST(Files, RefusesAnotherOwnersFile) {
	const TemporaryFolder temp;
	spill(temp / "f", "x");
	const Result<std::string> read = read_trusted(temp / "f", Trust{::geteuid() + 1});
	ASSERT_FALSE(read);
	EXPECT_EQ(read.error().code, Fault::untrusted);
	EXPECT_NE(read.error().what.find(temp / "f"), std::string::npos) << "the error names the path";
}

TEST(Files, RefusesWhatIsNotARegularFileAndNeverWaits) {
	const TemporaryFolder temp;
	spill(temp / "file", "x");
	ASSERT_EQ(::symlink("file", (temp / "link").c_str()), 0);
	ASSERT_EQ(::mkfifo((temp / "fifo").c_str(), 0600), 0);
	ASSERT_EQ(::mkdir((temp / "folder").c_str(), 0700), 0);
	put_socket(temp / "socket");
	for (const char* name : {"link", "fifo", "folder", "socket"}) {
		const Result<std::string> below = held(temp.path()).read(name, mine());
		ASSERT_FALSE(below) << name;
		EXPECT_EQ(below.error().code, Fault::untrusted) << name;
		const Result<std::string> by_path = read_trusted(temp / name, mine());
		ASSERT_FALSE(by_path) << name;
		EXPECT_EQ(by_path.error().code, Fault::untrusted) << name;
		const Result<Secret> secret = read_secret(held(temp.path()), name, mine());
		ASSERT_FALSE(secret) << name;
		EXPECT_EQ(secret.error().code, Fault::untrusted) << name;
	}
	EXPECT_EQ(read_trusted("/dev/zero", Trust{0}).error().code, Fault::untrusted);
}

TEST(Files, RefusesNamesThatLeaveTheFolder) {
	const TemporaryFolder temp;
	spill(temp / "f", "x");
	const Folder folder = held(temp.path());
	for (const std::string& name : {std::string(), std::string("."), std::string(".."),
			 std::string("a/f"), std::string("/etc/passwd"), std::string("f\0g", 3)}) {
		EXPECT_EQ(folder.read(name, mine()).error().code, Fault::invalid) << name;
		EXPECT_EQ(write_file(folder, name, "x", {}).error().code, Fault::invalid) << name;
		EXPECT_EQ(remove_file(folder, name).error().code, Fault::invalid) << name;
		EXPECT_EQ(FileLock::take(folder, name, 0).error().code, Fault::invalid) << name;
	}
}

TEST(Files, RefusesTooLargeAndTellsMissing) {
	const TemporaryFolder temp;
	spill(temp / "ten", "0123456789");
	EXPECT_TRUE(read_trusted(temp / "ten", mine(10)));
	EXPECT_EQ(read_trusted(temp / "ten", mine(9)).error().code, Fault::too_large);
	EXPECT_EQ(read_secret(held(temp.path()), "ten", mine(9)).error().code, Fault::too_large);
	EXPECT_EQ(held(temp.path()).open_file("ten", mine(9)).error().code, Fault::too_large);
	EXPECT_EQ(read_trusted(temp / "none", mine()).error().code, Fault::not_found);
	EXPECT_EQ(held(temp.path()).read("none", mine()).error().code, Fault::not_found);
}

TEST(Files, LimitHoldsWhileReading) {
	std::array<int, 2> ends{};
	ASSERT_EQ(::pipe(ends.data()), 0);
	const UniqueFd reader(ends[0]);
	UniqueFd writer(ends[1]);
	ASSERT_TRUE(write_all(writer.get(), std::string(5000, 'x')));
	writer.reset();
	EXPECT_EQ(read_all(reader.get(), 4999).error().code, Fault::too_large);
}

TEST(Folder, RefusesWhatIsNoFolder) {
	const TemporaryFolder temp;
	spill(temp / "file", "x");
	ASSERT_EQ(::symlink(temp.path().c_str(), (temp / "link").c_str()), 0);
	EXPECT_EQ(Folder::open(temp / "file").error().code, Fault::untrusted);
	EXPECT_EQ(Folder::open(temp / "link").error().code, Fault::untrusted);
	EXPECT_EQ(Folder::open(temp / "none").error().code, Fault::not_found);
}

TEST(Folder, RequiresOwnerAndMode) {
	struct Case {
		mode_t mode;
		bool good;
		bool good_with_group;
	};
	const TemporaryFolder temp;
	for (const Case& c : {Case{0755, true, true}, Case{0700, true, true}, Case{0775, false, true},
			 Case{0757, false, false}, Case{01777, false, false}}) {
		ASSERT_EQ(::chmod(temp.path().c_str(), c.mode), 0);
		const Folder folder = held(temp.path());
		EXPECT_EQ(folder.require(::geteuid()).ok(), c.good) << std::oct << c.mode;
		EXPECT_EQ(folder.require(::geteuid(), true).ok(), c.good_with_group) << std::oct << c.mode;
		EXPECT_EQ(folder.require(::geteuid() + 1, true).error().code, Fault::untrusted);
	}
}

TEST(Folder, NamesAreSortedWithoutDotFiles) {
	const TemporaryFolder temp;
	for (const char* name : {"b", ".hidden", "a", "c"})
		spill(temp / name, "");
	const Folder folder = held(temp.path());
	for (int again = 0; again < 2; ++again)
		EXPECT_EQ(*folder.names(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(Folder, StaysTheSameWhenItsNameChangesHands) {
	const TemporaryFolder temp;
	ASSERT_TRUE(make_folder(temp / "real", 0700));
	const Folder folder = held(temp / "real");
	ASSERT_EQ(::rename((temp / "real").c_str(), (temp / "away").c_str()), 0);
	ASSERT_TRUE(make_folder(temp / "real", 0700));
	spill(temp / "real/f", "planted");
	EXPECT_EQ(folder.read("f", mine()).error().code, Fault::not_found);
}

TEST(WriteFile, HasModeWhateverTheUmask) {
	const TemporaryFolder temp;
	const mode_t before = ::umask(0777);
	Attributes attributes;
	attributes.mode = 0640;
	attributes.group = ::getegid();
	attributes.owner = ::geteuid();
	const Status written = write_file(temp / "f", "text", attributes);
	::umask(before);
	ASSERT_TRUE(written) << written.error().what;
	EXPECT_EQ(mode_of(temp / "f"), 0640U);
	EXPECT_EQ(contents(temp / "f"), "text");
	EXPECT_EQ(count(temp), 1U);
}

TEST(WriteFile, ReplacesOrRefusesATakenName) {
	const TemporaryFolder temp;
	spill(temp / "f", "old");
	Attributes once;
	once.replace = false;
	EXPECT_EQ(write_file(temp / "f", "new", once).error().code, Fault::exists);
	EXPECT_EQ(contents(temp / "f"), "old");
	ASSERT_TRUE(write_file(temp / "f", "new", {}));
	EXPECT_EQ(contents(temp / "f"), "new");
	ASSERT_TRUE(write_file(temp / "g", "first", once));
	EXPECT_EQ(count(temp), 2U) << "no temporary file is left";
}

TEST(WriteFile, ReplacesASymlinkAndNotItsTarget) {
	const TemporaryFolder temp;
	spill(temp / "target", "theirs");
	ASSERT_EQ(::symlink("target", (temp / "f").c_str()), 0);
	ASSERT_TRUE(write_file(temp / "f", "ours", {}));
	EXPECT_EQ(contents(temp / "target"), "theirs");
	EXPECT_EQ(contents(temp / "f"), "ours");
}

TEST(WriteFile, LeavesNothingWhereItFails) {
	const TemporaryFolder temp;
	ASSERT_TRUE(make_folder(temp / "f", 0700));
	spill(temp / "f/inside", "");
	EXPECT_FALSE(write_file(temp / "f", "text", {}));
	EXPECT_EQ(count(temp), 1U);
	EXPECT_EQ(write_file(temp / "none/f", "text", {}).error().code, Fault::not_found);
}

/// A file system that takes no more, without one: the process may write no larger files.
TEST(WriteFile, TellsThatThereIsNoRoomAndKeepsTheOld) {
	const TemporaryFolder temp;
	spill(temp / "f", "old");
	rlimit before{};
	ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
	const auto handler = std::signal(SIGXFSZ, SIG_IGN);
	const rlimit small{1000, before.rlim_max};
	ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
	const Status written = write_file(temp / "f", std::string(5000, 'x'), {});
	::setrlimit(RLIMIT_FSIZE, &before);
	std::signal(SIGXFSZ, handler);
	ASSERT_FALSE(written);
	EXPECT_EQ(written.error().code, Fault::io);
	EXPECT_EQ(written.error().os_errno, EFBIG);
	EXPECT_EQ(contents(temp / "f"), "old");
	EXPECT_EQ(count(temp), 1U);
	const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
	EXPECT_EQ(write_all(full.get(), "x").error().os_errno, ENOSPC);
}

TEST(RemoveFile, MissingIsFine) {
	const TemporaryFolder temp;
	spill(temp / "f", "x");
	EXPECT_TRUE(remove_file(temp / "f"));
	EXPECT_TRUE(remove_file(temp / "f"));
	EXPECT_TRUE(remove_file(held(temp.path()), "f"));
	EXPECT_EQ(count(temp), 0U);
}

TEST(MakeFolder, GivesModeToNewAndOld) {
	const TemporaryFolder temp;
	const mode_t before = ::umask(0777);
	EXPECT_TRUE(make_folder(temp / "a", 0751));
	::umask(before);
	EXPECT_EQ(mode_of(temp / "a"), 0751U);
	EXPECT_TRUE(make_folder(temp / "a", 0700, ::geteuid(), ::getegid()));
	EXPECT_EQ(mode_of(temp / "a"), 0700U);
}

TEST(MakeFolder, RefusesSymlinkAndFile) {
	const TemporaryFolder temp;
	spill(temp / "file", "", 0644);
	ASSERT_TRUE(make_folder(temp / "real", 0700));
	ASSERT_EQ(::symlink("real", (temp / "link").c_str()), 0);
	EXPECT_EQ(make_folder(temp / "file", 0755).error().code, Fault::untrusted);
	EXPECT_EQ(make_folder(temp / "link", 0755).error().code, Fault::untrusted);
	EXPECT_EQ(mode_of(temp / "real"), 0700U);
}

TEST(RemoveTree, NeverFollowsASymlink) {
	const TemporaryFolder temp;
	ASSERT_TRUE(make_folder(temp / "theirs", 0700));
	spill(temp / "theirs/kept", "x");
	ASSERT_TRUE(make_folder(temp / "tree", 0700));
	ASSERT_TRUE(make_folder(temp / "tree/deep", 0700));
	ASSERT_EQ(::symlink("../theirs", (temp / "tree/link").c_str()), 0);
	ASSERT_EQ(::symlink("../../theirs", (temp / "tree/deep/link").c_str()), 0);
	ASSERT_EQ(::mkfifo((temp / "tree/deep/fifo").c_str(), 0600), 0);
	spill(temp / "tree/deep/.dot", "x");
	ASSERT_TRUE(remove_tree(temp / "tree"));
	EXPECT_EQ(contents(temp / "theirs/kept"), "x");
	EXPECT_EQ(count(temp), 1U);
	ASSERT_EQ(::symlink("theirs", (temp / "link").c_str()), 0);
	ASSERT_TRUE(remove_tree(temp / "link"));
	EXPECT_EQ(contents(temp / "theirs/kept"), "x");
	EXPECT_TRUE(remove_tree(temp / "none"));
	EXPECT_TRUE(remove_tree(temp / "none/none"));
}

TEST(RemoveTree, IsNotStoppedByDepth) {
	const TemporaryFolder temp;
	ASSERT_TRUE(make_folder(temp / "tree", 0700));
	UniqueFd at(::open((temp / "tree").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	for (int depth = 0; depth < 3000; ++depth) {
		ASSERT_EQ(::mkdirat(at.get(), "d", 0700), 0);
		at = UniqueFd(::openat(at.get(), "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	}
	at.reset();
	ASSERT_TRUE(remove_tree(temp / "tree"));
	EXPECT_EQ(count(temp), 0U);
}

}    // namespace
}    // namespace rassist
