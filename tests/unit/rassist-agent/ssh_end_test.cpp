// What the agent makes of ssh's messages and of a relay's answer.
#include "common/base/parse_network.hpp"
#include "rassist-agent/ssh_end.hpp"

#include <gtest/gtest.h>

namespace rassist::agent {
namespace {

using namespace std::chrono_literals;

SshEnd ended(Stage stage, int status, std::string err) {
	return {stage, {"relay.example.com", 443}, std::nullopt, status, std::move(err)};
}

// As OpenSSH 9.2 and socat 1.7.4 wrote them in the C locale.
constexpr std::string_view kChanged =
	"@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n"
	"@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n"
	"@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n"
	"Host key for relay has changed and you have requested strict checking.\r\nHost key "
	"verification failed.\r\n";
constexpr std::string_view kUnknown =
	"No ED25519 host key is known for relay and you have requested strict checking.\r\nHost key "
	"verification failed.\r\n";
constexpr std::string_view kDenied = "rassist-device@relay: Permission denied (publickey).\r\n";

struct SshSays {
	Stage stage;
	std::string_view err;
	Trouble trouble;
};
constexpr SshSays kSshSays[] = {
	{Stage::enrolment, kChanged, Trouble::host_key},
	{Stage::enrolment, kUnknown, Trouble::host_key},
	{Stage::tunnel, kChanged, Trouble::host_key},
	{Stage::enrolment, kDenied, Trouble::identity},
	{Stage::tunnel, kDenied, Trouble::grant_gone},
	{Stage::enrolment,
		"Received disconnect from 203.0.113.10 port 443:2: Too many authentication "
		"failures\r\n",
		Trouble::unreachable},
	{Stage::tunnel, "Error: remote port forwarding failed for listen port 10022\r\n",
		Trouble::port_held},
	{Stage::enrolment, "ssh: connect to host relay port 443: Connection refused\r\n",
		Trouble::unreachable},
	{Stage::enrolment, "ssh: connect to host relay port 443: Connection timed out\r\n",
		Trouble::unreachable},
	{Stage::enrolment, "ssh: connect to host relay port 443: No route to host\r\n",
		Trouble::unreachable},
	{Stage::enrolment, "ssh: connect to host relay port 443: Network is unreachable\r\n",
		Trouble::unreachable},
	{Stage::enrolment,
		"ssh: Could not resolve hostname relay: Temporary failure in name resolution\r\n",
		Trouble::unreachable},
	{Stage::enrolment, "Connection timed out during banner exchange\r\n", Trouble::unreachable},
	{Stage::enrolment, "kex_exchange_identification: banner line contains invalid characters\r\n",
		Trouble::unreachable},
	{Stage::enrolment, "kex_exchange_identification: Connection closed by remote host\r\n",
		Trouble::unreachable},
	{Stage::enrolment,
		"Unable to negotiate with 203.0.113.10 port 443: no matching cipher found. Their "
		"offer: x\r\n",
		Trouble::protocol},
	{Stage::enrolment, "Load key \"/var/lib/rassist/identity\": Permission denied\r\n",
		Trouble::local},
	{Stage::enrolment, "/bin/sh: 1: exec: /usr/bin/socat: not found\n", Trouble::local},
	{Stage::enrolment, "command-line: line 0: Bad configuration option: x\r\n", Trouble::local},
	{Stage::enrolment, "", Trouble::unreachable},
	{Stage::enrolment, "something new\r\n", Trouble::unreachable},
};

TEST(SshEnded, ReadsWhatSshSays) {
	for (const SshSays& one : kSshSays) {
		const Failure failure = classify_ssh_end(ended(one.stage, 255, std::string(one.err)));
		EXPECT_EQ(format_trouble(failure.trouble), format_trouble(one.trouble)) << one.err;
		EXPECT_FALSE(failure.sentence.empty());
		EXPECT_EQ(failure.sentence.find('%'), std::string::npos) << failure.sentence;
	}
}

TEST(SshEnded, TellsAChangedHostKeyFromOneThatIsNotPinned) {
	EXPECT_NE(classify_ssh_end(ended(Stage::enrolment, 255, std::string(kChanged))).sentence,
		classify_ssh_end(ended(Stage::enrolment, 255, std::string(kUnknown))).sentence);
}

TEST(SshEnded, BelievesNothingThatThePeerPutIntoADisconnectMessage) {
	for (const std::string_view lie : {"Host key verification failed.",
			 "x: Permission denied (publickey).", "remote port forwarding failed"}) {
		const auto failure = classify_ssh_end(ended(Stage::enrolment, 255,
			"Received disconnect from 203.0.113.10 port 443:2: " + std::string(lie) + "\r\n"));
		EXPECT_EQ(failure.trouble, Trouble::unreachable) << lie;
	}
}

TEST(SshEnded, ShowsForeignTextOnlyQuotedAndCut) {
	const auto failure = classify_ssh_end(
		ended(Stage::enrolment, 255, "odd \x1b[2J text " + std::string(5000, 'x')));
	EXPECT_EQ(failure.sentence.find('\x1b'), std::string::npos);
	EXPECT_LT(failure.sentence.size(), 400U);
}

TEST(SshEnded, AnEndAfterReadyIsALostTunnelWhateverSshSays) {
	for (const std::string_view err : {"", "Timeout, server relay not responding.\r\n",
			 "client_loop: send disconnect: Broken pipe\r\n",
			 "x: Permission denied (publickey).\r\n"})
		EXPECT_EQ(classify_ssh_end(ended(Stage::established, 255, std::string(err))).trouble,
			Trouble::lost);
	EXPECT_EQ(classify_ssh_end(ended(Stage::established, 0, "")).trouble, Trouble::lost);
}

TEST(SshEnded, TellsTheProxysTroubleFromTheRelays) {
	struct Case {
		std::string_view err;
		std::string_view part;
	};
	for (const Case& one : {Case{"2026/11/21 04:00:00 socat[12] E connect(5, AF=2 192.0.2.1:3128, "
								 "16): Connection refused\nkex_exchange_identification: "
								 "Connection closed by remote host\r\n",
								"does not answer"},
			 Case{"2026/11/21 04:00:00 socat[12] E CONNECT relay.example.com:443: "
				  "Forbidden\nkex_exchange_identification: Connection closed by remote host\r\n",
				 "does not connect to relay"}}) {
		SshEnd end = ended(Stage::enrolment, 255, std::string(one.err));
		end.proxy = HostPort{"proxy.example.com", 3128};
		const auto failure = classify_ssh_end(end);
		EXPECT_EQ(failure.trouble, Trouble::proxy);
		EXPECT_NE(failure.sentence.find(one.part), std::string::npos) << failure.sentence;
	}
}

TEST(SshEnded, ASignalIsNoRefusal) {
	EXPECT_EQ(classify_ssh_end(ended(Stage::tunnel, 128 + 9, "")).trouble, Trouble::lost);
	EXPECT_EQ(classify_ssh_end(ended(Stage::tunnel, 1, "")).trouble, Trouble::relay_failed);
}

// ---- the answer ----

EnrollAnswer granting() {
	EnrollAnswer answer{Id::parse("a0a0a0a0a0").value(), {}, {}, Retry::never, "sn123", "relay1",
		"127.64.0.1", 10022, 10088, 3600s, 1'800'000'000};
	return answer;
}

TEST(SshEnded, ReadsAGrant) {
	const auto outcome = read_enrolment_answer(
		ended(Stage::enrolment, 0, ""), format_answer(granting()), 1'800'000'100);
	const auto* grant = std::get_if<GrantedTunnel>(&outcome);
	ASSERT_NE(grant, nullptr);
	EXPECT_EQ(grant->address, "127.64.0.1");
	EXPECT_EQ(grant->relay_name, "relay1");
	EXPECT_EQ(grant->ssh_port, 10022);
	EXPECT_EQ(grant->lasts, 3600s);
	EXPECT_EQ(grant->clock_ahead, -100s);
}

TEST(SshEnded, ReadsEachRefusal) {
	struct Case {
		Refusal refusal;
		Trouble trouble;
	};
	for (const Case& one :
		{Case{Refusal::internal, Trouble::relay_failed}, Case{Refusal::malformed, Trouble::refused},
			Case{Refusal::serial_unknown, Trouble::serial_unknown},
			Case{Refusal::blocked, Trouble::blocked},
			Case{Refusal::serial_mismatch, Trouble::refused},
			Case{Refusal::key_taken, Trouble::refused}, Case{Refusal::token_used, Trouble::refused},
			Case{Refusal::superseded, Trouble::twin}, Case{Refusal::timeout, Trouble::relay_failed},
			Case{Refusal::storage, Trouble::relay_failed},
			Case{Refusal::elsewhere, Trouble::elsewhere}}) {
		EnrollAnswer answer = granting();
		answer.refused = one.refusal;
		answer.message = "said for a test";
		const auto outcome =
			read_enrolment_answer(ended(Stage::enrolment, 77, ""), format_answer(answer), 0);
		const auto* failure = std::get_if<Failure>(&outcome);
		ASSERT_NE(failure, nullptr);
		EXPECT_EQ(format_trouble(failure->trouble), format_trouble(one.trouble));
		EXPECT_NE(failure->sentence.find("\"said for a test\""), std::string::npos)
			<< failure->sentence;
	}
}

TEST(SshEnded, TakesNothingElseForAnAnswer) {
	const std::string grant = format_answer(granting());
	for (const std::string& text : {std::string("hello\n"), grant.substr(0, grant.size() / 2),
			 grant + "x = y\n", std::string(5000, 'x')}) {
		const auto outcome = read_enrolment_answer(ended(Stage::enrolment, 0, ""), text, 0);
		const auto* failure = std::get_if<Failure>(&outcome);
		ASSERT_NE(failure, nullptr);
		EXPECT_EQ(failure->trouble, Trouble::protocol);
	}
}

TEST(SshEnded, WithoutAnAnswerSshTellsWhy) {
	const auto outcome =
		read_enrolment_answer(ended(Stage::enrolment, 255, std::string(kDenied)), "", 0);
	ASSERT_TRUE(std::holds_alternative<Failure>(outcome));
	EXPECT_EQ(std::get<Failure>(outcome).trouble, Trouble::identity);
}

}    // namespace
}    // namespace rassist::agent
