// The forced command of staff keys tells what is open now, as far as the person's scope goes.
// Parsing, judging and formatting are pure; what is named read, list, find or probe looks at the
// relay's records and at the network.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"
#include "common/records/grant.hpp"
#include "common/records/last_event.hpp"
#include "common/records/probe.hpp"
#include "common/records/registry.hpp"
#include "common/system/clock.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rassist::desk {

enum class DeskVerb { refused, help, list, show, take };

/// What the person asks for. No shell reads it: it is words between blanks and nothing else.
struct DeskCommand {
	DeskVerb verb = DeskVerb::refused;
	std::optional<Serial> serial;    ///< show, take
	bool json = false;
};
/// "" and "list" ask for the list, and so does "list --json"; the others are "show SERIAL
/// [--json]", "take SERIAL" and "help". A leading "desk" is passed over.
[[nodiscard]] Result<DeskCommand> parse_command(std::string_view text);

enum class DeviceState {
	hidden,    ///< not registered or out of the person's scope: the person cannot tell which
	blocked,
	not_activated,    ///< it has no identity key here
	closed,           ///< it has no window
	tunnel_down,      ///< it has a window by the relay's records, but its tunnel does not stand
	no_answer,        ///< the tunnel stands, and the device's ssh does not answer through it
	open,
};
[[nodiscard]] std::string_view state_word(DeviceState state);
/// The exit status, of sysexits(3): EX_NOHOST where the device is unknown, EX_UNAVAILABLE where it
/// cannot be reached now.
[[nodiscard]] int exit_status_of(DeviceState state);

/// One device as this person may see it. A time is 0 where it means nothing in this state.
struct DeviceView {
	Serial serial;
	DeviceState state = DeviceState::hidden;
	std::int64_t since = 0;    ///< UTC seconds: the tunnel stands
	std::int64_t until = 0;    ///< UTC seconds: the relay forgets the tunnel's key
	/// UTC seconds: its last window ended then; 0 where none was seen lately
	std::int64_t closed = 0;
	std::string note;
	std::optional<Probe> probe;        ///< open, no_answer: what its ssh said
	std::optional<LastEvent> ended;    ///< not open: how its last tunnel ended
	/// the last time the relay refused it, where nothing good came after
	std::optional<LastEvent> refusal;
	std::optional<std::size_t> connections;    ///< open: to its ssh, now
};

/// What the relay knows of a device.
struct DeviceRecords {
	std::optional<Device> device;
	std::optional<Grant> tunnel;
	std::optional<std::int64_t> up_since;
	bool activated = true;
	std::optional<LastEvent> ended{};
	std::optional<LastEvent> refusal{};
};
[[nodiscard]] DeviceView view_device(
	const Serial& serial, const Grant& person, const DeviceRecords& known, const Now& now);

/// The view after its probe: a device counts as open only where its ssh answered. A device that was
/// not asked, or is not open, stays as it is.
[[nodiscard]] DeviceView with_probe(DeviceView view, const std::optional<Probe>& probe);

/// Reads all of them. A record that cannot be read counts as none.
[[nodiscard]] DeviceRecords read_device_records(
	const Paths& paths, const Serial& serial, uid_t root = 0);
/// The devices that are open now and in the person's scope, by serial.
[[nodiscard]] Result<std::vector<DeviceView>> list_open_devices(
	const Paths& paths, const Grant& person, const Now& now, uid_t root = 0);

/// The grant of the key that was used. denied where the grant is gone or has expired since sshd let
/// the person in.
[[nodiscard]] Result<Grant> find_person(
	const Paths& paths, const Fingerprint& key, const Now& now, uid_t root = 0);

/// Asks each open device whether its ssh answers (relay/probe_all.hpp); the views with the answers.
[[nodiscard]] std::vector<DeviceView> probe_devices(
	const Paths& paths, std::vector<DeviceView> views, const Now& now, uid_t root = 0);

// These three are for people (desk_text.cpp).
[[nodiscard]] std::string format_list(const std::vector<DeviceView>& views, const Now& now);
[[nodiscard]] std::string format_device_view(const DeviceView& view, const Now& now);
[[nodiscard]] std::string format_help();

}    // namespace rassist::desk
