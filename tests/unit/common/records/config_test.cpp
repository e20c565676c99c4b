#include "common/base/parse_network.hpp"
#include "common/records/config.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>

namespace rassist {
namespace {

using namespace std::chrono_literals;
using test::spill;
using test::TemporaryFolder;

class ConfigFiles : public ::testing::Test {
protected:
	ConfigFiles() {
		paths_.etc = temp_.path();
		std::filesystem::create_directory(paths_.config_dropins());
	}
	[[nodiscard]] Result<Config> load() const { return load_config(paths_, ::geteuid()); }
	/// The error of this text as rassist.conf.
	std::string refusal(std::string_view text) const {
		spill(temp_ / "rassist.conf", text);
		const Result<Config> config = load();
		return config ? "accepted" : config.error().what;
	}

	TemporaryFolder temp_;
	Paths paths_;
};

TEST_F(ConfigFiles, EmptyFileGivesTheDefaultsOfTheTable) {
	spill(temp_ / "rassist.conf", "");
	const Result<Config> config = load();
	ASSERT_TRUE(config) << config.error().what;
	Config written;
	for (const ConfigOption& option : list_config_options()) {
		if (!option.default_text.empty()) {
			ASSERT_TRUE(set_option(written, option.section, option.key, option.default_text))
				<< option.key;
		}
	}
	EXPECT_EQ(config->window, written.window);
	EXPECT_EQ(config->window_max, written.window_max);
	EXPECT_EQ(config->http, written.http);
	EXPECT_EQ(config->proxy, written.proxy);
	EXPECT_EQ(config->reach, written.reach);
	EXPECT_EQ(config->typed_code, written.typed_code);
	EXPECT_EQ(config->sudo, written.sudo);
	EXPECT_EQ(config->relay_name, written.relay_name);
	EXPECT_EQ(config->grant_max, written.grant_max);
	EXPECT_EQ(config->heartbeat, written.heartbeat);
	EXPECT_EQ(config->heartbeat_limit, written.heartbeat_limit);
	EXPECT_TRUE(config->support_from.empty() && written.support_from.empty());
	EXPECT_FALSE(config->serial);
	EXPECT_TRUE(config->relays.empty());
}

TEST_F(ConfigFiles, EveryOptionIsRead) {
	spill(temp_ / "rassist.conf",
		"[device]\nserial = SN123\nrelays = a.example:443,2222 [2001:db8::1]\nproxy = "
		"proxy.example:3128\nhttp = none\nwindow = 2h\nwindow-max = 1d\n"
		"reach = any\ntyped-code = no\nsudo = off\n[relay]\nname = north\ngrant-max = "
		"6h\nheartbeat = 2s\nheartbeat-limit = 4s\n");
	const Result<Config> config = load();
	ASSERT_TRUE(config) << config.error().what;
	EXPECT_EQ(config->serial->str(), "sn123");
	EXPECT_EQ(config->relays,
		(std::vector<RelayAddress>{{"a.example", {443, 2222}}, {"2001:db8::1", {443}}}));
	EXPECT_EQ(config->proxy, (HostPort{"proxy.example", 3128}));
	EXPECT_FALSE(config->http);
	EXPECT_EQ(config->window, 2h);
	EXPECT_EQ(config->window_max, 24h);
	EXPECT_EQ(config->reach, Reach::any);
	EXPECT_FALSE(config->typed_code);
	EXPECT_FALSE(config->sudo);
	EXPECT_EQ(config->relay_name, "north");
	EXPECT_EQ(config->grant_max, 6h);
	EXPECT_EQ(config->heartbeat, 2s);
	EXPECT_EQ(config->heartbeat_limit, 4s);
}

TEST_F(ConfigFiles, DropInsWinInOrderOfTheirNames) {
	spill(temp_ / "rassist.conf", "[device]\nwindow = 10m\nproxy = p.example:1\n");
	spill(temp_ / "rassist.conf.d/20.conf", "[device]\nwindow = 30m\n");
	spill(temp_ / "rassist.conf.d/10.conf", "[device]\nwindow = 20m\nproxy = none\n");
	spill(temp_ / "rassist.conf.d/99.conf.rpmsave", "garbage");
	spill(temp_ / "rassist.conf.d/.50.conf", "garbage");
	const Result<Config> config = load();
	ASSERT_TRUE(config) << config.error().what;
	EXPECT_EQ(config->window, 30min);
	EXPECT_FALSE(config->proxy);
}

TEST_F(ConfigFiles, RefusesBadValuesWithFileAndLine) {
	struct Case {
		const char* text;
		const char* says;
	};
	for (const Case& c : {Case{"[device]\n\ntunel = 1\n",
							  ":3: unknown key \"tunel\" in [device]; there are serial, relays"},
			 Case{"[devise]\nserial = a\n", ":2: unknown section [devise]"},
			 Case{"[device]\nname = a\n", ":2: unknown key \"name\""},
			 Case{"[device]\nserial = a_b\n", ":2: serial: \"a_b\" is not a serial"},
			 Case{"[device]\nrelays =\n", ":2: relays: no relay is named"},
			 Case{"[device]\nrelays = a, b\n", ":2: relays: "},
			 Case{"[device]\nrelays = a:1 a:2\n", ":2: relays: \"a:2\" is named twice"},
			 Case{"[device]\nproxy = http://p:1\n", ":2: proxy: "},
			 Case{"[device]\nhttp = 80\n", ":2: http: "},
			 Case{"[device]\nwindow = soon\n", ":2: window: \"soon\" is not a duration"},
			 Case{"[device]\nwindow-max = 0\n", ":2: window-max: "},
			 Case{"[device]\nreach = all\n",
				 ":2: reach: \"all\" is not a reach: services, device or any"},
			 Case{"[device]\ntyped-code = maybe\n", ":2: typed-code: "},
			 Case{"[device]\nsudo =\n", ":2: sudo: "}, Case{"[relay]\nname = a b\n", ":2: name: "},
			 Case{"[relay]\ngrant-max = x\n", ":2: grant-max: "},
			 Case{"[relay]\nheartbeat = 61s\n", ":2: heartbeat: \"61s\" is too long: at most 1m"},
			 Case{"[relay]\nheartbeat-limit = 6m\n", ":2: heartbeat-limit: "},
			 Case{"[relay]\nsupport-from =\n", ":2: support-from: no network is named"},
			 Case{"[relay]\nsupport-from = 203.0.113.0/24; ::1\n",
				 ":2: support-from: prefix length: \"24;\" is not a number"},
			 Case{"[relay]\nsupport-from = 203.0.113.0/24\n 192.0.2.9\n", "support-from: "},
			 Case{"[relay]\nsupport-from = 203.0.113.9/24\n", "did you mean 203.0.113.0/24?"},
			 Case{"[relay]\nsupport-from = ::ffff:203.0.113.9\n", ":2: support-from: "},
			 Case{"[relay]\nsupport-from = 203.0.113.0/24 any\n",
				 ":2: support-from: \"any\" is not a network"},
			 Case{"[relay]\nsupport-from = desk.example.com\n", ":2: support-from: "},
			 Case{"[device]\nserial = a\nserial = b\n", ":3: key 'serial' comes twice"},
			 Case{"complete garbage\n", ":1: "}}) {
		EXPECT_TRUE(refusal(c.text).starts_with(paths_.config())) << refusal(c.text);
		EXPECT_NE(refusal(c.text).find(c.says), std::string::npos) << refusal(c.text);
	}
}

TEST_F(ConfigFiles, NetworksMayGoOnInFurtherLinesAndALaterFileReplacesThem) {
	spill(temp_ / "rassist.conf",
		"[relay]\nsupport-from = 203.0.113.0/24,\n  \t 2001:db8::/32,\n 192.0.2.9\n");
	const Result<Config> config = load();
	ASSERT_TRUE(config) << config.error().what;
	std::string list;
	for (const Network& network : config->support_from)
		list += network.str() + " ";
	EXPECT_EQ(list, "203.0.113.0/24 2001:db8::/32 192.0.2.9/32 ");
	spill(temp_ / "rassist.conf.d/10.conf", "[relay]\nsupport-from = 198.51.100.0/24 \n");
	EXPECT_EQ(load()->support_from, std::vector{*Network::parse("198.51.100.0/24")});
	spill(temp_ / "rassist.conf.d/20.conf", "[relay]\nsupport-from = any\n");
	EXPECT_TRUE(load()->support_from.empty());
}

TEST_F(ConfigFiles, WhatIsPublishedIsNamed) {
	spill(temp_ / "rassist.conf",
		"[device]\npublish = http,ssh\n[relay]\npublish-address = 203.0.113.10, "
		"2001:DB8::10\npublish-ports = 30000-30001\nsupport-from = 203.0.113.0/24, 2001:db8::1\n");
	const Result<Config> config = load();
	ASSERT_TRUE(config) << config.error().what;
	EXPECT_EQ(config->publish, (std::vector<Service>{Service::http, Service::ssh}));
	EXPECT_EQ(
		config->publish_addresses, (std::vector<std::string>{"203.0.113.10", "2001:db8::10"}));
	EXPECT_EQ(config->publish_ports, (PortRange{30000, 30001}));
	EXPECT_EQ(config->support_from.size(), 2U);
	spill(temp_ / "rassist.conf", "[device]\npublish = none\n[relay]\npublish-address = none\n");
	EXPECT_TRUE(load()->publish.empty());
	EXPECT_TRUE(load()->publish_addresses.empty());
	EXPECT_NE(refusal("[device]\npublish = ftp\n").find("ssh or http"), std::string::npos);
	EXPECT_NE(refusal("[device]\npublish = ssh,ssh\n").find("twice"), std::string::npos);
	EXPECT_NE(refusal("[device]\npublish =\n"), "accepted");
	EXPECT_NE(refusal("[relay]\npublish-address = 0.0.0.0\n").find("means every address"),
		std::string::npos);
	EXPECT_NE(refusal("[relay]\npublish-address = relay.example.com\n"), "accepted");
	EXPECT_NE(refusal("[relay]\npublish-address = 203.0.113.1 203.0.113.2 203.0.113.3 203.0.113.4 "
					  "203.0.113.5\n")
				  .find("more than 4"),
		std::string::npos);
	EXPECT_NE(refusal("[relay]\npublish-ports = 80-90\n"), "accepted");
}

TEST_F(ConfigFiles, RefusesOptionsThatDisagree) {
	EXPECT_NE(refusal("[device]\nwindow = 9h\n").find("window (9h) is longer than window-max (8h)"),
		std::string::npos);
	EXPECT_NE(refusal("[relay]\nheartbeat = 8s\n").find("at least twice"), std::string::npos);
	EXPECT_EQ(refusal("[relay]\nheartbeat = 8s\nheartbeat-limit = 16s\n[device]\nwindow = 8h\n"),
		"accepted");
	spill(temp_ / "rassist.conf.d/10.conf", "[device]\nwindow-max = 10m\n");
	EXPECT_NE(refusal("").find("longer than window-max"), std::string::npos)
		<< "whichever file it came from";
}

TEST_F(ConfigFiles, RefusesFilesThatOthersMayWrite) {
	EXPECT_EQ(load().error().code, Fault::not_found);
	spill(temp_ / "rassist.conf", "", 0664);
	EXPECT_EQ(load().error().code, Fault::untrusted);
	spill(temp_ / "rassist.conf", "", 0646);
	EXPECT_EQ(load().error().code, Fault::untrusted);
	spill(temp_ / "rassist.conf", "", 0644);
	EXPECT_TRUE(load());
	EXPECT_EQ(load_config(paths_, ::geteuid() + 1).error().code, Fault::untrusted);
	spill(temp_ / "rassist.conf.d/10.conf", "", 0664);
	EXPECT_EQ(load().error().code, Fault::untrusted);
}

TEST_F(ConfigFiles, RefusesFoldersThatOthersMayWrite) {
	spill(temp_ / "rassist.conf", "");
	for (const std::string& folder : {paths_.config_dropins(), paths_.etc}) {
		ASSERT_EQ(::chmod(folder.c_str(), 0775), 0);
		EXPECT_EQ(load().error().code, Fault::untrusted) << folder;
		ASSERT_EQ(::chmod(folder.c_str(), 0755), 0);
		EXPECT_TRUE(load());
	}
	std::filesystem::remove_all(paths_.config_dropins());
	EXPECT_TRUE(load()) << "no drop-in folder is fine";
	paths_.etc = temp_ / "none";
	EXPECT_EQ(load().error().code, Fault::not_found);
}

TEST(ConfigTable, NamesEachOptionOnceAndSaysItsSyntax) {
	std::set<std::string> seen;
	for (const ConfigOption& option : list_config_options()) {
		EXPECT_TRUE(seen.insert(std::string(option.section) + "." + std::string(option.key)).second)
			<< option.key;
		EXPECT_FALSE(option.syntax.empty()) << option.key;
	}
	EXPECT_EQ(seen.size(), 17U);
}

}    // namespace
}    // namespace rassist
