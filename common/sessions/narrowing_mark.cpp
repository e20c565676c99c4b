#include "common/sessions/narrowing_mark.hpp"

#include "common/records/record.hpp"
#include "common/system/files.hpp"

namespace rassist {
namespace {

Result<std::uint64_t> parse_narrowed(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "narrowed", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	const auto ticks = read_field(*section, "ticks", parse_count);
	if (!ticks)
		return ticks.error();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return static_cast<std::uint64_t>(*ticks);
}

Result<bool> since(
	const Folder& folder, const std::string& name, std::uint64_t started, uid_t root) {
	const auto text = folder.read(name, Trust{.owner = root});
	if (!text) {
		if (text.error().code == Fault::not_found)
			return false;
		return text.error();
	}
	const auto ticks = parse_narrowed(*text, folder.path() + "/" + name);
	if (!ticks)
		return ticks.error();
	return started <= *ticks;
}

}    // namespace

Result<bool> was_narrowed_since(const Paths& paths, const Session& session, uid_t root) {
	const auto folder = Folder::open(paths.narrowed());
	if (!folder) {
		if (folder.error().code == Fault::not_found)    // nothing was since the boot
			return false;
		return folder.error();
	}
	if (const auto trusted = folder->require(root); !trusted)
		return trusted.error();
	std::vector<std::string> names;
	if (const auto key = Fingerprint::parse(session.key); key)
		names.push_back(format_narrowing_mark_name(*key));
	for (const Scope& scope : session.scope)
		if (scope.str().front() == '@')
			names.push_back(scope.str());
	for (const std::string& name : names) {
		auto narrowed = since(*folder, name, session.started, root);
		if (!narrowed || *narrowed)
			return narrowed;
	}
	return false;
}

}    // namespace rassist
