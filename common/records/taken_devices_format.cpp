// The part of taken_devices.hpp that writes the record.
#include "common/records/record.hpp"
#include "common/records/taken_devices.hpp"

#include <algorithm>

namespace rassist {

std::string format_taken_devices(const std::vector<Serial>& serials) {
	IniWriter writer("taken");
	writer.add("version", "1").add_if("serials", join_words(serials, [](const Serial& one) {
		return one.str();
	}));
	return writer.text();
}

std::vector<Serial> put_latest_first(std::vector<Serial> serials, const Serial& latest) {
	std::erase(serials, latest);
	serials.insert(serials.begin(), latest);
	serials.resize(std::min(serials.size(), kTakenMost), latest);
	return serials;
}

}    // namespace rassist
