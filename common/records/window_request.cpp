#include "common/records/window_request.hpp"

#include "common/base/lookup.hpp"
#include "common/records/record.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <fcntl.h>

#include <array>
#include <cerrno>

namespace rassist {
namespace {

constexpr std::string_view kSection = "request";
constexpr std::int64_t kLongest = std::int64_t{30} * 24 * 3600;

struct VerbWord {
	WindowRequest::Change verb;
	std::string_view word;
};
constexpr std::array<VerbWord, 2> kVerbs{
	{{WindowRequest::Change::open, "open"}, {WindowRequest::Change::extend, "extend"}}};

Result<WindowRequest::Change> parse_verb(std::string_view text) {
	for (const VerbWord& known : kVerbs)
		if (known.word == text)
			return known.verb;
	return Error{Fault::invalid, quoted(text) + " is no verb of a request: open or extend"};
}

}    // namespace

std::string_view format_request_change(WindowRequest::Change verb) {
	for (const VerbWord& known : kVerbs)
		if (known.verb == verb)
			return known.word;
	return {};
}

Result<WindowRequest> parse_window_request(std::string_view text, std::string_view file_name) {
	Result<IniSection> section = IniSection::read(text, kSection, file_name);
	if (!section)
		return std::move(section).error();
	if (Status version = section->version(); !version)
		return std::move(version).error();
	const auto verb = read_field(*section, "verb", parse_verb);
	if (!verb)
		return verb.error();
	const auto seconds = read_field(*section, "seconds",
		[](std::string_view value) { return parse_integer(value, 1, kLongest); });
	if (!seconds)
		return seconds.error();
	const auto boot = read_field(*section, "boot", parse_count);
	if (!boot)
		return boot.error();
	if (Status finished = section->finish(); !finished)
		return std::move(finished).error();
	return WindowRequest{*verb, std::chrono::seconds(*seconds), *boot};
}

std::string format_window_request(const WindowRequest& request) {
	IniWriter writer(kSection);
	writer.add("version", "1");
	writer.add("verb", format_request_change(request.change));
	writer.add("seconds", std::to_string(request.length.count()));
	writer.add("boot", std::to_string(request.boot));
	return writer.text();
}

Status write_window_request(
	const Paths& paths, WindowRequest::Change verb, std::chrono::seconds length, const Now& now) {
	Attributes attributes;
	attributes.mode = 0600;
	attributes.durable = false;
	return write_file(paths.request(), format_window_request({verb, length, now.boot}), attributes);
}

Lookup<WindowRequest> take_window_request(
	const Paths& paths, WindowRequest::Change verb, const Now& now, uid_t root) {
	const Result<Folder> folder = Folder::open(paths.run);
	if (!folder)
		return folder.error();
	// Renamed before it is read: one that is written meanwhile stays for the next job and is not
	// removed unread.
	const std::string taken = ".request.taken";
	if (::renameat(AT_FDCWD, paths.request().c_str(), folder->fd(), taken.c_str()) != 0) {
		const int error = errno;
		if (error == ENOENT)
			return std::nullopt;
		return os_error(error, paths.request());
	}
	const Result<std::string> text = folder->read(taken, Trust{root, 4096, true});
	if (Status removed = remove_file(*folder, taken); !removed)
		return std::move(removed).error();
	if (!text)
		return text.error();
	const Result<WindowRequest> request = parse_window_request(*text, paths.request());
	if (!request)
		return request.error();
	const std::int64_t age = now.boot - request->boot;
	if (request->change != verb || age < 0 || age > kRequestLife.count())
		return std::nullopt;
	return *request;
}

}    // namespace rassist
