// The part of revoked_window.hpp that writes the record of a revoked window.
#include "common/records/record.hpp"
#include "common/records/revoked_window.hpp"

namespace rassist {

std::string format_revoked_window(const RevokedWindow& revoked) {
	IniWriter writer("revoked");
	writer.add("version", "1")
		.add("window", revoked.window.str())
		.add("serial", revoked.serial.str());
	writer.add("issued", std::to_string(revoked.issued))
		.add("expires", std::to_string(revoked.expires));
	return writer.text();
}

}    // namespace rassist
