#include "relay/enroll.hpp"

#include "common/issuing/store_write.hpp"
#include "common/keys/digest.hpp"
#include "common/system/files_write.hpp"
#include "relay/forced_command.hpp"
#include "tests/unit/sample_key.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

namespace rassist::enroll {
namespace {

using std::chrono::seconds;
using test::sample_key;

Serial serial(std::string_view text) { return *Serial::parse(text); }

Caller identity(std::string_view text) { return Caller{serial(text), {}}; }

EnrollRequest tunnel_request(const PublicKey& key, seconds length = seconds(600)) {
	return EnrollRequest{*Id::parse("1111111111"), *Id::parse("2222222222"), 7, length, key, {}};
}

Grant grant_of(Role role, const std::string& subject, const PublicKey& key) {
	Grant grant{.role = role,
		.subject = subject,
		.key = key,
		.expires = {},
		.issued = 1,
		.window = {},
		.relay = {},
		.reach = {},
		.from = {},
		.scope = {},
		.note = {}};
	if (role == Role::tunnel || role == Role::activation)
		grant.expires = Deadline{2000, {}};
	if (role == Role::tunnel) {
		grant.window = *Id::parse("0123456789");
		grant.relay = "relay";
	}
	return grant;
}

std::string refusal_of(const std::optional<Refusal>& refused) {
	return refused ? std::string(format_refusal(*refused)) : "granted";
}

/// The decision alone.
class EnrollDecision : public testing::Test {
protected:
	[[nodiscard]] Ruling ask(const Result<EnrollRequest>& request) const {
		return decide(serial("sn1"), request, known, config, now);
	}

