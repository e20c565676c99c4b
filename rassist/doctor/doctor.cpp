// doctor: it walks the chain that a login takes, and says what is wrong and how to mend it.
#include "common/base/json.hpp"
#include "common/system/child.hpp"
#include "rassist/doctor/checks.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/join.hpp"
#include "rassist/frame/terminal.hpp"

#include <sys/stat.h>
#include <sysexits.h>

#include <algorithm>
#include <iterator>
#include <ostream>
#include <ranges>

namespace rassist::cli {

using doctor::Argv;
using doctor::Check;
using doctor::ExaminedHost;
using doctor::Finding;
using doctor::Findings;
using doctor::Level;

namespace {

struct HostRole {
	std::string_view name;
	Where where;
	/// The files of which one is there where the host has this role.
	std::vector<std::string> (*signs)(const Context& context);
};

constexpr HostRole kHostRoles[] = {
	{"device", kOnDevice,
		[](const Context& context) {
			return std::vector{context.paths.identity(), context.paths.relay_pins()};
		}},
	{"relay", kOnRelay,
		[](const Context& context) {
			return std::vector{context.paths.state + "/relay_host_ed25519_key"};
		}},
	{"support", kForSupport, [](const Context& context) { return std::vector{context.relay_ssh}; }},
};

Result<std::vector<HostRole>> choose_roles(const Context& context, const Arguments& arguments) {
	std::vector<HostRole> roles;
	for (const std::string& word : arguments.operands()) {
		const auto* role = std::ranges::find(kHostRoles, word, &HostRole::name);
		if (role == std::end(kHostRoles))
			return Error{Fault::invalid, quoted(word) + " is not device, relay or support"};
		roles.push_back(*role);
	}
	if (!roles.empty())
		return roles;
	const auto is_there = [](const std::string& path) {
		struct stat file {};
		return lstat(path.c_str(), &file) == 0;
	};
	std::ranges::copy_if(kHostRoles, std::back_inserter(roles),
		[&](const HostRole& role) { return std::ranges::any_of(role.signs(context), is_there); });
	return roles;
}

using Checks = std::vector<Check>;

/// All checks, or those that are named, in the table's order.
Result<Checks> choose_checks(const Arguments& arguments) {
	const std::vector<std::string> named = arguments.listed("only");
	const std::string names =
		join_texts(doctor::list_checks() | std::views::transform(&Check::name), ", ");
	for (const std::string& word : named)
		if (std::ranges::find(doctor::list_checks(), word, &Check::name) ==
			doctor::list_checks().end())
			return Error{Fault::invalid, quoted(word) + " is no check; there are " + names};
	Checks checks;
	std::ranges::copy_if(
		doctor::list_checks(), std::back_inserter(checks), [&](const Check& check) {
			return named.empty() || std::ranges::find(named, check.name) != named.end();
		});
	return checks;
}

Findings examine(Context& context, const std::vector<HostRole>& roles, const Checks& checks) {
	Findings findings;
	for (const HostRole& role : roles) {
		ExaminedHost host{context, role.where, findings, load_config(context.paths, context.root)};
		for (const Check& check : checks) {
			if ((check.roles & role.where) != 0) {
				findings.begin(role.name, check.name);
				check.look(host);
			}
		}
	}
	return findings;
}

/// Runs each safe command once, in the order of the findings.
void run_safe_mends(Context& context, const Findings& findings) {
	std::vector<Argv> done;
	for (const Finding& finding : findings.all()) {
		if (finding.safe.empty() || std::ranges::find(done, finding.safe) != done.end())
			continue;
		done.push_back(finding.safe);
		const std::string words = join_texts(finding.safe, " ");
		const auto ran =
			context.run(ChildPlan{.argv = finding.safe,
							.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}},
				"", std::chrono::seconds(60));
		if (!ran || ran->status != 0)
			context.warn(words + " failed: " +
						 (ran ? escape_for_terminal(trimmed(ran->err)) : ran.error().what));
		else
			context.err << "Done: " << words << "\n";
	}
}

std::string_view level_word(Level level) {
	switch (level) {
	case Level::fault:
		return "fault";
	case Level::warning:
		return "warning";
	case Level::ok:
		break;
	}
	return "ok";
}

Level level_of(const Findings& findings, std::string_view role, std::string_view check) {
	Level worst = Level::ok;
	for (const Finding& finding : findings.all())
		if (finding.role == role && finding.check == check)
			worst = std::max(worst, finding.level);
	return worst;
}

void print_json(const Context& context, const std::vector<HostRole>& roles, const Checks& checks,
	const Findings& findings) {
	Json checked = Json::array();
	for (const HostRole& role : roles) {
		for (const Check& check : checks) {
			if ((check.roles & role.where) != 0) {
				Json one = Json::object();
				one.text("role", role.name)
					.text("check", check.name)
					.text("result", level_word(level_of(findings, role.name, check.name)));
				checked.add(std::move(one));
			}
		}
	}
	Json found = Json::array();
	for (const Finding& finding : findings.all()) {
		Json one = Json::object();
		one.text("role", finding.role)
			.text("check", finding.check)
			.text("level", level_word(finding.level))
			.text("what", finding.what)
			.text("mend", finding.mend);
		one.flag("safe", !finding.safe.empty());
		found.add(std::move(one));
	}
	Json all = Json::object();
	all.flag("healthy", findings.all().empty())
		.put("checks", std::move(checked))
		.put("findings", std::move(found));
	context.out << all.print() << "\n";
}

void print_text(const Context& context, const std::vector<HostRole>& roles, const Checks& checks,
	const Findings& findings) {
	for (const HostRole& role : roles) {
		context.out << context.bold(role.name) << "\n";
		std::string well;
		for (const Check& check : checks)
			if ((check.roles & role.where) != 0 &&
				level_of(findings, role.name, check.name) == Level::ok)
				well += (well.empty() ? "" : ", ") + std::string(check.name);
		if (!well.empty())
			context.out << "  ok       " << well << "\n";
		for (const Finding& finding : findings.all()) {
			if (finding.role == role.name) {
				context.out << "  "
							<< context.bold(finding.level == Level::fault ? "FAULT   " : "warning ")
							<< " " << finding.check << ": " << finding.what << "\n"
							<< "           mend: " << finding.mend
							<< (finding.safe.empty() ? "" : "   (--fix does it)") << "\n";
			}
		}
	}
}

}    // namespace

