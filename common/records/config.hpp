// The configuration: /etc/rassist/rassist.conf and rassist.conf.d/*.conf (in order of name, a later
// one wins). There is one table of options; a test compares man/rassist.conf.5 with it.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"
#include "common/base/paths.hpp"
#include "common/base/relay_address.hpp"
#include "common/base/result.hpp"
#include "common/records/published_place.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rassist {

/// what -L and -W of support may open on the device's side
enum class Reach { services, device, any };

struct Config {
	// [device]
	std::optional<Serial> serial;
	std::vector<RelayAddress> relays;    ///< tried in order
	std::optional<HostPort> proxy;       ///< HTTP CONNECT
	/// what the relay's http port leads to; `http = none`
	std::optional<HostPort> http{HostPort{"127.0.0.1", 80}};
	/// length of a window nobody gave a length
	std::chrono::seconds window{3600};
	std::chrono::seconds window_max{8 * 3600};
	Reach reach = Reach::services;
	bool typed_code = true;
	bool sudo = true;
	std::vector<Service> publish;    ///< what of this device the relay may publish
	// [relay]
	/// Name; stands in answers, records and the journal
	std::string relay_name = "relay";
	/// `grant-max`: the longest a tunnel key is accepted without a new enrolment
	std::chrono::seconds grant_max{12 * 3600};
	std::chrono::seconds heartbeat{5};
	std::chrono::seconds heartbeat_limit{15};    ///< at least twice the heartbeat
	std::vector<Network> support_from;           ///< `support-from`; empty: from anywhere
	/// of this relay, for published devices; empty: nothing is published
	std::vector<std::string> publish_addresses;
	PortRange publish_ports;
};

struct ConfigOption {
	std::string_view section;
	std::string_view key;
	std::string_view syntax;          ///< for messages and the man page: "duration", "yes|no"
	std::string_view default_text;    ///< as one would write it; "" for none
	Status (*set)(Config&, std::string_view value);
};

/// All options, in the order of the manual.
[[nodiscard]] std::span<const ConfigOption> list_config_options();

/// Sets one option, as the file, a drop-in and a command line do. The error for an unknown key or a
/// bad value says what would have been right.
[[nodiscard]] Status set_option(
	Config& config, std::string_view section, std::string_view key, std::string_view value);

/// Reads the file (missing: not_found) and the drop-ins. Files must be root's and not writable by
/// group or others. The first error is returned with file and line.
[[nodiscard]] Result<Config> load_config(const Paths& paths, uid_t root = 0);

}    // namespace rassist
