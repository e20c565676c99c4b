#include "rassist/frame/dispatch.hpp"

#include "common/base/parse.hpp"
#include "rassist/frame/help.hpp"
#include "rassist/frame/join.hpp"
#include "rassist/frame/table.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

namespace {

bool asks_for_help(std::span<const std::string> words) {
	for (const std::string& word : words) {
		if (word == "--")
			return false;
		if (word == "--help" || word == "-h")
			return true;
	}
	return false;
}

int say_unknown_verb(Context& context, std::span<const std::string> words) {
	if (words.empty()) {
		context.err << "rassist: no verb given\n" << format_overview();
	} else if (is_family(words[0])) {
		context.err << "rassist " << words[0] << ": what about it?\n"
					<< format_help(words.first(1));
	} else {
		context.err << "rassist: there is no verb " << quoted(words[0])
					<< "; `rassist help` lists them\n";
	}
	return EX_USAGE;
}

}    // namespace

int dispatch(Context& context, std::span<const std::string> words) {
	if (asks_for_help(words)) {
		const std::string help = format_help(words);
		context.out << (help.empty() ? format_overview() : help);
		return EX_OK;
	}
	const Verb* verb = find_verb(words);
	if (verb == nullptr)
		return say_unknown_verb(context, words);
	context.verb = verb;
	auto arguments =
		Arguments::parse(verb->options, verb->operands, words.subspan(count_words(*verb)));
	if (!arguments)
		return context.usage(arguments.error().what);
	if (verb->needs_root && !context.is_root())
		return context.fail(
			EX_NOPERM, "only root may do this: sudo rassist " + join_texts(words, " "));
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
