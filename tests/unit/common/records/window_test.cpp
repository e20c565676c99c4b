#include "common/records/window.hpp"

#include "common/keys/digest.hpp"
#include "tests/unit/sample_key.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <string>
#include <vector>

namespace rassist {
namespace {

using test::sample_key;
using test::spill;

class WindowFiles : public testing::Test {
protected:
	[[nodiscard]] static Window window() {
		return {*Id::parse("0123456789"), *Serial::parse("sn123"), 7, at.wall,
			Deadline::after(std::chrono::seconds(3600), at), 2, fingerprint_of(sample_key(1)),
			fingerprint_of(sample_key(2))};
	}
	[[nodiscard]] Now later(std::int64_t wall, std::int64_t boot) const {
		return {at.wall + wall, at.boot + boot, at.boot_id};
	}
	[[nodiscard]] bool is_open(const Now& now) const {
		const auto found = find_open_window(paths, now, me);
		EXPECT_FALSE(found.failed()) << found.error().what;
		return found.found();
	}

	inline static const Now at{1'790'000'000, 5000, "3f1c7a1e-5d0b-4f0a-9a5b-e6a2c0d1e001"};
	const test::TemporaryFolder folder;
	const uid_t me = geteuid();
	const Paths paths{.run = folder.path()};
};

TEST_F(WindowFiles, AWindowIsReadAsItWasWritten) {
	const std::string text = format_window(window());
	const auto read = parse_window(text, "w");
	ASSERT_TRUE(read) << read.error().what;
	EXPECT_EQ(format_window(*read), text);
	EXPECT_EQ(read->id, window().id);
	EXPECT_EQ(read->serial, window().serial);
	EXPECT_EQ(read->sequence, 7);
	EXPECT_EQ(read->opened, at.wall);
	EXPECT_EQ(read->deadline.wall, at.wall + 3600);
	EXPECT_EQ(read->deadline.boot->at, at.boot + 3600);
	EXPECT_EQ(read->deadline.boot->id, at.boot_id);
	EXPECT_EQ(read->revision, 2);
	EXPECT_EQ(read->login_key, window().login_key);
	EXPECT_EQ(read->host_key, window().host_key);
}

TEST_F(WindowFiles, EveryKeyOfTheRecordIsNeeded) {
	const std::string text = format_window(window());
	for (std::size_t at_line = text.find('\n') + 1; at_line < text.size();) {
		const auto end = text.find('\n', at_line) + 1;
		EXPECT_FALSE(parse_window(text.substr(0, at_line) + text.substr(end), "w"))
			<< text.substr(at_line, end - at_line);
		EXPECT_FALSE(parse_window(text + text.substr(at_line, end - at_line), "w")) << "twice";
		at_line = end;
	}
	EXPECT_FALSE(parse_window(text + "code = K7QF-2M9X-TB4DE\n", "w"));
}

TEST_F(WindowFiles, IsOpenUntilEitherClockSaysItIsOver) {
	EXPECT_FALSE(is_open(at));
	spill(paths.window(), format_window(window()));
	EXPECT_TRUE(is_open(at));
	EXPECT_EQ(find_open_window(paths, at, me)->serial.str(), "sn123");
	EXPECT_TRUE(is_open(later(3599, 3599)));
	EXPECT_FALSE(is_open(later(3600, 3599)));
	EXPECT_FALSE(is_open(later(3599, 3600)));
	EXPECT_FALSE(is_open(later(-86400, 3600)));    // a clock set back gains nothing
	EXPECT_FALSE(is_open({at.wall, at.boot, "another-boot"}));
}

TEST_F(WindowFiles, ARecordThatIsNotBelievedIsAnError) {
	spill(paths.window(), format_window(window()), 0664);
	EXPECT_EQ(find_open_window(paths, at, me).error().code, Fault::untrusted);
	spill(paths.window(), "garbage");
	EXPECT_EQ(find_open_window(paths, at, me).error().code, Fault::invalid);
	spill(paths.window(), format_window(window()));
	EXPECT_EQ(find_open_window(paths, at, me + 1).error().code, Fault::untrusted);
	ASSERT_EQ(chmod(folder.path().c_str(), 0777), 0);
	EXPECT_EQ(find_open_window(paths, at, me).error().code, Fault::untrusted);
}

TEST_F(WindowFiles, WithoutItsFolderIsClosed) {
	const Paths nowhere{.run = folder / "nowhere"};
	EXPECT_TRUE(find_open_window(nowhere, at, me).absent());
	EXPECT_EQ(read_window_code(nowhere, me).error().code, Fault::not_found);
	EXPECT_EQ(*read_wrong_codes(nowhere, me), 0);
	EXPECT_FALSE(count_wrong_code(nowhere, me));
}

TEST_F(WindowFiles, TheCodeIsRootsAlone) {
	EXPECT_EQ(read_window_code(paths, me).error().code, Fault::not_found);
	test::make(paths.secret(), 0700);
	spill(paths.code(), "K7QF-2M9X-TB4DE\n", 0600);
	EXPECT_EQ(read_window_code(paths, me)->canonical(), "K7QF2M9XTB4DE");
	for (const mode_t mode : {0640, 0604, 0620, 0644}) {
		ASSERT_EQ(chmod(paths.code().c_str(), mode), 0);
		EXPECT_EQ(read_window_code(paths, me).error().code, Fault::untrusted) << mode;
	}
	ASSERT_EQ(chmod(paths.code().c_str(), 0600), 0);
	EXPECT_EQ(read_window_code(paths, me + 1).error().code, Fault::untrusted);
	spill(paths.code(), "K7QF-2M9X-TB4DF\n", 0600);
	const auto wrong = read_window_code(paths, me);
	ASSERT_FALSE(wrong);
	EXPECT_EQ(wrong.error().what.find("TB4D"), std::string::npos) << wrong.error().what;
	spill(paths.code(), std::string(1000, '0'), 0600);
	EXPECT_EQ(read_window_code(paths, me).error().code, Fault::too_large);
}

TEST_F(WindowFiles, WrongCodesAreCountedAndTakenBack) {
	EXPECT_EQ(*read_wrong_codes(paths, me), 0);
	EXPECT_EQ(*count_wrong_code(paths, me), 1);
	EXPECT_EQ(*count_wrong_code(paths, me), 2);
	EXPECT_EQ(*read_wrong_codes(paths, me), 2);
	ASSERT_TRUE(uncount_wrong_code(paths, me));
	EXPECT_EQ(*read_wrong_codes(paths, me), 1);
	ASSERT_TRUE(uncount_wrong_code(paths, me));
	ASSERT_TRUE(uncount_wrong_code(paths, me));
	EXPECT_EQ(*read_wrong_codes(paths, me), 0);
	struct stat file {};
	ASSERT_EQ(stat(paths.wrong_codes().c_str(), &file), 0);
	EXPECT_EQ(file.st_mode & 07777U, 0600U);
}

TEST_F(WindowFiles, ACountThatIsNoneShutsTheTypedWay) {
	for (const char* text : {"", "x", "-1", "1 2", "99999999999", "0x1"}) {
		spill(paths.wrong_codes(), text, 0600);
		EXPECT_FALSE(read_wrong_codes(paths, me)) << text;
		EXPECT_FALSE(count_wrong_code(paths, me)) << text;
		EXPECT_EQ(test::contents(paths.wrong_codes()), text);
	}
	spill(paths.wrong_codes(), "1\n", 0666);
	EXPECT_FALSE(read_wrong_codes(paths, me));
}

TEST_F(WindowFiles, NoWrongCodeIsLostAmongManyAtOnce) {
	std::vector<pid_t> children;
	for (int i = 0; i < 4; ++i) {
		const pid_t child = fork();
		if (child == 0) {
			bool counted = true;
			for (int n = 0; n < 10; ++n)
				counted = count_wrong_code(paths, me).ok() && counted;
			_exit(counted ? 0 : 1);
		}
		children.push_back(child);
	}
	for (const pid_t child : children) {
		int status = 0;
		ASSERT_EQ(waitpid(child, &status, 0), child);
		EXPECT_EQ(status, 0);
	}
	EXPECT_EQ(*read_wrong_codes(paths, me), 40);
}

}    // namespace
}    // namespace rassist
