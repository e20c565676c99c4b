#include "rassist/frame/table.hpp"

#include "rassist/frame/actions.hpp"
#include "rassist/frame/join.hpp"

#include <algorithm>

namespace rassist::cli {

namespace {

constexpr Option kJson[] = {{"json", ""}};
constexpr Option kOpen[] = {{"for", "DURATION"}};
constexpr Option kExtend[] = {{"for", "DURATION", OptionCount::once}};
constexpr Option kShow[] = {{"code", ""}, {"json", ""}};
constexpr Option kSessions[] = {{"json", ""}, {"enforce", ""}};
constexpr Option kHistory[] = {{"since", "TIME"}, {"limit", "NUMBER"}, {"json", ""}};
constexpr Option kDeviceAdd[] = {
	{"group", "GROUP", OptionCount::any}, {"note", "TEXT"}, {"token-for", "DURATION"}};
constexpr Option kDeviceImport[] = {{"format", "csv|json"}};
constexpr Option kDeviceList[] = {{"state", "open|closed|blocked"}, {"json", ""}};
constexpr Option kDeviceToken[] = {{"token-for", "DURATION"}};
constexpr Option kDevicePublish[] = {{"none", ""}};
constexpr Option kStaffAdd[] = {{"key", "FILE|-|KEY", OptionCount::once},
	{"devices", "PATTERN", OptionCount::any}, {"from", "NETWORK|any", OptionCount::any},
	{"note", "TEXT"}};
constexpr Option kStaffSet[] = {{"devices", "PATTERN", OptionCount::any},
	{"from", "NETWORK|any", OptionCount::any}, {"note", "TEXT"}};
constexpr Option kStaffRemove[] = {{"key", "FINGERPRINT"}};
constexpr Option kDeviceSet[] = {
	{"join", "GROUP", OptionCount::any}, {"leave", "GROUP", OptionCount::any}, {"note", "TEXT"}};
constexpr Option kTidy[] = {{"groups", ""}};
constexpr Option kDoctor[] = {{"only", "CHECK", OptionCount::any}, {"fix", ""}, {"json", ""}};
constexpr Option kSetupRelay[] = {{"undo", ""}};
constexpr Option kSetupPins[] = {{"host-key", "FILE|-|KEY", OptionCount::any}, {"undo", ""}};
constexpr Option kKey[] = {{"for", "DURATION"}, {"out", "FILE"}, {"forget", ""}};

constexpr std::string_view kTokenDetails =
	"The token is printed once and kept nowhere. Whoever has it can make one\n"
	"identity key the device's: send it where you would send a password, to be\n"
	"typed at `rassist activate` there. It is good once and for 24 hours\n"
	"(--token-for), and it voids the device's former token.";

constexpr Verb kVerbs[] = {
	{"open", kOnDevice, true, "", kOpen, "open the assistance window and say what to tell support",
		"Without --for the window lasts as long as `window` in rassist.conf(5) says. An\n"
		"open window is left as it is.",
		open_verb},
	{"close", kOnDevice, true, "", {}, "close the window now and cut every session of it", "",
		close_verb},
	{"extend", kOnDevice, true, "", kExtend, "make the window end that long from now",
		"Shortens as well: with --for 5m the window ends five minutes from now. No\n"
		"session is touched before that.",
		extend_verb},
	{"show", kOnDevice, false, "", kShow,
		"say what to tell support: fingerprint, code, how to connect",
		"Only root is shown the code. --code prints the code alone.", show_verb},
	{"status", kOnDevice, false, "", kJson,
		"say whether the window is open, until when, and how the tunnel is",
		"The exit code is 0 while the window is open and 3 while it is closed.", status_verb},
	{"activate", kOnDevice, true, "[SERIAL]", {},
		"register this device at its relay with an activation token",
		"Asks for the token that `rassist device add` printed on the relay, without\n"
		"echo, or reads it from stdin. The device gets a new identity key; a former one\n"
		"stays in use until the relay has taken the new one. SERIAL is needed where\n"
		"rassist.conf(5) names none.",
		activate_verb},
	{"sessions", kOnDevice | kOnRelay, false, "", kSessions,
		"list who is logged in through rassist now",
		"--enforce (root, on the relay) judges every live session and those that the\n"
		"spool names, young ones when they have grown up, and ends what must not be:\n"
		"tunnels that carry nothing ten seconds after their login, whose window is\n"
		"over, or whose device is blocked; staff whose key was removed, whose scope is\n"
		"narrower than when they logged in, or who may not come from where they are.",
		sessions_verb},
	{"history", kOnDevice | kOnRelay, true, "[WHO]", kHistory,
		"tell who was logged in when, and how it ended, newest first",
		"From the journal: windows and support's sessions on a device; tunnels and the\n"
		"people of support on a relay. WHO is a serial or a person. TIME is 2h (that\n"
		"long ago), 2026-11-21 or 2026-11-21T16:20:00Z.",
		history_verb},
	{"why", kOnDevice | kOnRelay, true, "[ID]", kJson,
		"tell the whole story of one attempt from the journal",
		"ID is what a refusal names, what `rassist history` and `rassist status --json`\n"
		"show, or a window's. Without it: the last refusals, each with its id.",
		why_verb},
	{"device add", kOnRelay, true, "SERIAL", kDeviceAdd,
		"register a device and print its activation token", kTokenDetails, device_add_verb},
	{"device token", kOnRelay, true, "SERIAL", kDeviceToken,
		"print a new activation token; the old one is void", kTokenDetails, device_token_verb},
	{"device import", kOnRelay, true, "FILE|-", kDeviceImport,
		"register many devices, all of them or none",
		"FILE is CSV, its first line naming the columns: serial, groups (joined by\n"
		"blanks), note, blocked (yes or no); or JSON as `rassist device list --json`\n"
		"prints it. Addresses are given here. Whatever is wrong is told with its line,\n"
		"and then no device is registered; nor where it is interrupted.",
		device_import_verb},
	{"device list", kOnRelay, false, "[PATTERN…]", kDeviceList,
		"list the registered devices, or some of them",
		"PATTERN is a serial in which * stands for any run of characters, or @GROUP;\n"
		"a device is listed if any of them covers it. Up to ten thousand devices are\n"
		"listed by serial; more come in runs of ten thousand, each by serial.",
		device_list_verb},
	{"device show", kOnRelay, false, "SERIAL", kJson, "tell all about one device", "",
		device_show_verb},
	{"device set", kOnRelay, true, "SERIAL", kDeviceSet, "change a device's groups or note",
		"A person who reached the device by a group that it leaves is cut from the relay.",
		device_set_verb},
	{"device block", kOnRelay, true, "SERIAL", {},
		"refuse a device from now on and cut its connections", "", device_block_verb},
	{"device unblock", kOnRelay, true, "SERIAL", {}, "accept a blocked device again", "",
		device_unblock_verb},
	{"device publish", kOnRelay, true, "SERIAL [SERVICE…]", kDevicePublish,
		"give services of a device ports of the relay's public address",
		"SERVICE is ssh or http; the device then publishes exactly those that are named,\n"
		"--none takes all back. While its window is open, and if its own rassist.conf(5)\n"
		"agrees (`publish`), the networks of `support-from` reach them at once, without\n"
		"the relay's login: http is then protected by that list alone. A change cuts the\n"
		"device's tunnel, which comes back by itself.",
		device_publish_verb},
	{"device remove", kOnRelay, true, "SERIAL", {},
		"forget a device: its keys and its registration", "", device_remove_verb},
	{"staff add", kOnRelay, true, "NAME", kStaffAdd,
		"let a person reach devices through this relay",
		"PATTERN is a serial in which * stands for any run of characters, or @GROUP.\n"
		"--devices and --from may be given more than once, or several values joined by\n"
		"commas. A person may have several keys: each further one has the rules of\n"
		"those before where none are given. Adding a key again gives it new rules.",
		staff_add_verb},
	{"staff set", kOnRelay, true, "NAME", kStaffSet,
		"change what all keys of a person reach, and where from",
		"What is not given stays. Sessions that the new rules do not allow are ended;\n"
		"one whose person may now reach more stays, and reaches more from the next\n"
		"login on. `--from any` lifts the restriction.",
		staff_set_verb},
	{"staff list", kOnRelay, false, "", kJson, "list the people who may reach devices", "",
		staff_list_verb},
	{"staff show", kOnRelay, false, "NAME", kJson,
		"tell all about one person: keys, rules, sessions", "", staff_show_verb},
	{"staff remove", kOnRelay, true, "NAME", kStaffRemove,
		"take a person's keys away, or one of them, and end their sessions", "", staff_remove_verb},
	{"revoke key", kOnRelay, true, "FINGERPRINT", {},
		"take a key away, a person's or a device's identity, and cut what it let in",
		"A device whose identity key is revoked needs a new activation token.", revoke_key_verb},
	{"revoke window", kOnRelay, true, "SERIAL", {},
		"end a device's present window on this relay, for good",
		"Its tunnel is cut, and the same window is not let in again. The device's next\n"
		"window is.",
		revoke_window_verb},
	{"windows", kOnRelay, false, "[PATTERN]", kJson,
		"list the windows that are open now, and whether their devices answer",
		"PATTERN is a serial in which * stands for any run of characters, or @GROUP.\n"
		"Each device that is shown is asked, as root, whether its ssh answers through\n"
		"the tunnel, unless it was asked within the last 30 seconds; where more than\n"
		"200 would have to be asked, none is, and what is known is shown.",
		windows_verb},
	{"tidy", kOnRelay, true, "", kTidy,
		"take away records that ended more than a day ago, and leftovers",
		"rassist-tidy.timer calls it once an hour; nothing depends on it. --groups also\n"
		"brings the index of groups in step with a registry changed by hand.",
		tidy_verb},
	{"doctor", kOnDevice | kOnRelay | kForSupport, false, "[device|relay|support]…", kDoctor,
		"say what is wrong with this host's part of rassist, and how to mend it",
		"Walks the chain that a login takes, as sshd, PAM and NSS will: one line for each\n"
		"finding. --only picks checks, --fix does what can do no harm, then looks again.\n"
		"The exit code is for monitoring: 0 all is well, 1 there are warnings, 2 there are\n"
		"faults.",
		doctor_verb},
	{"setup relay", kOnRelay, true, "", kSetupRelay,
		"make SERIAL.rassist resolvable here; print this relay's host key",
		"Adds `rassist [NOTFOUND=return]` to the hosts line of nsswitch.conf(5), before\n"
		"`resolve` and `dns`, and changes nothing else. --undo takes it out.",
		setup_relay_verb},
	{"setup device", kOnDevice, true, "[RELAY[:PORT[,PORT]]]", kSetupPins,
		"name this device's relay and pin its host key",
		"Writes /etc/rassist/rassist.conf.d/40-relay.conf and /etc/rassist/known_hosts.\n"
		"--undo removes both.",
		setup_device_verb},
	{"setup support", kForSupport, true, "[RELAY[:PORT]]", kSetupPins,
		"name the relay for plain ssh and pin its host key",
		"Writes /etc/ssh/ssh_config.d/51-rassist-relay.conf and\n/etc/rassist/support_known_hosts; "
		"`ssh\n"
		"SERIAL.rassist` then goes through that relay. --undo removes both.",
		setup_support_verb},
	{"key", kForSupport, false, "SERIAL", kKey,
		"turn a device's code into an ssh key and pin the device's host key",
		"Asks for the code, without echo, or reads it from stdin. Nothing is sent\n"
		"anywhere. The key goes into the ssh-agent for eight hours (--for) or into a\n"
		"file (--out). --forget takes key and pin away again.",
		key_verb},
	{"known-host", kForSupport, false, "HOST [REASON]", {}, "",
		"Prints the pinned host key: KnownHostsCommand of ssh_config(5) calls it.",
		known_host_verb},
	{"help", kAnywhere, false, "[VERB…]", {}, "say how to use a verb", "", help_verb},
	{"complete", kAnywhere, false, "[WORD…]", {}, "",
		"Prints what may stand in the place of the last word: the shell's completion calls it.",
		complete_verb},
};

}    // namespace

std::span<const Verb> list_verbs() { return kVerbs; }

std::size_t count_words(const Verb& verb) {
	return static_cast<std::size_t>(std::ranges::count(verb.name, ' ')) + 1;
}

const Verb* find_verb(std::span<const std::string> words) {
	for (std::size_t length : {std::size_t{2}, std::size_t{1}}) {
		if (words.size() < length)
			continue;
		const std::string name = join_texts(words.first(length), " ");
		const auto found = std::ranges::find(list_verbs(), name, &Verb::name);
		if (found != list_verbs().end() && count_words(*found) == length)
			return &*found;
	}
	return nullptr;
}

}    // namespace rassist::cli
