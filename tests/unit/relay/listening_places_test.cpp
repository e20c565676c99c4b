// Where a tunnel publishes its device, and what is missing there.
#include "relay/listening_places.hpp"

#include "common/sessions/listeners.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>

namespace rassist::hold {
namespace {

constexpr uid_t kOurs = 994;
const PublishedPlace kSsh{Service::ssh, "203.0.113.10", 20000};
const PublishedPlace kHttp{Service::http, "203.0.113.10", 20001};

/// A folder like /proc/net, as a little-endian kernel fills it.
class Listening : public testing::Test {
protected:
	void SetUp() override {
		if (htons(1) == 1)
			GTEST_SKIP() << "the sample is a little-endian kernel's";
		show({}, {});
	}
	static std::string line(const std::string& place, const std::string& uid) {
		return "   0: " + place + " 00000000:0000 0A 00000000:00000000 00:00000000 00000000   " +
			   uid + "        0 25170 1 0000000000000000 100 0 0 10 0\n";
	}
	void show(const std::string& tcp, const std::string& tcp6) {
		test::spill(net / "tcp", "  sl  local_address\n" + tcp);
		test::spill(net / "tcp6", "  sl  local_address\n" + tcp6);
	}
	[[nodiscard]] std::string path() const { return net.path(); }

	test::TemporaryFolder net;
	const std::string ssh = "0A7100CB:4E20";    // 203.0.113.10:20000
	const std::string everywhere = "00000000:4E20";
	const std::string everywhere6 = "00000000000000000000000000000000:4E20";
};

TEST_F(Listening, WhatListensIsPublishedAndWhatDoesNotIsMissing) {
	show(line(ssh, "994"), "");
	const ListeningPlaces found = find_listening_places({{kSsh, kHttp}, {}}, path(), kOurs);
	EXPECT_EQ(found.listening, std::vector<PublishedPlace>{kSsh});
	EXPECT_EQ(found.missing, "http=203.0.113.10:20001: the device does not ask for it, or this "
							 "machine lacks the address");
}

TEST_F(Listening, AnotherProgramIsNamedByItsUid) {
	for (const auto& [tcp, tcp6] : {std::pair(line(ssh, "33"), std::string()),
			 std::pair(line(everywhere, "33"), std::string()),
			 std::pair(std::string(), line(everywhere6, "33"))}) {
		show(tcp, tcp6);
		const ListeningPlaces found = find_listening_places({{kSsh}, {}}, path(), kOurs);
		EXPECT_TRUE(found.listening.empty());
		EXPECT_EQ(found.missing, "ssh=203.0.113.10:20000 is held by another program (uid 33)");
	}
}

TEST_F(Listening, WhatIsWithheldIsSaid) {
	EXPECT_EQ(find_listening_places({{}, "for a test"}, path(), kOurs).missing, "for a test");
}

TEST_F(Listening, NobodyIsNobody) {
	const auto nobody = find_listener_owner(path(), "203.0.113.10", 20000);
	EXPECT_TRUE(nobody.absent());
	show(line("0A7100CB:4E21", "33"), line("00000000000000000000000000000000:4E21", "33"));
	EXPECT_TRUE(find_listener_owner(path(), "203.0.113.10", 20000).absent()) << "another port";
	EXPECT_TRUE(find_listener_owner(path() + "/none", "203.0.113.10", 20000).failed());
}

TEST(ListeningPlaces, EachPlaceHasToBeAllowedStill) {
	EXPECT_TRUE(are_all_allowed({}, {}));
	EXPECT_TRUE(are_all_allowed({kSsh}, {{kSsh, kHttp}, {}}));
	EXPECT_FALSE(are_all_allowed({kSsh, kHttp}, {{kSsh}, {}}));
	EXPECT_FALSE(are_all_allowed({kSsh}, {{}, "off"}));
}

}    // namespace
}    // namespace rassist::hold
