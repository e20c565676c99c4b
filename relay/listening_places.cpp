#include "relay/listening_places.hpp"

#include "common/base/lookup.hpp"
#include "common/sessions/listeners.hpp"

#include <algorithm>

namespace rassist::hold {

ListeningPlaces find_listening_places(
	const PublishedPlaces& allowed, const std::string& proc_net, uid_t uid) {
	ListeningPlaces result{{}, allowed.withheld};
	const auto missing = [&](const std::string& what) {
		result.missing += (result.missing.empty() ? "" : "; ") + what;
	};
	for (const PublishedPlace& place : allowed.places) {
		const Result<bool> ours = has_listener(proc_net, place.address, place.port, uid);
		if (!ours) {
			missing(ours.error().what);
			continue;
		}
		if (*ours) {
			result.listening.push_back(place);
			continue;
		}
		const Lookup<uid_t> other = find_listener_owner(proc_net, place.address, place.port);
		missing(place.str() +
				(other.found()
						? " is held by another program (uid " + std::to_string(*other) + ")"
						: ": the device does not ask for it, or this machine lacks the address"));
	}
	return result;
}

bool are_all_allowed(const std::vector<PublishedPlace>& listening, const PublishedPlaces& allowed) {
	return std::all_of(
		listening.begin(), listening.end(),
		[&](const PublishedPlace& place) {
			return std::find(allowed.places.begin(), allowed.places.end(), place) !=
				   allowed.places.end();
		});
}

}    // namespace rassist::hold
