#include "rassist/frame/verb.hpp"

#include "common/base/parse.hpp"

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

std::size_t words_in(const Verb& verb) {
	return static_cast<std::size_t>(std::ranges::count(verb.name, ' ')) + 1;
}

std::string first_word(std::string_view name) {
	return std::string(name.substr(0, name.find(' ')));
}

bool is_family(std::string_view word) {
	return std::ranges::any_of(
		verbs(),
		[&](const Verb& verb) { return words_in(verb) == 2 && first_word(verb.name) == word; });
}

/// The verb under its place: its use on one line, what it does below.
std::string listed(const Verb& verb) {
	std::string line = "  " + std::string(verb.name);
	if (const std::string usage = usage_of(verb.options, verb.operands); !usage.empty())
		line += " " + usage;
	return line + "\n        " + std::string(verb.help) + "\n";
}

bool asks_for_help(std::span<const std::string> words) {
	for (const std::string& word : words) {
		if (word == "--")
			return false;
		if (word == "--help" || word == "-h")
			return true;
	}
	return false;
}

std::string joined(std::span<const std::string> words) {
	std::string text;
	for (const std::string& word : words)
		text += (text.empty() ? "" : " ") + word;
	return text;
}

int unknown_verb(Context& context, std::span<const std::string> words) {
	if (words.empty()) {
		context.err << "rassist: no verb given\n" << overview();
	} else if (is_family(words[0])) {
		context.err << "rassist " << words[0] << ": what about it?\n" << help_of(words.first(1));
	} else {
		context.err << "rassist: there is no verb " << quoted(words[0])
					<< "; `rassist help` lists them\n";
	}
	return EX_USAGE;
}

}    // namespace

const Verb* find_verb(std::span<const std::string> words) {
	for (std::size_t length : {std::size_t{2}, std::size_t{1}}) {
		if (words.size() < length)
			continue;
		const std::string name = joined(words.first(length));
		const auto found = std::ranges::find(verbs(), name, &Verb::name);
		if (found != verbs().end() && words_in(*found) == length)
			return &*found;
	}
	return nullptr;
}

std::string synopsis(const Verb& verb) {
	const std::string usage = usage_of(verb.options, verb.operands);
	return "rassist " + std::string(verb.name) + (usage.empty() ? "" : " " + usage);
}

std::string overview() {
	std::string text = "usage: rassist VERB [OPTION…] [ARGUMENT…]\n";
	for (const VerbGroup& place : kVerbGroups) {
		text += "\n" + std::string(place.title) + "\n";
		for (const Verb& verb : verbs())
			if ((verb.where & place.where) != 0 && !verb.help.empty())
				text += listed(verb);
	}
	return text + "\nDurations are written 90s, 15m, 2h, 1h30m. `rassist help VERB` tells more; so "
				  "does rassist(1).\n";
}

std::string help_of(std::span<const std::string> words) {
	if (const Verb* verb = find_verb(words)) {
		std::string text = "usage: " + synopsis(*verb) + "\n";
		text += verb->help.empty()
					? ""
					: "\n" + std::string(verb->help) + (verb->needs_root ? " (root)" : "") + "\n";
		return text + (verb->details.empty() ? "" : "\n" + std::string(verb->details) + "\n");
	}
	std::string text;
	for (const Verb& verb : verbs())
		if (!words.empty() && words_in(verb) == 2 && first_word(verb.name) == words[0])
			text += listed(verb);
	return text;
}

int dispatch(Context& context, std::span<const std::string> words) {
	if (asks_for_help(words)) {
		const std::string help = help_of(words);
		context.out << (help.empty() ? overview() : help);
		return EX_OK;
	}
	const Verb* verb = find_verb(words);
	if (verb == nullptr)
		return unknown_verb(context, words);
	context.verb = verb;
	auto arguments =
		Arguments::parse(verb->options, verb->operands, words.subspan(words_in(*verb)));
	if (!arguments)
		return context.usage(arguments.error().what);
	if (verb->needs_root && !context.is_root())
		return context.fail(EX_NOPERM, "only root may do this: sudo rassist " + joined(words));
	auto code = verb->run(context, *arguments);
	if (!code)
		return context.fail(exit_code(code.error().code), code.error().what);
	return *code;
}

int exit_code(Fault fault) {
	switch (fault) {
	case Fault::internal:
		return EX_SOFTWARE;
	case Fault::invalid:
	case Fault::too_large:
		return EX_DATAERR;
	case Fault::not_found:
		return EX_NOINPUT;
	case Fault::exists:
		return EX_CANTCREAT;
	case Fault::denied:
		return EX_NOPERM;
	case Fault::untrusted:
		return EX_CONFIG;
	case Fault::busy:
		return EX_TEMPFAIL;
	case Fault::expired:
	case Fault::unavailable:
	case Fault::unsupported:
		return EX_UNAVAILABLE;
	case Fault::io:
		return EX_IOERR;
	}
	return EX_SOFTWARE;
}

}    // namespace rassist::cli
