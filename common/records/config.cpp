#include "common/records/config.hpp"

#include "common/base/ini.hpp"
#include "common/base/parse_network.hpp"
#include "common/system/files.hpp"

#include <algorithm>
#include <array>

namespace rassist {
namespace {

constexpr std::chrono::seconds kHeartbeatMost{60};
constexpr std::chrono::seconds kHeartbeatLimitMost{300};

/// Puts a parsed value where it belongs, or says why not.
template <class Parsed, class Into> Status put(Result<Parsed> parsed, Into& into) {
	if (!parsed)
		return std::move(parsed).error();
	into = std::move(*parsed);
	return Done{};
}

Status put_host_port(std::string_view value, std::optional<HostPort>& into) {
	if (value == "none") {
		into.reset();
		return Done{};
	}
	return put(parse_host_port(value), into);
}

Status put_relays(std::string_view value, std::vector<RelayAddress>& into) {
	std::vector<RelayAddress> relays;
	for (const std::string& word : split_words(value)) {
		Result<RelayAddress> relay = parse_relay_address(word);
		if (!relay)
			return std::move(relay).error();
		if (std::any_of(relays.begin(), relays.end(),
				[&](const RelayAddress& known) { return known.host == relay->host; }))
			return Error{Fault::invalid,
				quoted(word) + " is named twice: write its ports as in HOST:443,2222"};
		relays.push_back(std::move(*relay));
	}
	if (relays.empty())
		return Error{
			Fault::invalid, "no relay is named: write HOST or HOST:PORT,PORT, separated by blanks"};
	into = std::move(relays);
	return Done{};
}

Status put_reach(std::string_view value, Reach& into) {
	if (value == "services")
		into = Reach::services;
	else if (value == "device")
		into = Reach::device;
	else if (value == "any")
		into = Reach::any;
	else
		return Error{Fault::invalid, quoted(value) + " is not a reach: services, device or any"};
	return Done{};
}

Status put_name(std::string_view value, std::string& into) {
	const Result<Name> name = Name::parse(value);
	if (!name)
		return name.error();
	into = name->str();
	return Done{};
}

Status put_seconds(std::string_view value, std::chrono::seconds most, std::chrono::seconds& into) {
	const Result<std::chrono::seconds> duration = parse_duration(value);
	if (!duration)
		return duration.error();
	if (*duration > most)
		return Error{
			Fault::invalid, quoted(value) + " is too long: at most " + format_duration(most)};
	into = *duration;
	return Done{};
}

/// Words separated by blanks or commas, each once; `none` for none at all.
template <class T, class Parse>
Status put_words(std::string_view value, Parse parse, std::size_t most, std::vector<T>& into) {
	std::string text(value);
	std::replace(text.begin(), text.end(), ',', ' ');
	const std::vector<std::string> words = split_words(text);
	if (words.empty())
		return Error{Fault::invalid, "names nothing: write `none` for none"};
	std::vector<T> values;
	for (const std::string& word : words) {
		if (words.size() == 1 && word == "none")
			break;
		Result<T> parsed = parse(word);
		if (!parsed)
			return std::move(parsed).error();
		if (std::find(values.begin(), values.end(), *parsed) != values.end())
			return Error{Fault::invalid, quoted(word) + " is named twice"};
		values.push_back(*std::move(parsed));
	}
	if (values.size() > most)
		return Error{Fault::invalid, "names more than " + std::to_string(most)};
	into = std::move(values);
	return Done{};
}

Status put_networks(std::string_view value, std::vector<Network>& into) {
	std::vector<Network> networks;
	std::string list(value);
	// lines that go on are joined without a blank: a comma at their end parts them
	std::replace(list.begin(), list.end(), ',', ' ');
	const std::vector<std::string> words = split_words(list);
	for (const std::string& word : words) {
		if (word == "any" && words.size() == 1)
			break;
		const Result<Network> network = Network::parse(word);
		if (!network)
			return network.error();
		networks.push_back(*network);
	}
	// an empty value would read as "nobody" to one and as "anybody" to another
	if (words.empty())
		return Error{
			Fault::invalid, "no network is named: write 203.0.113.0/24, 2001:db8::/32, or any"};
	into = std::move(networks);
	return Done{};
}

constexpr std::array<ConfigOption, 17> kOptions{{
	{"device", "serial", "SERIAL", "",
		[](Config& c, std::string_view v) { return put(Serial::parse(v), c.serial); }},
	{"device", "relays", "HOST[:PORT,PORT] ...", "",
		[](Config& c, std::string_view v) { return put_relays(v, c.relays); }},
	{"device", "proxy", "HOST:PORT|none", "none",
		[](Config& c, std::string_view v) { return put_host_port(v, c.proxy); }},
	{"device", "http", "HOST:PORT|none", "127.0.0.1:80",
		[](Config& c, std::string_view v) { return put_host_port(v, c.http); }},
	{"device", "window", "DURATION", "1h",
		[](Config& c, std::string_view v) { return put(parse_duration(v), c.window); }},
	{"device", "window-max", "DURATION", "8h",
		[](Config& c, std::string_view v) { return put(parse_duration(v), c.window_max); }},
	{"device", "reach", "services|device|any", "services",
		[](Config& c, std::string_view v) { return put_reach(v, c.reach); }},
	{"device", "typed-code", "yes|no", "yes",
		[](Config& c, std::string_view v) { return put(parse_yes_no(v), c.typed_code); }},
	{"device", "sudo", "yes|no", "yes",
		[](Config& c, std::string_view v) { return put(parse_yes_no(v), c.sudo); }},
	{"device", "publish", "none|SERVICE[,SERVICE]", "none",
		[](Config& c, std::string_view v) {
			return put_words(v, parse_service, kServices.size(), c.publish);
		}},
	{"relay", "name", "NAME", "relay",
		[](Config& c, std::string_view v) { return put_name(v, c.relay_name); }},
	{"relay", "grant-max", "DURATION", "12h",
		[](Config& c, std::string_view v) { return put(parse_duration(v), c.grant_max); }},
	{"relay", "heartbeat", "DURATION", "5s",
		[](Config& c, std::string_view v) { return put_seconds(v, kHeartbeatMost, c.heartbeat); }},
	{"relay", "heartbeat-limit", "DURATION", "15s",
		[](Config& c, std::string_view v) {
			return put_seconds(v, kHeartbeatLimitMost, c.heartbeat_limit);
		}},
	{"relay", "support-from", "NETWORK ...|any", "any",
		[](Config& c, std::string_view v) { return put_networks(v, c.support_from); }},
	{"relay", "publish-address", "none|ADDRESS ...", "none",
		[](Config& c, std::string_view v) {
			return put_words(v, parse_public_address, kPublishAddressesMost, c.publish_addresses);
		}},
	{"relay", "publish-ports", "FIRST-LAST", "20000-29999",
		[](Config& c, std::string_view v) { return put(PortRange::parse(v), c.publish_ports); }},
}};

Error unknown_option(std::string_view section, std::string_view key) {
	std::string known;
	for (const ConfigOption& option : kOptions)
		if (option.section == section)
			known += (known.empty() ? "" : ", ") + std::string(option.key);
	if (known.empty())
		return Error{
			Fault::invalid, "unknown section [" + std::string(section) + "]: device or relay"};
	return Error{Fault::invalid,
		"unknown key " + quoted(key) + " in [" + std::string(section) + "]; there are " + known};
}

Status apply(Config& config, const Folder& folder, const std::string& name, uid_t root) {
	Trust trust;
	trust.owner = root;
	const Result<std::string> text = folder.read(name, trust);
	if (!text)
		return text.error();
	const std::string path = folder.path() + "/" + name;
	const Result<std::vector<IniEntry>> entries = parse_ini(*text, path);
	if (!entries)
		return entries.error();
	for (const IniEntry& entry : *entries)
		if (Status set = set_option(config, entry.section, entry.key, entry.value); !set)
			return set.error().within(path + ":" + std::to_string(entry.line));
	return Done{};
}

Status apply_dropins(Config& config, const std::string& path, uid_t root) {
	const Result<Folder> folder = Folder::trusted(path, root);
	if (!folder)
		return folder.error().code == Fault::not_found ? Status(Done{}) : Status(folder.error());
	const Result<std::vector<std::string>> names = folder->names();
	if (!names)
		return names.error();
	for (const std::string& name : *names) {
		if (!name.ends_with(".conf"))
			continue;
		if (Status applied = apply(config, *folder, name, root); !applied)
			return applied;
	}
	return Done{};
}

/// What holds between options, whichever file they came from.
Status agree(const Config& config) {
	if (config.window > config.window_max) {
		return Error{Fault::invalid, "window (" + format_duration(config.window) +
										 ") is longer than window-max (" +
										 format_duration(config.window_max) + ")"};
	}
	if (config.heartbeat_limit < 2 * config.heartbeat) {
		return Error{Fault::invalid, "heartbeat-limit (" + format_duration(config.heartbeat_limit) +
										 ") must be at least twice heartbeat (" +
										 format_duration(config.heartbeat) + ")"};
	}
	return Done{};
}

}    // namespace

std::span<const ConfigOption> list_config_options() { return kOptions; }

Status set_option(
	Config& config, std::string_view section, std::string_view key, std::string_view value) {
	for (const ConfigOption& option : kOptions) {
		if (option.section != section || option.key != key)
			continue;
		const Status set = option.set(config, value);
		return set ? set : Status(set.error().within(key));
	}
	return unknown_option(section, key);
}

Result<Config> load_config(const Paths& paths, uid_t root) {
	const Result<Folder> folder = Folder::trusted(paths.etc, root);
	if (!folder)
		return folder.error();
	Config config;
	const std::string path = paths.config();
	if (Status applied = apply(config, *folder, path.substr(path.rfind('/') + 1), root); !applied)
		return std::move(applied).error();
	if (Status applied = apply_dropins(config, paths.config_dropins(), root); !applied)
		return std::move(applied).error();
	if (Status agreed = agree(config); !agreed)
		return agreed.error().within(path);
	return config;
}

}    // namespace rassist
