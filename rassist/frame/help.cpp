#include "rassist/frame/help.hpp"

#include "common/base/parse.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/table.hpp"

#include <sysexits.h>

#include <algorithm>
#include <ostream>

namespace rassist::cli {

namespace {

struct VerbGroup {
	Where where;
	std::string_view title;
};
constexpr VerbGroup kVerbGroups[] = {{kOnDevice, "On a device:"}, {kOnRelay, "On a relay:"},
	{kForSupport, "For support:"}, {kAnywhere, "Anywhere:"}};

std::string first_word(std::string_view name) {
	return std::string(name.substr(0, name.find(' ')));
}

/// The verb as it stands under its place: its use on one line, and what it does below that.
std::string format_listed_verb(const Verb& verb) {
	std::string line = "  " + std::string(verb.name);
	if (const std::string usage = format_usage(verb.options, verb.operands); !usage.empty())
		line += " " + usage;
	return line + "\n        " + std::string(verb.help) + "\n";
}

}    // namespace

bool is_family(std::string_view word) {
	return std::ranges::any_of(
		list_verbs(),
		[&](const Verb& verb) { return count_words(verb) == 2 && first_word(verb.name) == word; });
}

std::string format_synopsis(const Verb& verb) {
	const std::string usage = format_usage(verb.options, verb.operands);
	return "rassist " + std::string(verb.name) + (usage.empty() ? "" : " " + usage);
}

std::string format_overview() {
	std::string text = "usage: rassist VERB [OPTION…] [ARGUMENT…]\n";
	for (const VerbGroup& place : kVerbGroups) {
		text += "\n" + std::string(place.title) + "\n";
		for (const Verb& verb : list_verbs())
			if ((verb.where & place.where) != 0 && !verb.help.empty())
				text += format_listed_verb(verb);
	}
	return text + "\nDurations are written 90s, 15m, 2h, 1h30m. `rassist help VERB` tells more; so "
				  "does rassist(1).\n";
}

std::string format_help(std::span<const std::string> words) {
	if (const Verb* verb = find_verb(words)) {
		std::string text = "usage: " + format_synopsis(*verb) + "\n";
		text += verb->help.empty()
					? ""
					: "\n" + std::string(verb->help) + (verb->needs_root ? " (root)" : "") + "\n";
		return text + (verb->details.empty() ? "" : "\n" + std::string(verb->details) + "\n");
	}
	std::string text;
	for (const Verb& verb : list_verbs())
		if (!words.empty() && count_words(verb) == 2 && first_word(verb.name) == words[0])
			text += format_listed_verb(verb);
	return text;
}

Result<int> help_verb(Context& context, const Arguments& arguments) {
	if (arguments.operands().empty()) {
		context.out << format_overview();
		return EX_OK;
	}
	const std::string text = format_help(arguments.operands());
	if (text.empty()) {
		return context.usage(
			"there is no verb " + quoted(arguments.operands()[0]) + "; `rassist help` lists them");
	}
	context.out << text;
	return EX_OK;
}

}    // namespace rassist::cli
