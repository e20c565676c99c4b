#include "relay/desk_take.hpp"

#include "common/admission/open_in_scope.hpp"
#include "common/records/taken_devices.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"
#include "relay/desk.hpp"

#include <string_view>

namespace rassist::desk {
namespace {

constexpr std::string_view kControlMaster =
	"A connection to this relay that is up already does not learn of it: if you share connections "
	"(ControlMaster), end it with `ssh -O exit` first.\n";

Status note_taken(const Paths& paths, const std::string& person, const Serial& serial) {
	const Result<Folder> folder = Folder::open(paths.taken());
	if (!folder)
		return folder.error();
	// two of the person's connections may take at once
	const Result<FileLock> turn = FileLock::take(*folder, ".lock");
	if (!turn)
		return turn.error();
	const std::string text =
		format_taken_devices(put_latest_first(read_taken_devices(paths, person), serial));
	return write_file(
		*folder, person, text, Attributes{.owner = {}, .group = {}, .durable = false});
}

}    // namespace

Result<std::string> take_device(
	const Paths& paths, const Grant& person, const Serial& serial, const Now& now, uid_t root) {
	const DeviceView view =
		view_device(serial, person, read_device_records(paths, serial, root), now);
	if (view.state != DeviceState::open) {
		const std::string why = format_device_view(view, now);
		return Error{view.state == DeviceState::hidden ? Fault::not_found : Fault::unavailable,
			why.substr(0, why.find_last_not_of('\n') + 1)};
	}
	if (const Status noted = note_taken(paths, person.subject, serial); !noted)
		return noted.error().within("it cannot be noted that you take " + serial.str());
	return serial.str() + " is taken: your next connection reaches it.\n  ssh    ssh " +
		   serial.str() + ".rassist\n" + std::string(kControlMaster);
}

std::string format_more_hint(std::size_t open) {
	if (open <= kLineCarries)
		return {};
	return "\n" + std::to_string(open) + " devices are open to you, and one connection reaches " +
		   std::to_string(kLineCarries) + " of them: the " + std::to_string(kTakenMost) +
		   " that you took last, then the others in this order.\nTo reach any other, say `take "
		   "SERIAL` here (ssh rassist-relay take SERIAL), then ssh SERIAL.rassist as ever.\n" +
		   std::string(kControlMaster);
}

}    // namespace rassist::desk
