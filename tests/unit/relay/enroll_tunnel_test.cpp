// A device enrols its tunnel key: what is stored, and what it is told.
#include "common/system/files_write.hpp"
#include "tests/unit/relay/enroll_relay.hpp"

#include <sys/stat.h>
#include <sysexits.h>

#include <vector>

namespace rassist::enroll {
namespace {

class EnrollTunnel : public Enroll {};

TEST_F(EnrollTunnel, StoresTheGrantAndTellsAddressPortsAndTime) {
	const EnrollOutcome outcome =
		answer_request(identity("sn1"), format_request(tunnel_request(sample_key())), context());
	EXPECT_EQ(owner(Role::tunnel, sample_key()), "sn1");
	const Result<EnrollAnswer> answer = parse_answer(format_answer(outcome.answer));
	ASSERT_TRUE(answer) << answer.error().what;
	EXPECT_FALSE(answer->refused);
	EXPECT_EQ(answer->id.str(), "1111111111");
	EXPECT_EQ(answer->serial, "sn1");
	EXPECT_EQ(answer->relay, "relay");
	EXPECT_EQ(answer->address, "127.64.0.1");
	EXPECT_EQ(answer->ssh_port, kSshPort);
	EXPECT_EQ(answer->http_port, kHttpPort);
	EXPECT_EQ(answer->seconds, seconds(600));
	EXPECT_EQ(answer->time, 1000);
	EXPECT_EQ(exit_status_of(outcome.answer), EX_OK);
}

TEST_F(EnrollTunnel, AQuestionIsAnsweredAndStoresNothing) {
	const std::string question = format_request(CheckRequest{*Id::parse("1111111111")});
	const EnrollOutcome known = answer_request(identity("sn1"), question, context());
	EXPECT_TRUE(known.checked && !known.answer.refused);
	EXPECT_EQ(known.answer.serial, "sn1");
	EXPECT_EQ(parse_answer(format_answer(known.answer))->time, 1000);
	EXPECT_EQ(refusal_of(answer_request(identity("sn9"), question, context()).answer.refused),
		"serial-unknown");
	test::spill(paths.devices() + "/sn2",
		format_device(Device{serial("sn2"), "127.64.0.1", true, {}, {}, 1}));
	EXPECT_EQ(
		refusal_of(answer_request(identity("sn2"), question, context()).answer.refused), "blocked");
	EXPECT_EQ(count(Role::tunnel), 0U);
	// an activation key asks nothing
	EXPECT_EQ(refusal_of(answer_request(
				  EnrollCaller{serial("sn1"), fingerprint_of(sample_key())}, question, context())
							 .answer.refused),
		"malformed");
}

TEST_F(EnrollTunnel, ANewKeyReplacesTheDevicesFormerOneAndNobodyElses) {
	EXPECT_EQ(enrolled("sn2", sample_key(9)), "granted");
	EXPECT_EQ(enrolled("sn1", sample_key(1)), "granted");
	EXPECT_EQ(enrolled("sn1", sample_key(1)), "granted");
	EXPECT_EQ(enrolled("sn1", sample_key(2)), "granted");
	EXPECT_EQ(owner(Role::tunnel, sample_key(1)), "");
	EXPECT_EQ(owner(Role::tunnel, sample_key(2)), "sn1");
	EXPECT_EQ(owner(Role::tunnel, sample_key(9)), "sn2");
}

TEST_F(EnrollTunnel, PresentingAnothersKeyIsRefusedAndHarmsNobody) {
	stored(Role::tunnel, "sn2", sample_key(1));
	stored(Role::identity, "sn2", sample_key(2));
	stored(Role::staff, "sam", sample_key(3));
	stored(Role::activation, "sn2", sample_key(4));
	stored(Role::identity, "sn1", sample_key(5));
	for (int which = 1; which <= 5; ++which)
		EXPECT_EQ(enrolled("sn1", sample_key(which)), "key-taken") << which;
	EXPECT_EQ(owner(Role::tunnel, sample_key(1)), "sn2");
	EXPECT_EQ(count(Role::tunnel), 1U);
	EXPECT_EQ(enrolled("sn2", sample_key(1)), "granted");
}

TEST_F(EnrollTunnel, OfTwoMachinesWithOneIdentityTheNewerWindowHasThePlace) {
	const auto ask = [&](std::string_view window, const PublicKey& key) {
		EnrollRequest request = tunnel_request(key);
		request.window = *Id::parse(window);
		return answer_request(identity("sn1"), format_request(request), context());
	};
	EXPECT_FALSE(ask("aaaaaaaaaa", sample_key(1)).twin);
	EXPECT_FALSE(ask("bbbbbbbbbb", sample_key(2)).twin);
	const EnrollOutcome outcome = ask("aaaaaaaaaa", sample_key(1));
	EXPECT_TRUE(outcome.twin);
	EXPECT_EQ(exit_status_of(outcome.answer), EX_NOPERM);
	const Result<EnrollAnswer> answer = parse_answer(format_answer(outcome.answer));
	ASSERT_TRUE(answer) << answer.error().what;
	EXPECT_EQ(refusal_of(answer->refused), "superseded");
	EXPECT_EQ(answer->retry, Retry::never);
	EXPECT_EQ(answer->message, outcome.answer.message) << "it comes whole";
	EXPECT_EQ(owner(Role::tunnel, sample_key(1)), "") << "the older key is not accepted";
	const auto now = find_grant_of(grant_folder_of(Role::tunnel, paths), "sn1", me);
	EXPECT_EQ(now->key, sample_key(2));
	EXPECT_EQ(now->twin, 1000);
}

TEST_F(EnrollTunnel, BadRequestsStoreNothing) {
	const std::string good = format_request(tunnel_request(sample_key()));
	const std::vector<std::string> bad{"", "garbage", good + "colour = red\n",
		good.substr(0, good.size() / 2), std::string("\0\1\2", 3),
		good + std::string(kRequestMax, '#'),
		format_request(ActivateRequest{*Id::parse("1111111111"), sample_key()})};
	for (const std::string& text : bad) {
		const EnrollOutcome outcome = answer_request(identity("sn1"), text, context());
		EXPECT_EQ(refusal_of(outcome.answer.refused), "malformed") << text;
		EXPECT_EQ(exit_status_of(outcome.answer), EX_DATAERR);
		const Result<EnrollAnswer> answer = parse_answer(format_answer(outcome.answer));
		ASSERT_TRUE(answer) << answer.error().what;
		EXPECT_EQ(answer->retry, Retry::never);
	}
	EXPECT_EQ(count(Role::tunnel), 0U);
	EXPECT_EQ(enrolled("sn3", sample_key()), "serial-unknown");
}

TEST_F(EnrollTunnel, AFolderThatCannotBeWrittenIsARefusalForNow) {
	ASSERT_TRUE(remove_tree(paths.windows()));
	const EnrollOutcome outcome =
		answer_request(identity("sn1"), format_request(tunnel_request(sample_key())), context());
	EXPECT_EQ(refusal_of(outcome.answer.refused), "storage");
	EXPECT_EQ(outcome.answer.retry, Retry::later);
	EXPECT_EQ(exit_status_of(outcome.answer), EX_CANTCREAT);
	EXPECT_EQ(outcome.answer.message.find(folder.path()), std::string::npos)
		<< "a path of the relay is no business of the device";
	EXPECT_NE(outcome.detail.find(folder.path()), std::string::npos);
}

TEST_F(EnrollTunnel, AFolderThatIsNotToBeBelievedIsNobodysPermission) {
	ASSERT_EQ(chmod(paths.staff().c_str(), 0777), 0);
	EXPECT_EQ(enrolled("sn1", sample_key()), "internal");
	EXPECT_EQ(count(Role::tunnel), 0U);
}

}    // namespace
}    // namespace rassist::enroll