Result<int> doctor_verb(Context& context, const Arguments& arguments) {
	const auto roles = choose_roles(context, arguments);
	if (!roles)
		return context.usage(roles.error().what);
	const auto checks = choose_checks(arguments);
	if (!checks)
		return context.usage(checks.error().what);
	if (roles->empty()) {
		return context.fail(EX_CONFIG,
			"nothing of rassist is set up on this host yet. A device: rassist setup device; a "
			"relay: systemctl enable --now rassist-relay; "
			"support: rassist setup support");
	}
	const bool as_person =
		std::ranges::all_of(*roles, [](const HostRole& role) { return role.where == kForSupport; });
	if (!context.is_root() && (!as_person || arguments.has("fix"))) {
		return context.fail(EX_NOPERM, "only root can look at a device or a relay, and mend "
									   "things; without root: rassist doctor support");
	}
	Findings findings = examine(context, *roles, *checks);
	if (arguments.has("fix") && !findings.all().empty()) {
		run_safe_mends(context, findings);
		findings = examine(context, *roles, *checks);
	}
	if (arguments.has("json"))
		print_json(context, *roles, *checks, findings);
	else
		print_text(context, *roles, *checks, findings);
	Level worst = Level::ok;
	for (const Finding& finding : findings.all())
		worst = std::max(worst, finding.level);
	return static_cast<int>(worst);
}

}    // namespace rassist::cli
