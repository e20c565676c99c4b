// Where a tunnel publishes its device: of the places that the relay allows, those on which the
// tunnel's sshd listens.
#pragma once

#include "common/records/publication.hpp"

#include <string>
#include <vector>

namespace rassist::hold {

struct ListeningPlaces {
	std::vector<PublishedPlace> listening;
	/// The places that are allowed, or were to be, and where nothing listens, with the reason; ""
	/// where none is missing.
	std::string missing;
};

/// Only listeners of `uid` count. A place that is missing takes nothing else down, for to be
/// published is an extra.
[[nodiscard]] ListeningPlaces find_listening_places(
	const PublishedPlaces& allowed, const std::string& proc_net, uid_t uid);

/// Whether each of `listening` is still allowed.
[[nodiscard]] bool are_all_allowed(
	const std::vector<PublishedPlace>& listening, const PublishedPlaces& allowed);

}    // namespace rassist::hold
