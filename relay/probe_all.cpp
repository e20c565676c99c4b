#include "relay/probe_all.hpp"

#include "common/base/unique_fd.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

namespace rassist::probe {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPatience{2000};
constexpr std::string_view kBanner = "SSH-2.0-";    // RFC 4253, 4.2
/// We say this in turn before we leave: a server that is left without it logs an error.
constexpr std::string_view kOurs = "SSH-2.0-rassist_probe\r\n";

/// One device being asked.
class OpenProbe {
public:
	static OpenProbe start(const std::string& address, int port) {
		OpenProbe probe;
		sockaddr_in to{};
		to.sin_family = AF_INET;
		to.sin_port = htons(static_cast<std::uint16_t>(port));
		probe.socket_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
		if (!probe.socket_ || ::inet_pton(AF_INET, address.c_str(), &to.sin_addr) != 1 ||
			(::connect(probe.socket_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) !=
					0 &&
				errno != EINPROGRESS))
			probe.finish(ProbeResult::refused);
		return probe;
	}

	[[nodiscard]] bool is_open() const { return !result_; }
	[[nodiscard]] pollfd wanted() const { return {socket_.get(), POLLIN, 0}; }

	void read_banner() {
		std::array<char, 64> buffer{};
		const ssize_t count = ::read(
			socket_.get(), buffer.data(), std::min(buffer.size(), kBanner.size() - heard_.size()));
		if (count < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (count < 0)
			return finish(errno == ECONNRESET ? ProbeResult::closed : ProbeResult::refused);
		if (count == 0)
			return finish(ProbeResult::closed);
		heard_.append(buffer.data(), static_cast<std::size_t>(count));
		if (!kBanner.starts_with(heard_))
			return finish(ProbeResult::not_ssh);
		if (heard_.size() == kBanner.size())
			return finish(ProbeResult::answers);
	}

	[[nodiscard]] Probe outcome() const {
		if (result_)
			return {*result_, 0, took_};
		return {ProbeResult::no_answer, 0,
			std::chrono::duration_cast<milliseconds>(Clock::now() - asked_)};
	}

private:
	OpenProbe() = default;
	void finish(ProbeResult result) {
		if (result == ProbeResult::answers)
			static_cast<void>(!::send(socket_.get(), kOurs.data(), kOurs.size(), MSG_NOSIGNAL));
		result_ = result;
		took_ = std::chrono::duration_cast<milliseconds>(Clock::now() - asked_);
		socket_.reset();
	}

	UniqueFd socket_;
	std::string heard_;
	Clock::time_point asked_ = Clock::now();
	std::optional<ProbeResult> result_;
	milliseconds took_{0};
};

/// Waits for the devices that have not answered yet. false where all have, or where the time is
/// over.
bool wait_for_answers(std::vector<OpenProbe>& open, Clock::time_point until) {
	std::vector<pollfd> wanted;
	std::vector<OpenProbe*> asked;
	for (OpenProbe& probe : open) {
		if (!probe.is_open())
			continue;
		wanted.push_back(probe.wanted());
		asked.push_back(&probe);
	}
	const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
	if (wanted.empty() || left <= 0)
		return false;
	if (::poll(wanted.data(), wanted.size(), static_cast<int>(left)) < 0 && errno != EINTR)
		return false;
	for (std::size_t i = 0; i < wanted.size(); ++i)
		if (wanted[i].revents != 0)
			asked[i]->read_banner();
	return true;
}

void keep_probe(const Paths& paths, const Serial& serial, const Probe& probe) {
	Attributes attributes;
	attributes.durable = false;
	// what is not kept is asked again
	static_cast<void>(
		write_file(paths.probes() + "/" + serial.str(), format_probe(probe), attributes));
}

}    // namespace

std::vector<Probe> probe_addresses(
	const std::vector<std::string>& addresses, int port, milliseconds limit) {
	const Clock::time_point until = Clock::now() + limit;
	std::vector<OpenProbe> probes;
	probes.reserve(addresses.size());
	for (const std::string& address : addresses)
		probes.push_back(OpenProbe::start(address, port));
	while (wait_for_answers(probes, until)) {
	}
	std::vector<Probe> outcomes;
	outcomes.reserve(probes.size());
	for (const OpenProbe& probe : probes)
		outcomes.push_back(probe.outcome());
	return outcomes;
}

ProbeAnswers probe_all(
	const Paths& paths, const std::vector<ProbeTarget>& targets, std::int64_t now) {
	ProbeAnswers answers;
	std::vector<const ProbeTarget*> due;
	for (const ProbeTarget& target : targets) {
		const std::optional<Probe> known = read_probe(paths, target.serial);
		if (known && known->at >= target.up_since)
			answers.probes.insert_or_assign(target.serial, *known);
		if (!known || !is_fresh(*known, target.up_since, now))
			due.push_back(&target);
	}
	if (due.size() > kProbesMost) {
		answers.too_many = true;
		return answers;
	}
	std::vector<std::string> addresses;
	addresses.reserve(due.size());
	for (const ProbeTarget* target : due)
		addresses.push_back(target->address);
	const std::vector<Probe> outcomes = probe_addresses(addresses, kSshPort, kPatience);
	for (std::size_t i = 0; i < due.size(); ++i) {
		Probe probe = outcomes[i];
		probe.at = now;
		keep_probe(paths, due[i]->serial, probe);
		answers.probes.insert_or_assign(due[i]->serial, probe);
	}
	return answers;
}

}    // namespace rassist::probe
