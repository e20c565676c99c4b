// Where a tunnel makes its device be reached by others: of the places that the relay allows, those
// on which its sshd has_listener.
#pragma once

#include "common/records/publication.hpp"

#include <string>
#include <vector>

namespace rassist::hold {

struct ListeningPlaces {
	std::vector<PublishedPlace> listening;
	/// what is allowed, or was to be, and is not there, with the reason; "" for nothing
	std::string missing;
};

/// `uid` is whose listeners count. A place that is missing takes nothing else down: to be published
/// is an extra.
[[nodiscard]] ListeningPlaces find_listening_places(
	const PublishedPlaces& allowed, const std::string& proc_net, uid_t uid);

/// Whether each of `listening` is still allowed.
[[nodiscard]] bool are_all_allowed(
	const std::vector<PublishedPlace>& listening, const PublishedPlaces& allowed);

}    // namespace rassist::hold
