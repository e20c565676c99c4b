#include "common/wire/enrolment.hpp"

#include "tests/unit/sample_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rassist {
namespace {

using std::chrono::seconds;
using test::sample_key;
using test::sample_rsa_key;

EnrollRequest enroll() {
	return {*Id::parse("0123456789"), *Id::parse("abcdefghjk"), 7, seconds(3600), sample_key(),
		*Serial::parse("sn123")};
}

ActivateRequest activate() { return {*Id::parse("0123456789"), sample_key()}; }

EnrollAnswer granted() {
	return {.id = *Id::parse("0123456789"),
		.refused = {},
		.message = {},
		.serial = "sn123",
		.relay = "relay-1",
		.address = "127.64.0.5",
		.ssh_port = 10022,
		.http_port = 10088,
		.seconds = seconds(3600),
		.time = 1'790'000'000};
}

EnrollAnswer refusal(Refusal why, const std::string& message = "device sn123 is blocked") {
	return {.id = *Id::parse("0123456789"),
		.refused = why,
		.message = message,
		.serial = {},
		.relay = {},
		.address = {}};
}

TEST(Enrolment, RequestsAreReadAsTheyWereWritten) {
	for (const bool with_serial : {true, false})
		for (const auto& key : {sample_key(), sample_rsa_key(8192)}) {
			auto request = enroll();
			request.key = key;
			if (!with_serial)
				request.serial.reset();
			const auto read = parse_enroll_request(format_request(request));
			ASSERT_TRUE(read) << read.error().what;
			EXPECT_EQ(read->id, request.id);
			EXPECT_EQ(read->window, request.window);
			EXPECT_EQ(read->sequence, request.sequence);
			EXPECT_EQ(read->seconds, request.seconds);
			EXPECT_EQ(read->key, request.key);
			EXPECT_EQ(read->serial, request.serial);
		}
	const auto read = parse_activate_request(format_request(activate()));
	ASSERT_TRUE(read) << read.error().what;
	EXPECT_EQ(read->id, activate().id);
	EXPECT_EQ(read->key, activate().key);
}

/// Every text that is not the whole document and nothing else.
template <class Parse> void expect_strict(const std::string& text, Parse parse) {
	ASSERT_TRUE(parse(text)) << parse(text).error().what;
	for (std::size_t length = 0; length < text.size(); ++length)
		EXPECT_FALSE(parse(text.substr(0, length))) << "cut after " << length << " bytes";
	const auto body = text.find('\n') + 1;
	for (std::size_t at = body; at < text.size();) {
		const auto end = text.find('\n', at) + 1;
		EXPECT_FALSE(parse(text + text.substr(at, end - at)))
			<< "twice: " << text.substr(at, end - at);
		at = end;
	}
	for (const std::string& more :
		{std::string("unknown = 1\n"), std::string("[more]\n"), text, std::string("\0\n", 2),
			std::string("\x80\xff\n"), std::string("x\n"), std::string(kRequestMax, '\n')})
		EXPECT_FALSE(parse(text + more)) << more;
	for (std::size_t at = 0; at < text.size(); ++at) {
		std::string binary = text;
		binary[at] = '\0';
		EXPECT_FALSE(parse(binary)) << at;
	}
}

TEST(Enrolment, RequestsAreStrict) {
	expect_strict(format_request(enroll()), parse_enroll_request);
	expect_strict(format_request(activate()), parse_activate_request);
	const CheckRequest check{*Id::parse("0123456789")};
	expect_strict(format_request(check), parse_check_request);
	EXPECT_EQ(parse_check_request(format_request(check))->id, check.id);
	EXPECT_FALSE(parse_enroll_request(format_request(check)));
	EXPECT_FALSE(parse_check_request(format_request(enroll())));
	EXPECT_FALSE(parse_enroll_request(format_request(activate())));
	EXPECT_FALSE(parse_activate_request(format_request(enroll())));
}

TEST(Enrolment, AnswersAreStrict) {
	expect_strict(format_answer(granted()), parse_answer);
	expect_strict(format_answer(refusal(Refusal::blocked)), parse_answer);
}

std::string with(std::string text, const std::string& from, const std::string& to) {
	const auto at = text.find(from);
	EXPECT_NE(at, std::string::npos) << from << " in " << text;
	return text.replace(at, from.size(), to);
}

using Changes = std::vector<std::pair<std::string, std::string>>;

TEST(Enrolment, RefusesRequestsWithAWrongValue) {
	const std::string text = format_request(enroll());
	for (const auto& [from, to] : Changes{
			 {"version = 1", "version = 2"},
			 {"version = 1", "version = 1.1"},
			 {"serial = sn123", "serial = sn_123"},
			 {"serial = sn123", "serial = "},
			 {"window = abcdefghjk", "window = abcdefghj"},
			 {"sequence = 7", "sequence = -7"},
			 {"sequence = 7", "sequence = 7.0"},
			 {"seconds = 3600", "seconds = 0"},
			 {"seconds = 3600", "seconds = 2592001"},
			 {"seconds = 3600", "seconds = 1h"},
			 {"key-type = ssh-ed25519", "key-type = ssh-rsa"},
			 {"key-type = ssh-ed25519", "key-type = ssh-ed25519-cert-v01@openssh.com"},
			 {"id = 0123456789", "id = 012345678u"},
		 })
		EXPECT_FALSE(parse_enroll_request(with(text, from, to))) << to;
}

TEST(Enrolment, AMachineThatWasDisplacedSaysSo) {
	EnrollRequest request = enroll();
	EXPECT_EQ(format_request(request).find("displaced"), std::string::npos);
	request.displaced = true;
	const std::string text = format_request(request);
	EXPECT_TRUE(parse_enroll_request(text)->displaced);
	EXPECT_FALSE(parse_enroll_request(with(text, "displaced = yes", "displaced = maybe")));
}

TEST(Enrolment, AnAnswerNamesWhereTheDeviceIsPublished) {
	EnrollAnswer answer = granted();
	EXPECT_EQ(format_answer(answer).find("publish"), std::string::npos);
	answer.published = {
		{Service::ssh, "203.0.113.10", 20000}, {Service::http, "2001:db8::10", 20001}};
	const std::string text = format_answer(answer);
	EXPECT_EQ(parse_answer(text)->published, answer.published);
	expect_strict(text, parse_answer);
	for (const std::string bad : {"ssh=203.0.113.10", "ssh=127.0.0.1:20000", "ssh=0.0.0.0:20000",
			 "ftp=203.0.113.10:20000", "ssh=relay:20000"})
		EXPECT_FALSE(parse_answer(with(text, "ssh=203.0.113.10:20000", bad))) << bad;
	std::string many;
	for (std::size_t i = 0; i <= kPublishedPlacesMost; ++i)
		many += " ssh=203.0.113.10:" + std::to_string(20002 + i);
	EXPECT_FALSE(parse_answer(with(text, " ssh=203.0.113.10:20000", many)));
}

TEST(Enrolment, ATooLargeDocumentIsSaidToBe) {
	const std::string text = format_request(enroll()) + std::string(kRequestMax, '#') + "\n";
	EXPECT_EQ(parse_enroll_request(text).error().code, Fault::too_large);
	EXPECT_EQ(parse_activate_request(text).error().code, Fault::too_large);
	EXPECT_EQ(parse_answer(text).error().code, Fault::too_large);
}

TEST(Enrolment, AGrantIsReadAsItWasWritten) {
	const auto read = parse_answer(format_answer(granted()));
	ASSERT_TRUE(read) << read.error().what;
	EXPECT_EQ(read->id, granted().id);
	EXPECT_FALSE(read->refused);
	EXPECT_EQ(read->serial, "sn123");
	EXPECT_EQ(read->relay, "relay-1");
	EXPECT_EQ(read->address, "127.64.0.5");
	EXPECT_EQ(read->ssh_port, 10022);
	EXPECT_EQ(read->http_port, 10088);
	EXPECT_EQ(read->seconds, seconds(3600));
	EXPECT_EQ(read->time, 1'790'000'000);
}

TEST(Enrolment, AnActivationIsAnsweredWithoutATunnel) {
	auto answer = granted();
	answer.address.clear();
	const auto read = parse_answer(format_answer(answer));
	ASSERT_TRUE(read) << read.error().what;
	EXPECT_EQ(read->serial, "sn123");
	EXPECT_EQ(read->address, "");
	EXPECT_EQ(read->ssh_port, 0);
}

TEST(Enrolment, TheRelaysAddressIsItsBusinessWhileItIsLocal) {
	for (const char* address :
		{"127.64.0.1", "127.0.0.1", "127.255.255.254", "::1", "fd00::5", "fc12:3456::1"})
		EXPECT_EQ(
			parse_answer(with(format_answer(granted()), "127.64.0.5", address))->address, address);
	for (const char* address : {"", "*", "0.0.0.0", "::", "128.0.0.1", "192.0.2.1", "127.1",
			 "127.0.0.1.1", "127.064.0.1", "localhost", "::1%lo", "[::1]", "2001:db8::1",
			 "::ffff:127.0.0.1", "-oProxyCommand=x", "127.0.0.1 127.0.0.2"})
		EXPECT_FALSE(parse_answer(with(format_answer(granted()), "127.64.0.5", address)))
			<< address;
}

TEST(Enrolment, RefusesAnswersWithAWrongValue) {
	for (const auto& [from, to] : Changes{
			 {"version = 1", "version = 2"},
			 {"result = ok", "result = yes"},
			 {"result = ok", "result = refused"},
			 {"serial = sn123", "serial = -sn123"},
			 {"relay = relay-1", "relay = relay 1"},
			 {"ssh-port = 10022", "ssh-port = 0"},
			 {"http-port = 10088", "http-port = 65536"},
			 {"http-port = 10088\n", ""},
			 {"address = 127.64.0.5\n", ""},
			 {"seconds = 3600", "seconds = 0"},
			 {"time = 1790000000", "time = now"},
			 {"time = 1790000000", "time = 1790000000\nmessage = hello"},
		 })
		EXPECT_FALSE(parse_answer(with(format_answer(granted()), from, to))) << to;
	for (const auto& [from, to] : Changes{
			 {"retry = never", "retry = always"},
			 {"retry = never\n", ""},
			 {"code = blocked\n", ""},
			 {"message = device sn123 is blocked", "message = " + std::string(100, 'm') + "\n " +
													   std::string(100, 'm') + "\n " +
													   std::string(101, 'm')},
			 {"message = device sn123 is blocked", "message = \xc3\xa9"},
			 {"result = refused", "result = ok"},
		 })
		EXPECT_FALSE(parse_answer(with(format_answer(refusal(Refusal::blocked)), from, to))) << to;
}

TEST(Enrolment, ALaterRelayMayAnswerMore) {
	EXPECT_TRUE(
		parse_answer(with(format_answer(granted()), "version = 1", "version = 1.1\nmore = x")));
}

TEST(Enrolment, EveryRefusalSaysWhatToDo) {
	struct Case {
		Refusal refusal;
		const char* word;
		Retry retry;
	};
	for (const auto& [why, word, retry] : {
			 Case{Refusal::internal, "internal", Retry::later},
			 Case{Refusal::malformed, "malformed", Retry::never},
			 Case{Refusal::serial_unknown, "serial-unknown", Retry::never},
			 Case{Refusal::blocked, "blocked", Retry::never},
			 Case{Refusal::serial_mismatch, "serial-mismatch", Retry::never},
			 Case{Refusal::key_taken, "key-taken", Retry::never},
			 Case{Refusal::token_used, "token-used", Retry::never},
			 Case{Refusal::superseded, "superseded", Retry::never},
			 Case{Refusal::timeout, "timeout", Retry::later},
			 Case{Refusal::storage, "storage", Retry::later},
			 Case{Refusal::elsewhere, "elsewhere", Retry::elsewhere},
		 }) {
		EXPECT_EQ(format_refusal(why), word);
		EXPECT_EQ(choose_retry(why), retry);
		const auto read = parse_answer(format_answer(refusal(why)));
		ASSERT_TRUE(read) << read.error().what;
		EXPECT_EQ(read->refused, why);
		EXPECT_EQ(read->retry, retry);
		EXPECT_EQ(read->message, "device sn123 is blocked");
	}
}

TEST(Enrolment, ARefusalThisVersionDoesNotKnowKeepsItsRetry) {
	for (const auto& [word, retry] : {std::pair{"never", Retry::never}, {"later", Retry::later},
			 {"elsewhere", Retry::elsewhere}}) {
		const auto text =
			with(with(format_answer(refusal(Refusal::blocked)), "blocked\n", "on-holiday\n"),
				"retry = never", std::string("retry = ") + word);
		const auto read = parse_answer(text);
		ASSERT_TRUE(read) << read.error().what;
		EXPECT_EQ(read->refused, Refusal::internal);
		EXPECT_EQ(read->retry, retry);
	}
}

TEST(Enrolment, AMessageIsOnePrintableLineOnTheWire) {
	const auto message = [](const std::string& text) {
		return parse_answer(format_answer(refusal(Refusal::internal, text)))->message;
	};
	EXPECT_EQ(
		message("unknown key \"x\" ; # is no comment"), "unknown key \"x\" , # is no comment");
	EXPECT_EQ(message(" a\n\n  b\x1b[2Jc\xe2\x80\xa6 "), "a b?[2Jc???");
	EXPECT_EQ(message(std::string(5000, 'm')), std::string(300, 'm'));
	EXPECT_EQ(message(""), "refused");
	EXPECT_LE(
		format_answer(refusal(Refusal::internal, std::string(5000, 'm'))).size(), kRequestMax);
}

}    // namespace
}    // namespace rassist
