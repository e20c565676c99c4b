// What a person of staff is shown on the relay.
#include "relay/desk.hpp"

#include "common/issuing/store_write.hpp"
#include "common/keys/digest.hpp"
#include "common/records/taken_devices.hpp"
#include "relay/desk_json.hpp"
#include "relay/desk_take.hpp"
#include "relay/ready_lock.hpp"
#include "tests/unit/relay/sample_grant.hpp"
#include "tests/unit/sample_key.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

#include <unistd.h>

#include <string>
#include <vector>

namespace rassist::desk {
namespace {

using test::sample_grant;
using test::sample_key;

Serial serial(std::string_view text) { return *Serial::parse(text); }

Grant staff(const std::vector<std::string>& scopes) {
	Grant grant = sample_grant(Role::staff, "sam", sample_key());
	for (const std::string& scope : scopes)
		grant.scope.push_back(*Scope::parse(scope));
	return grant;
}

Grant tunnel(const std::string& subject, std::int64_t until, int which = 2) {
	return sample_grant(Role::tunnel, subject, sample_key(which), until);
}

TEST(DeskCommand, IsAListAShowOrHelpAndNothingElse) {
	struct Case {
		const char* text;
		DeskVerb verb;
		bool json;
	};
	for (const Case& one : {Case{"", DeskVerb::list, false}, Case{"list", DeskVerb::list, false},
			 Case{"list --json", DeskVerb::list, true}, Case{"desk list", DeskVerb::list, false},
			 Case{"desk", DeskVerb::list, false}, Case{"  show \t sn1  ", DeskVerb::show, false},
			 Case{"show SN1 --json", DeskVerb::show, true}, Case{"help", DeskVerb::help, false},
			 Case{"--help", DeskVerb::help, false}, Case{"take SN1", DeskVerb::take, false},
			 Case{"desk take sn1", DeskVerb::take, false}}) {
		const Result<DeskCommand> command = parse_command(one.text);
		ASSERT_TRUE(command) << one.text;
		EXPECT_EQ(command->verb, one.verb) << one.text;
		EXPECT_EQ(command->json, one.json) << one.text;
		EXPECT_EQ(
			command->serial.has_value(), one.verb == DeskVerb::show || one.verb == DeskVerb::take)
			<< one.text;
	}
	for (const char* text :
		{"id", "list;id", "list --yaml", "list x", "show", "show ../x", "show sn1 sn2",
			"show sn1;id", "show sn1 --json x", "sh -c id", "help --json", "desk desk", "take",
			"take sn1 sn2", "take sn1 --json", "take ../x", "scp -t /", "list\nid"})
		EXPECT_FALSE(parse_command(text)) << text;
}

TEST(DeskDeviceView, TellsWhyADeviceCannotBeReached) {
	const Now now{1000, 50, "boot"};
	const Device device{
		serial("sn1"), "127.64.0.1", false, {*Name::parse("acme")}, "the one in the cellar", 1};
	Device blocked = device;
	blocked.blocked = true;
	struct Case {
		std::vector<std::string> scopes;
		DeviceRecords known;
		DeviceState state;
	};
	const std::vector<Case> cases{
		{{"sn1"}, {device, tunnel("sn1", 2000), 900}, DeviceState::open},
		{{"@acme"}, {device, tunnel("sn1", 2000), 900}, DeviceState::open},
		{{"sn1"}, {device, tunnel("sn1", 2000), {}}, DeviceState::tunnel_down},
		{{"sn1"}, {device, tunnel("sn1", 1000), 900}, DeviceState::closed},
		{{"sn1"}, {device, {}, 900}, DeviceState::closed},
		{{"sn1"}, {device, {}, {}, false}, DeviceState::not_activated},
		{{"sn1"}, {blocked, tunnel("sn1", 2000), 900}, DeviceState::blocked},
		{{"sn2", "@other"}, {device, tunnel("sn1", 2000), 900}, DeviceState::hidden},
		{{}, {device, tunnel("sn1", 2000), 900}, DeviceState::hidden},
		{{"*"}, {{}, tunnel("sn1", 2000), 900}, DeviceState::hidden},
	};
	for (const Case& one : cases)
		EXPECT_EQ(view_device(serial("sn1"), staff(one.scopes), one.known, now).state, one.state)
			<< testing::PrintToString(one.scopes);
}

TEST(DeskDeviceView, UnknownAndOutOfScopeReadTheSame) {
	const Now now{1000, 50, "boot"};
	const Device device{serial("sn1"), "127.64.0.1", true, {}, "secret note", 1};
	const DeviceView out =
		view_device(serial("sn1"), staff({"sn2"}), {device, tunnel("sn1", 2000), 900}, now);
	const DeviceView unknown = view_device(serial("sn1"), staff({"*"}), {}, now);
	EXPECT_EQ(format_device_view(out, now), format_device_view(unknown, now));
	EXPECT_EQ(format_device_view_json(out, now), format_device_view_json(unknown, now));
}

/// A relay with devices, of which some hold their tunnel.
class Desk : public testing::Test {
protected:
	Desk() {
		for (const auto& needed : {paths.windows(), paths.staff(), paths.devices(), paths.ready()})
			test::make(needed);
	}
	void device(const std::string& name, bool blocked, std::int64_t until, int key) const {
		test::spill(paths.devices() + "/" + name,
			format_device(Device{serial(name), "127.64.0.1", blocked, {}, "note of " + name, 1}));
		ASSERT_TRUE(
			put_grant(grant_folder_of(Role::tunnel, paths), tunnel(name, until, key), false, me));
	}

