// hold's side of the heartbeat (common/wire/heartbeat.hpp): what it has to say and when, and when
// the other side has been silent or deaf for too long. It knows no descriptors and no clock: bytes
// and times come in, bytes and ends come out. Times are CLOCK_BOOTTIME.
#pragma once

#include "common/wire/heartbeat.hpp"
#include "relay/tunnel_verdict.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rassist::hold {

class HoldHeartbeat {
public:
	using Time = std::chrono::milliseconds;

	/// The first line is `ready`, to be sent at once.
	HoldHeartbeat(std::chrono::seconds interval, std::chrono::seconds limit,
		std::chrono::seconds left, Time now);

	/// Takes what the device sent. The tunnel's end where that is not the protocol.
	[[nodiscard]] std::optional<TunnelEnd> hear(std::string_view bytes, Time now);
	/// Says a beat if one is due: after the interval, or as the answer to one of the device's, but
	/// never sooner than a second after the last one. Nothing is added while what was said before
	/// is still unsent, so a deaf peer fills no memory.
	void speak(std::chrono::seconds left, Time now);
	/// Says that the device has a twin.
	void warn_of_twin();
	/// Says the last line. What waits before it is dropped unless a part of it has gone out
	/// already.
	void add_bye(Bye bye);
	/// The tunnel's end where the device has been silent, or deaf, for the limit.
	[[nodiscard]] std::optional<TunnelEnd> check_silence(Time now) const;

	[[nodiscard]] bool is_beat_due(Time now) const noexcept { return now >= next_beat_; }
	/// When this has to be asked again at the latest.
	[[nodiscard]] Time next_check() const noexcept;

	[[nodiscard]] std::string_view unsent() const noexcept { return unsent_; }
	void note_sent(std::size_t bytes, Time now);

private:
	std::chrono::seconds interval_;
	Time limit_;
	Time next_beat_;
	Time spoken_;    ///< the last beat
	Time heard_;     ///< when the last whole line came
	Time sent_;      ///< when bytes last went out, or when there were none to send
	HeartbeatReader reader_;
	std::string unsent_;
	bool begun_ = false;    ///< part of the first unsent line is out already
};

}    // namespace rassist::hold
