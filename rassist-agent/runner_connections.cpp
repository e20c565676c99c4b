// The second half of runner.hpp: the two connections to a relay, which are the enrolment and the
// tunnel.
#include "common/system/files.hpp"
#include "common/wire/enrolment.hpp"
#include "common/wire/relay_ssh.hpp"
#include "rassist-agent/runner.hpp"
#include "rassist-agent/tunnel_key.hpp"

#include <unistd.h>

#include <utility>

namespace rassist::agent {
namespace {

constexpr std::size_t kQueueMax = 100;    // lines that came in one turn: more is no conversation
constexpr std::size_t kKeyFileMax = 8192;

RelayLogin login_of(const char* account, const Endpoint& endpoint, const Paths& paths,
	const Config& config, std::string identity_file) {
	return {account, endpoint.host, endpoint.port, std::move(identity_file), paths.relay_pins(),
		config.proxy, paths.agent_ssh_config()};
}

/// Whether this device has an identity key that ssh will accept.
Status check_identity(const Paths& paths) {
	const auto folder = Folder::open(paths.state);
	if (!folder)
		return folder.error();
	const auto file = folder->open_file("identity", Trust{::geteuid(), kKeyFileMax, true});
	return file ? Status(Done{}) : file.error();
}

Failure local_failure(const Error& error) { return {Trouble::local, error.what}; }

}    // namespace

void Runner::perform(const action::StartEnrol& start) {
	const std::uint64_t number = ++last_number_;
	enrolment_number_ = number;
	if (const auto identity = check_identity(paths_); !identity) {
		Failure failure = local_failure(identity.error().within("the device's identity key"));
		if (identity.error().code == Fault::not_found)
			failure = {Trouble::not_activated, "this device has no identity key: `rassist "
											   "activate` makes one and registers it at the relay"};
		return post(event::EnrolFailed{std::move(failure)}, EventOrigin::enrolment, number);
	}
	auto connection = start_enrolment(start, number);
	if (!connection)
		return post(
			event::EnrolFailed{local_failure(connection.error())}, EventOrigin::enrolment, number);
	enrolment_ = std::move(*connection);
}

Result<std::unique_ptr<Runner::RunningSsh>> Runner::start_enrolment(
	const action::StartEnrol& start, std::uint64_t number) {
	auto key = load_or_make_tunnel_key(paths_, window_.id);
	if (!key)
		return key.error();
	auto now = rassist::read_clocks();
	if (!now)
		return now.error();
	// The boot id is the record's (seen_window.hpp).
	now->boot_id = window_.deadline.boot ? window_.deadline.boot->id : now->boot_id;
	const std::string request = format_request(EnrollRequest{start.id, window_.id, window_.sequence,
		window_.deadline.remaining(*now), std::move(key->key), window_.serial, start.displaced});
	auto connection = std::make_unique<RunningSsh>();
	connection->facts = {Stage::enrolment, start.endpoint, config_.proxy, 0, {}, {}};
	SshProcess::Hooks hooks;
	hooks.heard = [raw = connection.get()](std::string_view bytes) {
		raw->answer.append(
			// one too many: parse_answer refuses it
			bytes.substr(0, kRequestMax + 1 - std::min(kRequestMax + 1, raw->answer.size())));
	};
	hooks.ended = [this, raw = connection.get(), number](int status) {
		raw->facts.status = status;
		raw->facts.err = raw->process->messages();
		const auto at = rassist::read_clocks();
		auto outcome = read_enrolment_answer(raw->facts, raw->answer, at ? at->wall : 0);
		if (auto* granted = std::get_if<GrantedTunnel>(&outcome))
			post(event::Enrolled{std::move(*granted)}, EventOrigin::enrolment, number);
		else
			post(event::EnrolFailed{std::move(std::get<Failure>(outcome))}, EventOrigin::enrolment,
				number);
	};
	auto process = SshProcess::start(loop_,
		make_relay_ssh_argv(
			login_of(kDeviceAccount, start.endpoint, paths_, config_, paths_.identity()), {},
			"enroll"),
		std::move(hooks));
	if (!process)
		return process.error();
	connection->process = std::move(*process);
	connection->process->say(request);
	connection->process->close_input();
	return connection;
}

void Runner::perform(const action::StartTunnel& start) {
	const std::uint64_t number = ++last_number_;
	tunnel_number_ = number;
	auto connection = start_tunnel(start, number);
	if (!connection)
		return post(
			event::TunnelEnded{local_failure(connection.error())}, EventOrigin::tunnel, number);
	tunnel_ = std::move(*connection);
}

Result<std::unique_ptr<Runner::RunningSsh>> Runner::start_tunnel(
	const action::StartTunnel& start, std::uint64_t number) {
	const auto key = load_or_make_tunnel_key(paths_, window_.id);
	if (!key)
		return key.error();
	std::vector<RemoteForward> forwards{
		{start.granted.address, start.granted.ssh_port, paths_.login_socket()}};
	if (config_.http)
		forwards.push_back({start.granted.address, start.granted.http_port, config_.http->str()});
	for (const PublishedPlace& place : start.granted.published) {
		if (place.service == Service::ssh || config_.http)
			forwards.push_back({place.address, place.port,
				place.service == Service::ssh ? paths_.login_socket() : config_.http->str()});
	}
	auto connection = std::make_unique<RunningSsh>();
	connection->facts = {
		Stage::tunnel, start.endpoint, config_.proxy, 0, {}, start.granted.published};
	SshProcess::Hooks hooks;
	hooks.heard = [this, raw = connection.get(), number](
					  std::string_view bytes) { hear_tunnel(*raw, bytes, number); };
	hooks.ended = [this, raw = connection.get(), number](int status) {
		raw->facts.status = status;
		raw->facts.err = raw->process->messages();
		end_tunnel(*raw, classify_ssh_end(raw->facts), number);
	};
	auto process = SshProcess::start(loop_,
		make_relay_ssh_argv(login_of(kTunnelAccount, start.endpoint, paths_, config_, key->file),
			forwards, "hold " + start.id.str()),
		std::move(hooks));
	if (!process)
		return process.error();
	connection->process = std::move(*process);
	return connection;
}

void Runner::hear_tunnel(RunningSsh& connection, std::string_view bytes, std::uint64_t number) {
	const std::string relay = "relay " + connection.facts.endpoint.str();
	if (connection.broken)
		return;
	if (const auto fed = connection.lines.feed(bytes); !fed || queue_.size() > kQueueMax)
		return end_tunnel(connection,
			{Trouble::protocol,
				relay + " does not speak the protocol" + (fed ? "" : ": " + fed.error().what)},
			number);
	while (const auto text = connection.lines.next()) {
		const auto line = parse_line(*text);
		if (!line)
			return end_tunnel(connection,
				{Trouble::protocol, relay + " does not speak the protocol: " + line.error().what},
				number);
		if (line->message == HeartbeatLine::Message::ready)
			connection.facts.stage = Stage::established;
		post(event::Heard{*line}, EventOrigin::tunnel, number);
	}
}

void Runner::end_tunnel(RunningSsh& connection, Failure failure, std::uint64_t number) {
	if (std::exchange(connection.broken, true))
		return;
	// reading goes before work: a flood would never let us kill it
	connection.process->stop_hearing();
	post(event::TunnelEnded{std::move(failure)}, EventOrigin::tunnel, number);
}

}    // namespace rassist::agent