	const test::TemporaryFolder folder;
	const uid_t me = geteuid();
	const Paths paths{.state = folder.path(), .run = folder.path()};
	const Now now{1000, 50, "boot"};
};

TEST_F(Desk, ListsWhatIsOpenNowAndInScope) {
	device("sn1", false, 2000, 1);
	device("sn2", true, 2000, 2);
	device("sn3", false, 1000, 3);
	device("sn4", false, 2000, 4);
	device("other", false, 2000, 5);
	std::vector<hold::ReadyLock> held;
	for (const char* name : {"sn1", "sn2", "sn3", "other", "ghost"})
		held.push_back(*hold::ReadyLock::take(paths, serial(name)));
	const auto views = list_open_devices(paths, staff({"sn*", "ghost"}), now, me);
	ASSERT_TRUE(views);
	ASSERT_EQ(views->size(), 1U);
	EXPECT_EQ(views->front().serial.str(), "sn1");
	EXPECT_EQ(views->front().until, 2000);
	EXPECT_EQ(views->front().note, "note of sn1");
	EXPECT_GT(views->front().since, 0);
	EXPECT_EQ(list_open_devices(paths, staff({"*"}), now, me)->size(), 2U);
	EXPECT_TRUE(list_open_devices(paths, staff({}), now, me)->empty());
}

TEST_F(Desk, TakeNotesWhatIsOpenAndInScopeAlone) {
	test::make(paths.taken());
	device("sn1", false, 2000, 1);
	device("sn2", true, 2000, 2);
	device("sn3", false, 2000, 3);
	device("other", false, 2000, 5);
	std::vector<hold::ReadyLock> held;
	for (const char* name : {"sn1", "sn2", "other"})
		held.push_back(*hold::ReadyLock::take(paths, serial(name)));
	const Grant person = staff({"sn*"});
	const auto told = take_device(paths, person, serial("sn1"), now, me);
	ASSERT_TRUE(told) << told.error().what;
	EXPECT_NE(told->find("ssh sn1.rassist"), std::string::npos);
	EXPECT_NE(told->find("ControlMaster"), std::string::npos);
	EXPECT_EQ(read_taken_devices(paths, "sam"), (std::vector{serial("sn1")}));
	EXPECT_EQ(take_device(paths, person, serial("other"), now, me).error().code, Fault::not_found);
	EXPECT_EQ(take_device(paths, person, serial("nobody"), now, me).error().what,
		"nobody is not registered here, or is not in your scope.");
	EXPECT_EQ(take_device(paths, person, serial("sn2"), now, me).error().code, Fault::unavailable);
	EXPECT_EQ(take_device(paths, person, serial("sn3"), now, me).error().code, Fault::unavailable);
	EXPECT_EQ(read_taken_devices(paths, "sam"), (std::vector{serial("sn1")}));
	ASSERT_TRUE(take_device(paths, staff({"*"}), serial("other"), now, me));
	EXPECT_EQ(read_taken_devices(paths, "sam"), (std::vector{serial("other"), serial("sn1")}));
	EXPECT_TRUE(read_taken_devices(paths, "kim").empty());
}

TEST(DeskText, SaysThatThereIsMoreThanOneConnectionCarries) {
	EXPECT_EQ(format_more_hint(1000), "");
	EXPECT_NE(format_more_hint(1001).find("1001 devices are open to you"), std::string::npos);
	EXPECT_NE(format_more_hint(1001).find("take SERIAL"), std::string::npos);
}

TEST_F(Desk, APersonIsTheGrantOfTheKeyThatWasUsed) {
	const Fingerprint key = fingerprint_of(sample_key());
	EXPECT_EQ(find_person(paths, key, now, me).error().code, Fault::denied);
	Grant grant = staff({"sn*"});
	grant.expires = Deadline{1001, {}};
	ASSERT_TRUE(put_grant(grant_folder_of(Role::staff, paths), grant, false, me));
	EXPECT_EQ(find_person(paths, key, now, me)->subject, "sam");
	EXPECT_EQ(find_person(paths, key, Now{1001, 50, "boot"}, me).error().code, Fault::denied);
}

DeviceView view(DeviceState state, const std::string& name = "sn1") {
	return DeviceView{.serial = serial(name),
		.state = state,
		.note = {},
		.probe = {},
		.ended = {},
		.refusal = {},
		.connections = {}};
}

TEST(DeskDeviceView, EndsWithAStatusForScripts) {
	EXPECT_EQ(exit_status_of(DeviceState::open), EX_OK);
	EXPECT_EQ(exit_status_of(DeviceState::hidden), EX_NOHOST);
	for (const DeviceState state : {DeviceState::blocked, DeviceState::not_activated,
			 DeviceState::closed, DeviceState::tunnel_down, DeviceState::no_answer})
		EXPECT_EQ(exit_status_of(state), EX_UNAVAILABLE) << state_word(state);
}

TEST(DeskDeviceView, OnlyWhatAnswersIsOpen) {
	for (const ProbeResult result :
		{ProbeResult::no_answer, ProbeResult::refused, ProbeResult::closed, ProbeResult::not_ssh})
		EXPECT_EQ(with_probe(view(DeviceState::open), Probe{result, 900, {}}).state,
			DeviceState::no_answer)
			<< format_probe_result(result);
	EXPECT_EQ(with_probe(view(DeviceState::open), Probe{ProbeResult::answers, 900, {}}).state,
		DeviceState::open);
	EXPECT_EQ(with_probe(view(DeviceState::open), {}).state, DeviceState::open)
		<< "nobody was asked";
	EXPECT_EQ(with_probe(view(DeviceState::closed), Probe{ProbeResult::answers, 900, {}}).state,
		DeviceState::closed);
}

TEST(DeskDeviceView, TellsWhenTheLastWindowEndedAndWhyItIsNotThere) {
	const Now now{1000, 50, "boot"};
	const Device device{serial("sn1"), "127.64.0.1", false, {}, "", 1};
	const LastEvent ended{
		800, "failed", "the connection has ended", Id::parse("0123456789").value(), {}};
	const LastEvent refused{
		850, "blocked", "sn1 is blocked on this relay", Id::parse("9876543210").value(), {}};
	const auto of = [&](const DeviceRecords& known) {
		return format_device_view(view_device(serial("sn1"), staff({"*"}), known, now), now);
	};
	const auto says = [](const std::string& text, std::string_view wanted) {
		return text.find(wanted) != std::string::npos;
	};

	EXPECT_TRUE(says(of({device, {}, {}, true, {}, {}}), "no window of it was seen here lately"));
	EXPECT_TRUE(says(
		of({device, {}, {}, true, ended, {}}), "its last window ended at 1970-01-01T00:13:20Z"));
	EXPECT_TRUE(says(of({device, tunnel("sn1", 900), {}, true, ended, {}}),
		"its last window ended at 1970-01-01T00:15:00Z"))
		<< "the later of the two";
	const std::string down = of({device, tunnel("sn1", 2000), {}, true, ended, {}});
	EXPECT_TRUE(says(down, "is not connected since 1970-01-01T00:13:20Z")) << down;
	EXPECT_TRUE(says(down, "rassist why 0123456789")) << down;
	EXPECT_TRUE(says(of({device, {}, {}, false, {}, {}}), "was never activated"));
	EXPECT_TRUE(says(of({device, {}, {}, true, {}, refused}),
		"sn1 is blocked on this relay (on the relay: rassist why 9876543210)"));
	Grant later = tunnel("sn1", 2000);
	later.issued = 900;
	EXPECT_FALSE(says(of({device, later, 950, true, {}, refused}), "9876543210"))
		<< "something good came after";
}

TEST(DeskText, IsATableWithoutTrailingBlanks) {
	const Now now{1000, 50, "boot"};
	DeviceView one = view(DeviceState::open);
	one.since = 900;
	one.until = 1090;
	DeviceView other = view(DeviceState::no_answer, "a-longer-one");
	other.since = 900;
	other.until = 4600;
	other.note = "in the cellar";
	other.probe = Probe{ProbeResult::no_answer, 998, std::chrono::milliseconds(2000)};
	EXPECT_EQ(format_list({one, other}, now),
		"DEVICE        ITS SSH                 SINCE                 UNTIL                 LEFT    "
		"  NOTE\n"
		"sn1           not asked               1970-01-01T00:15:00Z  1970-01-01T00:18:10Z  1m 30s\n"
		"a-longer-one  no answer, 2s ago       1970-01-01T00:15:00Z  1970-01-01T01:16:40Z  1h      "
		"  in the cellar\n");
	EXPECT_EQ(format_list({}, now), "No device that you may reach is open now.\n");
}

TEST(DeskText, IsJsonWhereAskedFor) {
	const Now now{1000, 50, "boot"};
	EXPECT_EQ(format_list_json({}, now), "{\n  \"devices\": []\n}\n");
	DeviceView open = view(DeviceState::open);
	open.since = 900;
	open.until = 1090;
	open.note = "a \"note\" \xff";
	open.probe = Probe{ProbeResult::answers, 990, std::chrono::milliseconds(12)};
	EXPECT_EQ(format_device_view_json(open, now),
		"{\n  \"serial\": \"sn1\",\n  \"state\": \"open\",\n  \"since\": "
		"\"1970-01-01T00:15:00Z\",\n  \"until\": \"1970-01-01T00:18:10Z\",\n  \"left\": 90,\n"
		"  \"probe\": {\n    \"result\": \"answers\",\n    \"at\": \"1970-01-01T00:16:30Z\",\n    "
		"\"age\": 10,\n    \"took_ms\": 12\n  },\n"
		"  \"note\": \"a \\\"note\\\" ?\"\n}\n");
	EXPECT_EQ(format_device_view_json(view(DeviceState::closed), now),
		"{\n  \"serial\": \"sn1\",\n  \"state\": \"closed\"\n}\n");
}

}    // namespace
}    // namespace rassist::desk
