// What the agent does about being published: it asks for what the relay offers and the customer
// agrees to, and goes on without what is refused.
#include "rassist-agent/ssh_end.hpp"
#include "tests/unit/rassist-agent/supervisor_bench.hpp"

#include <gtest/gtest.h>

namespace rassist::agent::test {
namespace {

const PublishedPlace kSsh{Service::ssh, "203.0.113.10", 20000};
const PublishedPlace kHttp{Service::http, "203.0.113.10", 20001};

GrantedTunnel offering(std::vector<PublishedPlace> places) {
	GrantedTunnel all = granted();
	all.published = std::move(places);
	return all;
}

/// The public places of the tunnel that these actions start; "none" where they start none.
std::string asked(const std::vector<Action>& actions) {
	for (const Action& action : actions)
		if (const auto* start = std::get_if<action::StartTunnel>(&action))
			return "[" + format_published_places(start->granted.published) + "]";
	return "none";
}

class SupervisorPublish : public testing::Test {
protected:
	std::string on(EventDetail detail) {
		return asked(bench.supervisor.handle(
			{bench.now, bench.random, id_of("a0a0a0a0a0"), std::move(detail)}));
	}
	std::string configured(std::vector<Service> consent) {
		return on(event::Configured{bench.relays, std::move(consent)});
	}
	std::string tunnel_of(std::vector<Service> consent, std::vector<PublishedPlace> offer) {
		on(event::WindowSeen{bench.window});
		configured(std::move(consent));
		return on(event::Enrolled{offering(std::move(offer))});
	}
	std::string refused(Service service) {
		return on(event::TunnelEnded{Failure{Trouble::port_held, "for a test", service}});
	}
	void up() { on(event::Heard{line(HeartbeatLine::Message::ready)}); }

	SupervisorBench bench;
};

TEST_F(SupervisorPublish, AsksForNothingWithoutConsent) {
	EXPECT_EQ(tunnel_of({}, {kSsh, kHttp}), "[]");
}
TEST_F(SupervisorPublish, AsksForNothingThatIsNotOffered) {
	EXPECT_EQ(tunnel_of({Service::ssh, Service::http}, {}), "[]");
}
TEST_F(SupervisorPublish, AsksForWhatIsOfferedAndAgreedTo) {
	EXPECT_EQ(tunnel_of({Service::http}, {kSsh, kHttp}), "[" + kHttp.str() + "]");
}

TEST_F(SupervisorPublish, TheTunnelGoesOnWithoutWhatIsRefusedAndSaysSo) {
	tunnel_of({Service::ssh, Service::http}, {kSsh, kHttp});
	EXPECT_EQ(refused(Service::ssh), "[" + kHttp.str() + "]");
	EXPECT_EQ(refused(Service::http), "[]");
	up();
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::up);
	EXPECT_TRUE(bench.supervisor.view().published.empty());
	EXPECT_NE(bench.supervisor.view().unpublished, "");
	on(event::TunnelEnded{Failure{Trouble::lost, "for a test"}});
	bench.now = std::max(bench.now, bench.supervisor.wake_time().value_or(bench.now));
	EXPECT_EQ(on(event::Woken{}), "[" + kSsh.str() + " " + kHttp.str() + "]")
		<< "the next tunnel asks again";
	EXPECT_EQ(bench.supervisor.view().unpublished, "");
}

TEST_F(SupervisorPublish, AnotherFailureIsAsEver) {
	tunnel_of({Service::ssh}, {kSsh});
	EXPECT_EQ(on(event::TunnelEnded{Failure{Trouble::port_held, "for a test"}}), "none");
	EXPECT_EQ(bench.supervisor.state(), SupervisorState::waiting);
}

TEST_F(SupervisorPublish, AChangeOfConsentCountsAtOnce) {
	tunnel_of({Service::ssh}, {kSsh, kHttp});
	up();
	EXPECT_EQ(configured({Service::ssh}), "none") << "no change";
	EXPECT_EQ(
		configured({Service::ssh, Service::http}), "[" + kSsh.str() + " " + kHttp.str() + "]");
	up();
	EXPECT_EQ(configured({}), "[]");
}

TEST_F(SupervisorPublish, AChangeOfConsentToWhatIsNotOfferedChangesNothing) {
	tunnel_of({}, {});
	up();
	EXPECT_EQ(configured({Service::ssh, Service::http}), "none");
}

TEST_F(SupervisorPublish, ARenewalThatOffersOtherPlacesMovesTheTunnel) {
	tunnel_of({Service::ssh}, {});
	up();
	bench.window.revision = 1;
	on(event::WindowSeen{bench.window});
	ASSERT_EQ(bench.supervisor.state(), SupervisorState::renewing);
	EXPECT_EQ(on(event::Enrolled{offering({kSsh})}), "[" + kSsh.str() + "]");
}

TEST_F(SupervisorPublish, SshSaysWhichListenerWasRefused) {
	SshEnd end{Stage::tunnel, {"relay.example.com", 443}, std::nullopt, 255,
		"Error: remote port forwarding failed for listen port 20001\r\n", {kSsh, kHttp}};
	EXPECT_EQ(classify_ssh_end(end).unpublished, Service::http);
	end.err = "Error: remote port forwarding failed for listen port 10022\r\n";
	EXPECT_EQ(classify_ssh_end(end).unpublished, std::nullopt);
	EXPECT_EQ(classify_ssh_end(end).trouble, Trouble::port_held);
	end.err = "Error: remote port forwarding failed for listen port 2000\r\n";
	EXPECT_EQ(classify_ssh_end(end).unpublished, std::nullopt)
		<< "another port that begins like it";
}

}    // namespace
}    // namespace rassist::agent::test
