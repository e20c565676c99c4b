#include "rassist/relay/publication_write.hpp"

#include "common/base/unique_fd.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rassist {
namespace {

/// A relay's folders, with this process's uid as root.
class PublishedTest : public testing::Test {
protected:
	PublishedTest() {
		std::string base = testing::TempDir() + "publishedXXXXXX";
		base_ = mkdtemp(base.data());
		paths.state = base_ + "/state";
		paths.guard_run = base_ + "/guard";
		for (const auto& folder : {paths.state, paths.published(), paths.guard_run})
			EXPECT_EQ(::mkdir(folder.c_str(), 0755), 0);
	}
	~PublishedTest() override { static_cast<void>(remove_tree(base_)); }

	void guard(const Guarding& guarding) {
		ASSERT_TRUE(write_file(
			paths.guarding(), format_guarding(guarding), Attributes{.owner = {}, .group = {}}));
		lock_ = UniqueFd(::open(paths.guard_lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
		struct flock lock {};
		lock.l_type = F_WRLCK;
		ASSERT_EQ(::fcntl(lock_.get(), F_OFD_SETLK, &lock), 0);
	}
	void guard_dies() { lock_.reset(); }

	[[nodiscard]] Result<Publication> publish(const std::string& name,
		std::vector<Service> services, PortRange ports = {20000, 20003}) const {
		return rassist::publish(
			paths, serial(name), services, ports, [this](int port) { return port == taken; });
	}
	[[nodiscard]] PublishedPlaces at_this_moment(const std::string& name) const {
		return read_published_places(paths, serial(name), geteuid());
	}
	static Serial serial(const std::string& text) { return Serial::parse(text).value(); }

	Paths paths;
	int taken = 0;

private:
	std::string base_;
	UniqueFd lock_;
};

constexpr Service kSsh = Service::ssh;
constexpr Service kHttp = Service::http;

TEST_F(PublishedTest, EachServiceGetsTheLowestFreePort) {
	EXPECT_EQ(publish("sn1", {kSsh, kHttp})->ports,
		(std::map<Service, int>{{kSsh, 20000}, {kHttp, 20001}}));
	taken = 20002;
	EXPECT_EQ(publish("sn2", {kHttp})->ports, (std::map<Service, int>{{kHttp, 20003}}))
		<< "20002 is another program's";
	const auto full = publish("sn3", {kSsh});
	ASSERT_FALSE(full);
	EXPECT_EQ(full.error().code, Fault::not_found);
	EXPECT_TRUE(find_publication(paths, serial("sn3"), geteuid()).absent());
}

TEST_F(PublishedTest, APortStaysAsLongAsItsServiceIsPublished) {
	ASSERT_TRUE(publish("sn1", {kSsh, kHttp}));
	EXPECT_EQ(publish("sn1", {kHttp})->ports, (std::map<Service, int>{{kHttp, 20001}}));
	EXPECT_EQ(publish("sn2", {kSsh})->ports, (std::map<Service, int>{{kSsh, 20000}}))
		<< "given back, given out again";
	EXPECT_EQ(publish("sn1", {kHttp, kSsh})->ports,
		(std::map<Service, int>{{kHttp, 20001}, {kSsh, 20002}}));
	EXPECT_EQ(
		publish("sn1", {kHttp}, {30000, 30003})->ports, (std::map<Service, int>{{kHttp, 30000}}))
		<< "outside of the new range";
	EXPECT_TRUE(publish("sn1", {})->ports.empty());
	EXPECT_TRUE(find_publication(paths, serial("sn1"), geteuid()).absent());
	EXPECT_TRUE(unpublish(paths, serial("sn1"))) << "nothing to give back";
}

TEST_F(PublishedTest, ADamagedRecordGivesNoPortOutTwice) {
	ASSERT_TRUE(publish("sn1", {kSsh}));
	ASSERT_TRUE(
		write_file(paths.published() + "/sn1", "[published]\nversion = 1\nssh = 80\nserial = sn1\n",
			Attributes{.owner = {}, .group = {}}));
	EXPECT_FALSE(publish("sn2", {kSsh}));
}

TEST_F(PublishedTest, ARecordIsReadAsItIsWritten) {
	const Publication publication{serial("sn1"), {{kSsh, 20000}, {kHttp, 20001}}};
	const auto read = parse_publication(format_publication(publication), "sn1");
	ASSERT_TRUE(read) << read.error().what;
	EXPECT_EQ(read->ports, publication.ports);
	EXPECT_FALSE(parse_publication("[published]\nversion = 1\nssh = 20000\n", "cut short"));
	EXPECT_FALSE(
		parse_publication("[published]\nversion = 1\nftp = 20000\nserial = sn1\n", "unknown"));
}

TEST_F(PublishedTest, AnothersRecordIsNotBelieved) {
	ASSERT_TRUE(publish("sn1", {kSsh}));
	ASSERT_EQ(
		::rename((paths.published() + "/sn1").c_str(), (paths.published() + "/sn2").c_str()), 0);
	guard({{"203.0.113.10"}, {20000, 20003}, {}});
	EXPECT_TRUE(at_this_moment("sn2").places.empty());
	EXPECT_NE(at_this_moment("sn2").withheld.find("another device"), std::string::npos);
}

TEST_F(PublishedTest, NothingIsPublishedThatNobodyRegistered) {
	guard({{"203.0.113.10"}, {20000, 20003}, {}});
	EXPECT_TRUE(at_this_moment("sn1").places.empty());
	EXPECT_EQ(at_this_moment("sn1").withheld, "");
}

TEST_F(PublishedTest, EachServiceIsOnEachGuardedAddress) {
	ASSERT_TRUE(publish("sn1", {kSsh, kHttp}));
	guard({{"203.0.113.10", "2001:db8::10"}, {20000, 20003}, {}});
	EXPECT_EQ(format_published_places(at_this_moment("sn1").places),
		"ssh=203.0.113.10:20000 ssh=[2001:db8::10]:20000 http=203.0.113.10:20001 "
		"http=[2001:db8::10]:20001");
}

TEST_F(PublishedTest, NothingIsPublishedWithoutTheGuard) {
	ASSERT_TRUE(publish("sn1", {kSsh}));
	EXPECT_TRUE(at_this_moment("sn1").places.empty());
	guard({{"203.0.113.10"}, {20000, 20003}, {}});
	EXPECT_EQ(at_this_moment("sn1").places.size(), 1U);
	guard_dies();
	EXPECT_TRUE(at_this_moment("sn1").places.empty()) << "its file still lies there";
	EXPECT_NE(at_this_moment("sn1").withheld.find("guard rules are not loaded"), std::string::npos);
}

TEST_F(PublishedTest, NothingIsPublishedThatTheGuardDoesNotStandBefore) {
	ASSERT_TRUE(publish("sn1", {kSsh, kHttp}));
	guard({{"203.0.113.10"}, {20001, 20003}, {}});
	EXPECT_EQ(format_published_places(at_this_moment("sn1").places), "http=203.0.113.10:20001");
	EXPECT_NE(
		at_this_moment("sn1").withheld.find("20000, is not in publish-ports"), std::string::npos);
	guard({{}, {20000, 20003}, "it is off"});
	EXPECT_TRUE(at_this_moment("sn1").places.empty());
	EXPECT_EQ(at_this_moment("sn1").withheld, "it is off");
}

}    // namespace
}    // namespace rassist
