#include "rassist/frame/context.hpp"

#include "rassist/frame/help.hpp"
#include "rassist/frame/verb.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

int Context::usage(std::string_view what) const {
	err << "rassist " << verb->name << ": " << what << "\nusage: " << format_synopsis(*verb)
		<< "\n";
	return EX_USAGE;
}

int Context::fail(int code, std::string_view what) const {
	err << "rassist " << verb->name << ": " << what << "\n";
	return code;
}

void Context::warn(std::string_view what) const {
	err << "rassist " << verb->name << ": " << what << "\n";
}

std::string Context::bold(std::string_view text) const {
	return terminal ? "\033[1m" + std::string(text) + "\033[0m" : std::string(text);
}

}    // namespace rassist::cli