	Device device{serial("sn1"), "127.64.0.1", false, {}, {}, 1};
	RelayKnowledge known{device, Role::none};
	Config config;
	Now now{1000, 50, "boot"};
};

TEST_F(EnrollDecision, GrantsTheTunnelKeyForAsLongAsTheWindowLives) {
	const Ruling decision = ask(tunnel_request(sample_key()));
	ASSERT_TRUE(decision.grant);
	EXPECT_EQ(decision.grant->role, Role::tunnel);
	EXPECT_EQ(decision.grant->subject, "sn1");
	EXPECT_EQ(decision.grant->key, sample_key());
	EXPECT_EQ(decision.grant->expires->wall, 1600);
	EXPECT_FALSE(decision.grant->expires->boot);
	EXPECT_EQ(decision.grant->window->str(), "2222222222");
	EXPECT_EQ(decision.grant->sequence, 7);
	EXPECT_EQ(decision.grant->relay, "relay");
}

TEST_F(EnrollDecision, CapsTheTimeAtTheRelaysOwnMaximum) {
	config.grant_max = seconds(300);
	EXPECT_EQ(ask(tunnel_request(sample_key(), seconds(301))).grant->expires->wall, 1300);
	EXPECT_EQ(ask(tunnel_request(sample_key(), seconds(299))).grant->expires->wall, 1299);
}

TEST_F(EnrollDecision, RefusesNoTimeAtAll) {
	for (const int length : {0, -1})
		EXPECT_EQ(ask(tunnel_request(sample_key(), seconds(length))).refused, Refusal::malformed);
}

TEST_F(EnrollDecision, TheSerialIsTheKeysAndTheTextMustAgree) {
	EnrollRequest request = tunnel_request(sample_key());
	request.serial = serial("sn1");
	EXPECT_TRUE(ask(request).grant);
	request.serial = serial("sn2");
	EXPECT_EQ(ask(request).refused, Refusal::serial_mismatch);
}

TEST_F(EnrollDecision, TellsADeviceThatItIsUnknownOrBlockedWhateverItAsks) {
	const Result<EnrollRequest> garbage(Error{Fault::invalid, "garbage"});
	for (const auto& request : {Result<EnrollRequest>(tunnel_request(sample_key())), garbage}) {
		known.device = std::nullopt;
		EXPECT_EQ(ask(request).refused, Refusal::serial_unknown);
		device.blocked = true;
		known.device = device;
		EXPECT_EQ(ask(request).refused, Refusal::blocked);
		known.device = Error{Fault::untrusted, "devices/sn1: not root's"};
		EXPECT_EQ(ask(request).refused, Refusal::internal);
	}
}

TEST_F(EnrollDecision, RefusesWhatDoesNotParseWithTheParsersSentence) {
	const Ruling decision = ask(Error{Fault::invalid, "enroll:3: unknown key"});
	EXPECT_EQ(decision.refused, Refusal::malformed);
	EXPECT_EQ(decision.why, "enroll:3: unknown key");
}

TEST_F(EnrollDecision, AKeyHasOneRole) {
	for (const Role role : {Role::identity, Role::staff, Role::activation}) {
		known.key_stands = role;
		EXPECT_EQ(ask(tunnel_request(sample_key())).refused, Refusal::key_taken);
	}
	known.key_stands = Error{Fault::io, "staff/: input/output error"};
	EXPECT_EQ(ask(tunnel_request(sample_key())).refused, Refusal::internal);
}

TEST_F(EnrollDecision, ARevokedWindowIsRefusedForGoodAndItsRecordFailsClosed) {
	known.revoked = true;
	EXPECT_EQ(ask(tunnel_request(sample_key())).refused, Refusal::window_revoked);
	EXPECT_EQ(choose_retry(Refusal::window_revoked), Retry::never);
	known.revoked = Error{Fault::untrusted, "revoked/2222222222: not root's"};
	EXPECT_EQ(ask(tunnel_request(sample_key())).refused, Refusal::internal);
}

/// Ruling and store: a relay's folders, the test's own uid in root's place.
class Enroll : public testing::Test {
protected:
	Enroll() {
		for (const auto& needed :
			{paths.windows(), paths.revoked(), paths.identities(), paths.staff(), paths.devices()})
			test::make(needed);
		test::make(paths.activations(), 0775);
		for (const char* name : {"sn1", "sn2"})
			test::spill(paths.devices() + "/" + name,
				format_device(Device{serial(name), "127.64.0.1", false, {}, {}, 1}));
	}
	void stored(Role role, const std::string& subject, const PublicKey& key) const {
		ASSERT_TRUE(
			put_grant(grant_folder_of(role, paths), grant_of(role, subject, key), false, me));
	}
	[[nodiscard]] std::string owner(Role role, const PublicKey& key) const {
		const auto grant = find_grant(grant_folder_of(role, paths), fingerprint_of(key), me);
		return grant.failed() ? grant.error().what : grant.found() ? grant->subject : "";
	}
	[[nodiscard]] std::string enrolled(const std::string& name, const PublicKey& key) const {
		return refusal_of(
			enrol(identity(name), format_request(tunnel_request(key)), place()).answer.refused);
	}
	[[nodiscard]] Outcome activated(
		const std::string& name, const PublicKey& token, const PublicKey& key) const {
		return enrol(Caller{serial(name), fingerprint_of(token)},
			format_request(ActivateRequest{*Id::parse("1111111111"), key}), place());
	}
	[[nodiscard]] Surroundings place() const {
		return Surroundings{paths, {}, Now{1000, 50, "boot"}, me};
	}
	[[nodiscard]] std::size_t count(Role role) const {
		return list_grants(grant_folder_of(role, paths), me)->grants.size();
	}

