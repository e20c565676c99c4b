// Looks at a door's PAM service (pam.d(5)): pam_rassist must have the last word in each of its
// types, whatever else somebody puts there. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rassist::cli::doctor {

struct PamLine {
	int number = 0;
	/// It is auth, account, password or session, or "@include" for a line that brings in others.
	std::string type;
	std::string control;    ///< "required", "[success=1 default=ignore]"
	std::string module;
};

/// Comments, continued lines and a leading '-' are read as libpam does.
[[nodiscard]] std::vector<PamLine> parse_pam(std::string_view text);

/// What is wrong with the service, one sentence each: pam_rassist is missing from a type or not
/// required, or a line before it can end the type well without it.
[[nodiscard]] std::vector<std::string> find_wrong_in_pam(
	const std::vector<PamLine>& lines, const std::vector<std::string>& types);

}    // namespace rassist::cli::doctor
