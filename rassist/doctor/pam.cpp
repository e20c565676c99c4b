#include "rassist/doctor/pam.hpp"

#include "rassist/doctor/checks.hpp"

#include "common/base/parse.hpp"
#include "common/system/files.hpp"

#include <cctype>
#include <sstream>

namespace rassist::cli::doctor {

namespace {

constexpr std::string_view kOurs = "pam_rassist.so";

/// Takes one word, or all of a bracketed control.
std::string take_word(std::string_view& line) {
	line = trimmed(line);
	const bool bracket = line.starts_with('[');
	auto end = bracket ? line.find(']') : line.find_first_of(" \t");
	if (bracket && end != std::string_view::npos)
		++end;
	std::string word(line.substr(0, end));
	line.remove_prefix(end == std::string_view::npos ? line.size() : end);
	return word;
}

/// Of `[value=action …]`: `done` ends the type well, a number jumps over what follows, `reset`
/// forgets what went wrong before.
bool may_skip(std::string_view bracketed) {
	for (auto at = bracketed.find('='); at != std::string_view::npos;
		 at = bracketed.find('=', at + 1)) {
		const std::string_view action = trimmed(bracketed.substr(at + 1));
		if (action.starts_with("done") || action.starts_with("reset") ||
			(!action.empty() && std::isdigit(static_cast<unsigned char>(action.front())) != 0))
			return true;
	}
	return false;
}

/// Whether a line with this control can end its type with success, or jump over what follows.
bool may_end(const PamLine& line) {
	if (line.control.starts_with('['))
		return may_skip(line.control);
	return line.type == "@include" || line.control == "sufficient" || line.control == "include" ||
		   line.control == "substack";
}

bool is_ours(const PamLine& line) {
	return line.module == kOurs || line.module.ends_with("/" + std::string(kOurs));
}

std::string find_wrong_in_type(const std::vector<PamLine>& lines, const std::string& type) {
	for (const PamLine& line : lines) {
		if (line.type != type && line.type != "@include")
			continue;
		if (is_ours(line)) {
			return line.control == "required" || line.control == "requisite"
					   ? ""
					   : "line " + std::to_string(line.number) + ": " + type + " " + line.control +
							 " pam_rassist.so must be required";
		}
		if (may_end(line)) {
			return "line " + std::to_string(line.number) + ": `" + line.type +
				   (line.control.empty() ? "" : " " + line.control) + " " + line.module +
				   "` stands before pam_rassist.so and can let " + type + " succeed without it";
		}
	}
	return "it has no line `" + type + " required pam_rassist.so`";
}

}    // namespace

std::vector<PamLine> parse_pam(std::string_view text) {
	std::vector<PamLine> lines;
	std::istringstream stream{std::string(text)};
	int number = 0;
	for (std::string part; std::getline(stream, part);) {
		const int first = ++number;
		std::string whole = part;
		while (whole.ends_with('\\') && std::getline(stream, part)) {
			whole.back() = ' ';
			whole += part;
			++number;
		}
		std::string_view rest(whole);
		rest = trimmed(rest.substr(0, rest.find('#')));
		if (rest.empty())
			continue;
		PamLine line{first, take_word(rest), {}, {}};
		if (line.type.starts_with('-'))
			line.type.erase(0, 1);
		for (char& c : line.type)
			c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
		if (line.type != "@include")
			line.control = take_word(rest);
		line.module = take_word(rest);
		lines.push_back(std::move(line));
	}
	return lines;
}

std::vector<std::string> find_wrong_in_pam(
	const std::vector<PamLine>& lines, const std::vector<std::string>& types) {
	std::vector<std::string> wrong;
	for (const std::string& type : types)
		if (std::string sentence = find_wrong_in_type(lines, type); !sentence.empty())
			wrong.push_back(std::move(sentence));
	return wrong;
}

void look_at_pam(ExaminedHost& host) {
	const bool relay = host.is(kOnRelay);
	const std::string path = (relay ? "/etc/pam.d/rassist-relay" : "/etc/pam.d/rassist-login");
	const auto text = read_trusted(path, Trust{.owner = host.context.root});
	if (!text) {
		if (text.error().code == Fault::not_found) {
			host.findings.fault(path + " is missing: the door does not open without it",
				"install the package again that brings it");
		}
		return;    // who owns it is a check of its own
	}
	const auto types = relay ? std::vector<std::string>{"account", "session"}
							 : std::vector<std::string>{"auth", "account", "session"};
	for (const std::string& sentence : find_wrong_in_pam(parse_pam(*text), types)) {
		std::string where = path;
		host.findings.fault(
			where.append(": ").append(sentence), "put the lines back as the package brought them");
	}
}

void look_at_sudo(ExaminedHost& host) {
	if (!host.config || !host.config->sudo)
		return;
	const auto said = host.ask({"/usr/sbin/visudo", "-c"});
	if (!said) {
		host.findings.warning("sudo = yes, and visudo cannot be run: " + said.error().what,
			"install sudo, or say sudo = no");
		return;
	}
	const std::string all = said->out + said->err;
	if (said->status != 0) {
		host.findings.fault("sudo finds its configuration broken: " +
								std::string(trimmed(all.substr(0, all.find('\n')))),
			"visudo");
	} else if (all.find("/etc/sudoers.d/rassist") == std::string::npos) {
		host.findings.fault(
			"sudo does not read /etc/sudoers.d/rassist: support has no sudo right in a window",
			"visudo, and add the line: @includedir /etc/sudoers.d");
	}
}

}    // namespace rassist::cli::doctor
