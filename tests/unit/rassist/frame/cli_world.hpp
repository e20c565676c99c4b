// A host of its own for each test of the command line: folders, streams, a person who answers
// prompts, and programs that are played.
#pragma once

#include "common/system/child.hpp"
#include "common/system/run.hpp"
#include "rassist/frame/context.hpp"
#include "rassist/frame/dispatch.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <jansson.h>

#include <pwd.h>
#include <unistd.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace rassist::cli::test {

using rassist::test::contents;
using rassist::test::is_there;
using rassist::test::make;
using rassist::test::spill;
using rassist::test::TemporaryFolder;

using JsonPointer = std::unique_ptr<json_t, decltype(&json_decref)>;

/// Keys of an object, in their order, joined by blanks.
inline std::string keys_of(json_t* object) {
	std::string text;
	const char* key = nullptr;
	json_t* value = nullptr;
	json_object_foreach(object, key, value) {
		text += (text.empty() ? "" : " ") + std::string(key);
	}
	return text;
}

class World {
public:
	World() {
		for (const auto& path : {paths.etc, paths.config_dropins(), paths.state, paths.run,
				 paths.agent_run, context.home})
			make(path);
	}

	int run(const std::vector<std::string>& words) {
		out.str("");
		err.str("");
		return dispatch(context, words);
	}

	/// What was printed, as JSON; null where it is none.
	[[nodiscard]] JsonPointer json() const {
		const std::string text = out.str();
		return {
			json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr), &json_decref};
	}

	const TemporaryFolder folder;
	const Paths paths{.etc = folder / "etc",
		.state = folder / "state",
		.run = folder / "run",
		.agent_run = folder / "agent",
		.guard_run = folder / "guard",
		.libexec = folder / "libexec",
		.data = folder / "data"};
	std::ostringstream out;
	std::ostringstream err;
	std::string answer;                           ///< what the person types
	std::vector<std::vector<std::string>> ran;    ///< argv of each program
	std::vector<std::string> inputs;              ///< and its stdin
	/// What a program does; by default it succeeds and says nothing.
	std::function<Finished(const std::vector<std::string>& argv, std::string_view input)> program =
		[](const auto&, auto) { return Finished{}; };

	Context context{.paths = paths,
		.root = geteuid(),
		.user = geteuid(),
		.home = folder / "home",
		.agent_socket = "",
		.agent_account = own_account(),
		.nsswitch = folder / "nsswitch.conf",
		.relay_ssh = folder / "relay_ssh.conf",
		.terminal = false,
		.out = out,
		.err = err,
		.ask =
			[this](std::string_view) {
				return answer.empty() ? Result<Secret>(Error{Fault::invalid, "nothing was typed"})
									  : Result<Secret>(Secret(answer));
			},
		.run = [this](const ChildPlan& plan, std::string_view input,
				   std::chrono::milliseconds) -> Result<Finished> {
			ran.push_back(plan.argv);
			inputs.emplace_back(input);
			return program(plan.argv, input);
		},
		.verb = nullptr};

private:
	static std::string own_account() {
		const passwd* entry = getpwuid(geteuid());
		return entry == nullptr ? "" : entry->pw_name;
	}
};

}    // namespace rassist::cli::test
