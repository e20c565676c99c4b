// The part of window.hpp that writes the window's record.
#include "common/records/record.hpp"
#include "common/records/window.hpp"

namespace rassist {

std::string format_window(const Window& window) {
	IniWriter writer("window");
	writer.add("version", "1").add("id", window.id.str()).add("serial", window.serial.str());
	writer.add("sequence", std::to_string(window.sequence))
		.add("opened", std::to_string(window.opened));
	writer.add("expires", std::to_string(window.deadline.wall));
	if (window.deadline.boot)
		writer.add("expires-boot", std::to_string(window.deadline.boot->at))
			.add("boot-id", window.deadline.boot->id);
	writer.add("revision", std::to_string(window.revision));
	writer.add("login-key", window.login_key.str()).add("host-key", window.host_key.str());
	return writer.text();
}

}    // namespace rassist
