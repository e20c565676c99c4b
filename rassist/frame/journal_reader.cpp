#include "rassist/frame/journal_reader.hpp"

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"

#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <set>

namespace rassist::cli {

namespace {

constexpr std::size_t kValueMax = 4096;

struct JournalCloser {
	void operator()(sd_journal* journal) const noexcept { sd_journal_close(journal); }
};
using Handle = std::unique_ptr<sd_journal, JournalCloser>;

Error error_of_journal(int status, std::string_view what) {
	return os_error(-status, "the journal: " + std::string(what));
}

/// Accounts whose word counts, as _UID shows them. Support's own on a device is none of them.
std::set<std::string> list_believed_accounts() {
	std::set<std::string> uids{"0"};
	for (const char* name :
		{kDeviceAccount, kTunnelAccount, kSupportAccount, kAgentAccount, kKeysAccount})
		if (const passwd* entry = getpwnam(name))
			uids.insert(std::to_string(entry->pw_uid));
	return uids;
}

bool is_wanted(std::string_view name) {
	constexpr std::array<std::string_view, 7> kNames{
		"MESSAGE", "MESSAGE_ID", "PRIORITY", "SYSLOG_IDENTIFIER", "_PID", "_UID", "_BOOT_ID"};
	for (const std::string_view known : kNames)
		if (name == known)
			return true;
	return name.starts_with("RASSIST_");
}

Result<JournalEvent> read_event(sd_journal* journal) {
	JournalEvent event;
	std::uint64_t at = 0;
	if (const int status = sd_journal_get_realtime_usec(journal, &at); status < 0)
		return error_of_journal(status, "the time of an entry");
	event.at = static_cast<std::int64_t>(at);
	char* cursor = nullptr;
	if (const int status = sd_journal_get_cursor(journal, &cursor); status < 0)
		return error_of_journal(status, "the place of an entry");
	event.cursor = cursor;
	std::free(cursor);    // NOLINT(cppcoreguidelines-no-malloc): sd-journal's
	const void* data = nullptr;
	std::size_t size = 0;
	sd_journal_restart_data(journal);
	while (sd_journal_enumerate_available_data(journal, &data, &size) > 0) {
		const std::string_view text(static_cast<const char*>(data), size);
		const std::size_t end = text.find('=');
		if (end != std::string_view::npos && is_wanted(text.substr(0, end))) {
			event.fields.insert_or_assign(
				std::string(text.substr(0, end)), std::string(text.substr(end + 1, kValueMax)));
		}
	}
	return event;
}

Status add_matches(sd_journal* journal, const JournalQuery& query) {
	for (const auto& group : query.groups) {
		for (const std::string& field : group)
			if (const int status = sd_journal_add_match(journal, field.data(), field.size());
				status < 0)
				return error_of_journal(status, "a match");
		if (const int status = sd_journal_add_disjunction(journal); status < 0)
			return error_of_journal(status, "a match");
	}
	return Done{};
}

Status read_entries(const JournalQuery& query, const JournalSink& sink) {
	sd_journal* opened = nullptr;
	if (const int status = sd_journal_open(&opened, SD_JOURNAL_LOCAL_ONLY); status < 0)
		return error_of_journal(status, "it cannot be opened");
	const Handle journal(opened);
	if (auto matched = add_matches(journal.get(), query); !matched)
		return matched;
	const auto& start = query.newest_first ? query.until : query.since;
	const int sought =
		start ? sd_journal_seek_realtime_usec(journal.get(), static_cast<std::uint64_t>(*start))
		: query.newest_first ? sd_journal_seek_tail(journal.get())
							 : sd_journal_seek_head(journal.get());
	if (sought < 0)
		return error_of_journal(sought, "its beginning is not found");
	const std::set<std::string> believed = list_believed_accounts();
	while (true) {
		const int more = query.newest_first ? sd_journal_previous(journal.get())
											: sd_journal_next(journal.get());
		if (more < 0)
			return error_of_journal(more, "it cannot be read on");
		if (more == 0)
			return Done{};
		const auto event = read_event(journal.get());
		if (!event)
			return event.error();
		const bool past = (query.newest_first && query.since && event->at < *query.since) ||
						  (!query.newest_first && query.until && event->at > *query.until);
		if (past)
			return Done{};
		if (believed.contains(event->get("_UID")) && !sink(*event))
			return Done{};
	}
}

bool is_on_disk() {
	sd_id128_t machine{};
	std::array<char, SD_ID128_STRING_MAX> text{};
	if (sd_id128_get_machine(&machine) < 0)
		return false;
	return access(("/var/log/journal/" + std::string(sd_id128_to_string(machine, text.data())))
					  .c_str(),
			   F_OK) == 0;
}

}    // namespace

const std::string& JournalEvent::get(const std::string& name) const {
	static const std::string kNone;
	const auto found = fields.find(name);
	return found == fields.end() ? kNone : found->second;
}

std::vector<std::string> match_message_ids(std::initializer_list<std::string_view> ids) {
	std::vector<std::string> words;
	for (const std::string_view id : ids)
		words.push_back("MESSAGE_ID=" + std::string(id));
	return words;
}

JournalSource make_journal_source() { return {read_entries, is_on_disk}; }

}    // namespace rassist::cli
