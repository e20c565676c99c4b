#include "common/wire/relay_ssh.hpp"

#include "common/base/parse_network.hpp"
#include "common/system/child.hpp"
#include "common/system/process.hpp"
#include "common/system/run.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>

namespace rassist {
namespace {

using namespace std::chrono_literals;

RelayLogin login() {
	return {"rassist-tunnel", "relay.example.com", 2222, "/var/lib/rassist/identity",
		"/etc/rassist/known_hosts", std::nullopt, "/usr/share/rassist/sshd/agent_ssh.conf"};
}

bool holds(const std::vector<std::string>& argv, const std::string& word) {
	return std::find(argv.begin(), argv.end(), word) != argv.end();
}

TEST(RelaySsh, OptionsForwardsHostCommandInThisOrder) {
	const std::vector<std::string> argv = make_relay_ssh_argv(login(),
		{{"127.64.0.1", 10022, "/run/rassist/login.sock"}, {"::1", 10088, "127.0.0.1:80"}},
		"hold k7qf2m9xtb");
	const std::vector<std::string> begins{
		"/usr/bin/ssh", "-F", "/usr/share/rassist/sshd/agent_ssh.conf", "-T"};
	EXPECT_TRUE(std::equal(begins.begin(), begins.end(), argv.begin()));
	const std::vector<std::string> ends{"-p", "2222", "-R",
		"127.64.0.1:10022:/run/rassist/login.sock", "-R", "[::1]:10088:127.0.0.1:80",
		"rassist-tunnel@relay.example.com", "hold k7qf2m9xtb"};
	ASSERT_GT(argv.size(), ends.size());
	EXPECT_TRUE(std::equal(
		ends.begin(), ends.end(), argv.end() - static_cast<std::ptrdiff_t>(ends.size())));
}

TEST(RelaySsh, ProxyIsSocatWithBracketsForIpv6) {
	RelayLogin by_proxy = login();
	by_proxy.proxy = HostPort{"proxy.example", 3128};
	EXPECT_TRUE(holds(make_relay_ssh_argv(by_proxy, {}, "enroll"),
		"ProxyCommand=/usr/bin/socat - 'PROXY:proxy.example:%h:%p,proxyport=3128'"));
	by_proxy.proxy = HostPort{"2001:db8::2", 3128};
	by_proxy.host = "2001:db8::1";
	EXPECT_TRUE(holds(make_relay_ssh_argv(by_proxy, {}, "enroll"),
		"ProxyCommand=/usr/bin/socat - 'PROXY:[2001:db8::2]:[%h]:%p,proxyport=3128'"));
	const std::vector<std::string> direct = make_relay_ssh_argv(login(), {}, "enroll");
	EXPECT_TRUE(std::none_of(direct.begin(), direct.end(),
		[](const std::string& word) { return word.starts_with("ProxyCommand"); }));
}

/// What the real ssh makes of it: every option is known and in force.
TEST(RelaySsh, StockSshTakesEveryOption) {
	if (::access("/usr/bin/ssh", X_OK) != 0)
		GTEST_SKIP() << "no /usr/bin/ssh here";
	const test::TemporaryFolder temp;
	RelayLogin real = login();
	real.config_file = temp / "agent_ssh.conf";
	test::spill(real.config_file, "Include /nonexistent/openssh.config\n");
	ChildPlan plan;
	plan.argv = make_relay_ssh_argv(
		real, {{"127.64.0.1", 10022, "/run/rassist/login.sock"}}, "hold k7qf2m9xtb");
	plan.argv.insert(plan.argv.begin() + 1, "-G");
	plan.environment = make_relay_ssh_environment();
	const Result<Finished> shown = run(plan, "", 20s);
	ASSERT_TRUE(shown) << shown.error().what;
	ASSERT_EQ(shown->status, 0) << shown->err;
	EXPECT_EQ(shown->err, "");
	const std::string all = "\n" + shown->out;
	for (const char* line :
		{"user rassist-tunnel", "hostname relay.example.com", "port 2222", "batchmode yes",
			"identitiesonly yes", "identityagent none", "identityfile /var/lib/rassist/identity",
			"userknownhostsfile /etc/rassist/known_hosts", "globalknownhostsfile none",
			"stricthostkeychecking true", "hostkeyalias relay.example.com", "updatehostkeys false",
			"controlmaster false", "exitonforwardfailure yes", "serveraliveinterval 5",
			"serveralivecountmax 2", "connecttimeout 10", "forwardagent no", "forwardx11 no",
			"passwordauthentication no", "kbdinteractiveauthentication no",
			"preferredauthentications publickey", "loglevel ERROR", "escapechar none",
			"permitlocalcommand no", "requesttty false",
			"remoteforward [127.64.0.1]:10022 /run/rassist/login.sock"})
		EXPECT_NE(all.find("\n" + std::string(line) + "\n"), std::string::npos) << line << "\n"
																				<< shown->out;
	EXPECT_EQ(all.find("\ncontrolpath"), std::string::npos);
}

TEST(RelaySsh, EnvironmentIsWrittenOut) {
	EXPECT_EQ(
		make_relay_ssh_environment(), (std::vector<std::string>{"PATH=/usr/bin:/bin", "LC_ALL=C"}));
}

}    // namespace
}    // namespace rassist
