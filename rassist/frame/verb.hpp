// A verb of the command line, as a row of the table has it (table.hpp).
#pragma once

#include "common/base/result.hpp"
#include "rassist/frame/context.hpp"
#include "rassist/frame/options.hpp"

#include <span>
#include <string_view>

namespace rassist::cli {

/// Where a verb belongs. These are bits, for `sessions` belongs to two places.
enum Where : unsigned { kOnDevice = 1, kOnRelay = 2, kForSupport = 4, kAnywhere = 8 };

struct Verb {
	std::string_view name;    ///< one word, or two: "device add"
	unsigned where = kAnywhere;
	bool needs_root = false;
	std::string_view operands;    ///< "SERIAL", "[SERIAL]", "" for none
	std::span<const Option> options;
	/// One line; "" hides a verb that only programs call.
	std::string_view help;
	/// What `rassist help VERB` says beyond that line.
	std::string_view details;
	/// Hands back the exit code, or what went wrong.
	Result<int> (*run)(Context& context, const Arguments& arguments);
};

/// sysexits(3) code of a failure.
[[nodiscard]] int exit_code(Fault fault);

}    // namespace rassist::cli
