#include "common/records/grant.hpp"

#include "common/base/parse_network.hpp"
#include "common/records/record.hpp"

#include <algorithm>
#include <array>

namespace rassist {
namespace {

enum class Carries { no, may, must };

/// The table of roles: what a record of each carries besides role, subject, key and issued.
struct RoleRule {
	Role role;
	std::string_view name;
	Carries expires;
	/// expires-boot and boot-id: on a device both clocks count, on a relay there is no boot to
	/// speak of
	Carries boot;
	Carries window;    ///< window and sequence
	Carries relay;
	Carries twin;    ///< superseded and twin
	Carries reach;
	Carries staff;    ///< from, scope, note
};

constexpr std::array<RoleRule, 5> kRoles{{
	{Role::assist, "assist", Carries::must, Carries::must, Carries::must, Carries::no, Carries::no,
		Carries::may, Carries::no},
	{Role::tunnel, "tunnel", Carries::must, Carries::no, Carries::must, Carries::must, Carries::may,
		Carries::no, Carries::no},
	{Role::identity, "identity", Carries::may, Carries::no, Carries::no, Carries::no, Carries::no,
		Carries::no, Carries::no},
	{Role::activation, "activation", Carries::must, Carries::no, Carries::no, Carries::no,
		Carries::no, Carries::no, Carries::no},
	{Role::staff, "staff", Carries::may, Carries::no, Carries::no, Carries::no, Carries::no,
		Carries::no, Carries::may},
}};

const RoleRule* rule_of(Role role) {
	const auto* rule = std::find_if(
		kRoles.begin(), kRoles.end(), [&](const RoleRule& one) { return one.role == role; });
	return rule == kRoles.end() ? nullptr : rule;
}

/// Whether the key is there, as the role wants it.
Result<bool> carried(
	const IniSection& section, std::string_view key, Carries rule, const RoleRule& role) {
	const bool there = section.has(key);
	if (there && rule == Carries::no)
		return section.about(key,
			{Fault::invalid, "a grant of role " + std::string(role.name) + " does not carry this"});
	if (!there && rule == Carries::must)
		return section.about(key,
			{Fault::invalid, "missing; a grant of role " + std::string(role.name) + " carries it"});
	return there;
}

Result<HostPort> parse_reach(std::string_view word) {
	const auto colon = word.rfind(':');
	if (colon == std::string_view::npos)
		return Error{Fault::invalid, quoted(word) + " is not host:port (either may be *)"};
	const auto host = word.substr(0, colon);
	const bool any_port = word.substr(colon + 1) == "*";
	// the rest is an ordinary host:port once the stars are out of it
	auto reach = parse_host_port((host == "*" ? "any" : std::string(host)) + ":" +
								 (any_port ? "1" : std::string(word.substr(colon + 1))));
	if (!reach)
		return reach.error();
	if (host == "*")
		reach->host = "*";
	if (any_port)
		reach->port = 0;
	return reach;
}

Status read_deadline(IniSection& section, const RoleRule& role, Grant& grant) {
	const auto expires = carried(section, "expires", role.expires, role);
	if (!expires)
		return expires.error();
	if (*expires) {
		const auto wall = read_field(section, "expires", parse_count);
		if (!wall)
			return wall.error();
		grant.expires = Deadline{*wall, std::nullopt};
	}
	const auto boot = carried(section, "expires-boot", role.boot, role);
	const auto boot_id = carried(section, "boot-id", role.boot, role);
	if (!boot || !boot_id)
		return !boot ? boot.error() : boot_id.error();
	if (*boot) {
		const auto at = read_field(section, "expires-boot", parse_count);
		const auto id = section.required("boot-id");
		if (!at || !id)
			return !at ? at.error() : id.error();
		grant.expires->boot = Deadline::Boot{*at, *id};
	}
	return Done{};
}

Status read_window(IniSection& section, const RoleRule& role, Grant& grant) {
	const auto window = carried(section, "window", role.window, role);
	const auto sequence = carried(section, "sequence", role.window, role);
	const auto relay = carried(section, "relay", role.relay, role);
	if (!window || !sequence || !relay)
		return !window ? window.error() : !sequence ? sequence.error() : relay.error();
	if (*window) {
		const auto id = read_field(section, "window", Id::parse);
		const auto number = read_field(section, "sequence", parse_count);
		if (!id || !number)
			return !id ? id.error() : number.error();
		grant.window = *id;
		grant.sequence = *number;
	}
	if (*relay) {
		const auto name = read_field(section, "relay", Name::parse);
		if (!name)
			return name.error();
		grant.relay = name->str();
	}
	return Done{};
}

Status read_twin(IniSection& section, const RoleRule& role, Grant& grant) {
	const auto superseded = carried(section, "superseded", role.twin, role);
	const auto twin = carried(section, "twin", role.twin, role);
	if (!superseded || !twin)
		return !superseded ? superseded.error() : twin.error();
	auto windows = read_words<Id>(section, "superseded", Id::parse);
	if (!windows)
		return windows.error();
	grant.superseded = std::move(*windows);
	if (*twin) {
		const auto seen = read_field(section, "twin", parse_count);
		if (!seen)
			return seen.error();
		grant.twin = *seen;
	}
	return Done{};
}

/// reach, from, scope, note: lists that may be empty.
Status read_lists(IniSection& section, const RoleRule& role, Grant& grant) {
	const std::array<std::pair<std::string_view, Carries>, 4> keys{
		{{"reach", role.reach}, {"from", role.staff}, {"scope", role.staff}, {"note", role.staff}}};
	for (const auto& [key, rule] : keys)
		if (const auto there = carried(section, key, rule, role); !there)
			return there.error();
	auto reach = read_words<HostPort>(section, "reach", parse_reach);
	if (!reach)
		return reach.error();
	auto from = read_words<Network>(section, "from", Network::parse);
	if (!from)
		return from.error();
	auto scope = read_words<Scope>(section, "scope", Scope::parse);
	if (!scope)
		return scope.error();
	auto note = read_note(section);
	if (!note)
		return note.error();
	grant.reach = std::move(*reach);
	grant.from = std::move(*from);
	grant.scope = std::move(*scope);
	grant.note = std::move(*note);
	return Done{};
}

}    // namespace

std::string_view format_role(Role role) {
	const auto* rule = rule_of(role);
	return rule != nullptr ? rule->name : "none";
}

Result<Role> parse_role(std::string_view text) {
	for (const RoleRule& rule : kRoles)
		if (rule.name == text)
			return rule.role;
	return Error{Fault::invalid,
		"unknown role " + quoted(text) + " (assist, tunnel, identity, activation, staff)"};
}

Result<std::string> parse_subject(std::string_view text, Role role) {
	if (role == Role::staff) {
		const auto name = Name::parse(text);
		return name ? Result<std::string>(name->str()) : name.error();
	}
	const auto serial = Serial::parse(text);
	return serial ? Result<std::string>(serial->str()) : serial.error();
}

Result<Grant> parse_grant(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "grant", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	const auto role = read_field(*section, "role", parse_role);
	if (!role)
		return role.error();
	const auto subject = read_field(
		*section, "subject", [&](std::string_view word) { return parse_subject(word, *role); });
	if (!subject)
		return subject.error();
	const auto key = read_key(*section);
	if (!key)
		return key.error();
	const auto issued = read_field(*section, "issued", parse_count);
	if (!issued)
		return issued.error();
	Grant grant{.role = *role,
		.subject = *subject,
		.key = *key,
		.expires = {},
		.issued = *issued,
		.window = {},
		.relay = {},
		.reach = {},
		.from = {},
		.scope = {},
		.note = {}};
	for (const auto part : {read_deadline, read_window, read_twin, read_lists})
		if (const auto done = part(*section, *rule_of(*role), grant); !done)
			return done.error();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return grant;
}

}    // namespace rassist