	const test::TemporaryFolder folder;
	const uid_t me = geteuid();
	const Paths paths{.state = folder.path(), .run = folder.path()};
};

TEST_F(Enroll, StoresTheGrantAndTellsAddressPortsAndTime) {
	const Outcome outcome =
		enrol(identity("sn1"), format_request(tunnel_request(sample_key())), place());
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
	EXPECT_EQ(exit_status(outcome.answer), EX_OK);
}

TEST_F(Enroll, AQuestionIsAnsweredAndStoresNothing) {
	const std::string question = format_request(CheckRequest{*Id::parse("1111111111")});
	const Outcome known = enrol(identity("sn1"), question, place());
	EXPECT_TRUE(known.checked && !known.answer.refused);
	EXPECT_EQ(known.answer.serial, "sn1");
	EXPECT_EQ(parse_answer(format_answer(known.answer))->time, 1000);
	EXPECT_EQ(
		refusal_of(enrol(identity("sn9"), question, place()).answer.refused), "serial-unknown");
	test::spill(paths.devices() + "/sn2",
		format_device(Device{serial("sn2"), "127.64.0.1", true, {}, {}, 1}));
	EXPECT_EQ(refusal_of(enrol(identity("sn2"), question, place()).answer.refused), "blocked");
	EXPECT_EQ(count(Role::tunnel), 0U);
	// an activation key asks nothing
	EXPECT_EQ(
		refusal_of(enrol(Caller{serial("sn1"), fingerprint_of(sample_key())}, question, place())
					   .answer.refused),
		"malformed");
}

TEST_F(Enroll, ANewKeyReplacesTheDevicesFormerOneAndNobodyElses) {
	EXPECT_EQ(enrolled("sn2", sample_key(9)), "granted");
	EXPECT_EQ(enrolled("sn1", sample_key(1)), "granted");
	EXPECT_EQ(enrolled("sn1", sample_key(1)), "granted");
	EXPECT_EQ(enrolled("sn1", sample_key(2)), "granted");
	EXPECT_EQ(owner(Role::tunnel, sample_key(1)), "");
	EXPECT_EQ(owner(Role::tunnel, sample_key(2)), "sn1");
	EXPECT_EQ(owner(Role::tunnel, sample_key(9)), "sn2");
}

TEST_F(Enroll, PresentingAnothersKeyIsRefusedAndHarmsNobody) {
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

TEST_F(Enroll, OfTwoMachinesWithOneIdentityTheNewerWindowHasThePlace) {
	const auto ask = [&](std::string_view window, const PublicKey& key) {
		EnrollRequest request = tunnel_request(key);
		request.window = *Id::parse(window);
		return enrol(identity("sn1"), format_request(request), place());
	};
	EXPECT_FALSE(ask("aaaaaaaaaa", sample_key(1)).twin);
	EXPECT_FALSE(ask("bbbbbbbbbb", sample_key(2)).twin);
	const Outcome outcome = ask("aaaaaaaaaa", sample_key(1));
	EXPECT_TRUE(outcome.twin);
	EXPECT_EQ(exit_status(outcome.answer), EX_NOPERM);
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

TEST_F(Enroll, BadRequestsStoreNothing) {
	const std::string good = format_request(tunnel_request(sample_key()));
	const std::vector<std::string> bad{"", "garbage", good + "colour = red\n",
		good.substr(0, good.size() / 2), std::string("\0\1\2", 3),
		good + std::string(kRequestMax, '#'),
		format_request(ActivateRequest{*Id::parse("1111111111"), sample_key()})};
	for (const std::string& text : bad) {
		const Outcome outcome = enrol(identity("sn1"), text, place());
		EXPECT_EQ(refusal_of(outcome.answer.refused), "malformed") << text;
		EXPECT_EQ(exit_status(outcome.answer), EX_DATAERR);
		const Result<EnrollAnswer> answer = parse_answer(format_answer(outcome.answer));
		ASSERT_TRUE(answer) << answer.error().what;
		EXPECT_EQ(answer->retry, Retry::never);
	}
	EXPECT_EQ(count(Role::tunnel), 0U);
	EXPECT_EQ(enrolled("sn3", sample_key()), "serial-unknown");
}

TEST_F(Enroll, AFolderThatCannotBeWrittenIsARefusalForNow) {
	ASSERT_TRUE(remove_tree(paths.windows()));
	const Outcome outcome =
		enrol(identity("sn1"), format_request(tunnel_request(sample_key())), place());
	EXPECT_EQ(refusal_of(outcome.answer.refused), "storage");
	EXPECT_EQ(outcome.answer.retry, Retry::later);
	EXPECT_EQ(exit_status(outcome.answer), EX_CANTCREAT);
	EXPECT_EQ(outcome.answer.message.find(folder.path()), std::string::npos)
		<< "a path of the relay is no business of the device";
	EXPECT_NE(outcome.detail.find(folder.path()), std::string::npos);
}

TEST_F(Enroll, AFolderThatIsNotToBeBelievedIsNobodysPermission) {
	ASSERT_EQ(chmod(paths.staff().c_str(), 0777), 0);
	EXPECT_EQ(enrolled("sn1", sample_key()), "internal");
	EXPECT_EQ(count(Role::tunnel), 0U);
}

TEST_F(Enroll, ATokenRegistersOneIdentityOnce) {
	stored(Role::activation, "sn1", sample_key(1));
	EXPECT_EQ(refusal_of(activated("sn1", sample_key(1), sample_key(2)).answer.refused), "granted");
	EXPECT_EQ(owner(Role::identity, sample_key(2)), "sn1");
	EXPECT_EQ(owner(Role::activation, sample_key(1)), "");
	const Outcome second = activated("sn1", sample_key(1), sample_key(3));
	EXPECT_EQ(refusal_of(second.answer.refused), "token-used");
	EXPECT_EQ(exit_status(second.answer), EX_NOPERM);
	EXPECT_EQ(owner(Role::identity, sample_key(3)), "");
}

TEST_F(Enroll, ActivatingAgainReplacesTheIdentity) {
	for (const int round : {1, 2}) {
		stored(Role::activation, "sn1", sample_key(10 + round));
		EXPECT_EQ(
			refusal_of(activated("sn1", sample_key(10 + round), sample_key(round)).answer.refused),
			"granted");
	}
	EXPECT_EQ(owner(Role::identity, sample_key(1)), "");
	EXPECT_EQ(owner(Role::identity, sample_key(2)), "sn1");
}

TEST_F(Enroll, ARefusedActivationKeepsItsToken) {
	stored(Role::activation, "sn1", sample_key(1));
	stored(Role::identity, "sn2", sample_key(2));
	stored(Role::tunnel, "sn1", sample_key(3));
	stored(Role::staff, "sam", sample_key(4));
	for (int taken = 1; taken <= 4; ++taken)
		EXPECT_EQ(refusal_of(activated("sn1", sample_key(1), sample_key(taken)).answer.refused),
			"key-taken")
			<< taken;
	EXPECT_EQ(
		refusal_of(enrol(Caller{serial("sn1"), fingerprint_of(sample_key(1))}, "garbage", place())
					   .answer.refused),
		"malformed");
	EXPECT_EQ(owner(Role::activation, sample_key(1)), "sn1");
	EXPECT_EQ(owner(Role::identity, sample_key(2)), "sn2");
	EXPECT_EQ(refusal_of(activated("sn1", sample_key(1), sample_key(5)).answer.refused), "granted");
}

TEST_F(Enroll, ATokenOfAnotherSerialOrOutOfTimeIsNone) {
	stored(Role::activation, "sn2", sample_key(1));
	EXPECT_EQ(
		refusal_of(activated("sn1", sample_key(1), sample_key(2)).answer.refused), "token-used");
	stored(Role::activation, "sn1", sample_key(3));
	Surroundings later = place();
	later.now.wall = 2000;
	const auto request = format_request(ActivateRequest{*Id::parse("1111111111"), sample_key(2)});
	EXPECT_EQ(refusal_of(enrol(Caller{serial("sn1"), fingerprint_of(sample_key(3))}, request, later)
							 .answer.refused),
		"token-used");
	EXPECT_EQ(count(Role::identity), 0U);
}

TEST_F(Enroll, StoringAfterTheTokenIsGoneSaysSo) {
	stored(Role::activation, "sn1", sample_key(1));
	test::spill(paths.identities() + "/.subjects", "no folder");
	const Outcome outcome = activated("sn1", sample_key(1), sample_key(2));
	EXPECT_EQ(refusal_of(outcome.answer.refused), "storage");
	EXPECT_NE(outcome.answer.message.find("issue a new one"), std::string::npos)
		<< outcome.answer.message;
}

TEST(ReadDocument, EndsAtTheEndOfInputAndKnowsItsLimits) {
	struct Case {
		std::string text;
		bool closed;
		std::string what;
	};
	for (const Case& one :
		{Case{"four", true, "four"}, Case{"", true, ""}, Case{"12345678", true, "12345678"},
			Case{"123456789", true, "too large"}, Case{"four", false, "late"}}) {
		std::array<int, 2> pipe{};
		ASSERT_EQ(::pipe(pipe.data()), 0);
		UniqueFd in(pipe[0]);
		UniqueFd out(pipe[1]);
		ASSERT_TRUE(write_all(out.get(), one.text));
		if (one.closed)
			out.reset();
		const Result<std::string> read =
			forced::read_document(in.get(), 8, std::chrono::milliseconds(one.closed ? 10'000 : 1));
		const std::string said = read                                      ? *read
								 : read.error().code == Fault::too_large   ? "too large"
								 : read.error().code == Fault::unavailable ? "late"
																		   : "?";
		EXPECT_EQ(said, one.what);
	}
}

}    // namespace
}    // namespace rassist::enroll
