// complete: the shell's completion calls it (completion.bash).
#include "common/base/parse.hpp"
#include "common/system/files.hpp"
#include "rassist/frame/actions.hpp"
#include "rassist/frame/table.hpp"

#include <sysexits.h>

#include <algorithm>
#include <ostream>
#include <set>

namespace rassist::cli {

namespace {

constexpr std::string_view kPinSuffix = ".rassist.host";

/// Serials somebody here may mean: the registry's on a relay, the pinned ones of support.
std::set<std::string> list_known_serials(const Context& context) {
	std::set<std::string> serials;
	if (auto folder = Folder::open(context.paths.devices())) {
		if (auto names = folder->names())
			serials.insert(names->begin(), names->end());
	}
	if (auto folder = Folder::open(context.home + "/.ssh/rassist")) {
		if (auto names = folder->names()) {
			for (const std::string& name : *names)
				if (name.ends_with(kPinSuffix))
					serials.insert(name.substr(0, name.size() - kPinSuffix.size()));
		}
	}
	return serials;
}

/// What may follow the words before; empty where it is for the shell to say (a file, a duration).
std::set<std::string> list_candidates(const Context& context, std::span<const std::string> before) {
	std::set<std::string> found;
	const Verb* verb = find_verb(before);
	if (verb == nullptr) {
		for (const Verb& row : list_verbs()) {
			const auto words = split_words(row.name);
			if (!row.help.empty() && before.size() < words.size() &&
				std::equal(before.begin(), before.end(), words.begin()))
				found.insert(words[before.size()]);
		}
		return found;
	}
	if (verb->name == "help")
		return list_candidates(context, before.subspan(1));
	const auto last = before.back();
	const bool wants_value = std::ranges::any_of(verb->options, [&](const Option& option) {
		return !option.argument.empty() && last == "--" + std::string(option.name);
	});
	if (wants_value)
		return found;
	for (const Option& option : verb->options) {
		const std::string shown = "--" + std::string(option.name);
		if (option.count == OptionCount::any || std::ranges::find(before, shown) == before.end())
			found.insert(shown);
	}
	if (verb->operands.find("SERIAL") != std::string_view::npos)
		found.merge(list_known_serials(context));
	return found;
}

}    // namespace

Result<int> complete_verb(Context& context, const Arguments& arguments) {
	std::vector<std::string> words = arguments.operands();
	const std::string typed = words.empty() ? std::string() : words.back();
	if (!words.empty())
		words.pop_back();
	for (const std::string& candidate : list_candidates(context, words))
		if (candidate.starts_with(typed))
			context.out << candidate << "\n";
	return EX_OK;
}

}    // namespace rassist::cli
