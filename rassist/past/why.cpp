// why: the story of one attempt; without an id, the last refusals, each with its id.
#include "rassist/frame/actions.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/past/story.hpp"

#include "common/base/journal.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

namespace {

constexpr std::size_t kRefusals = 20;

struct Field {
	const char* name;    ///< in the journal
	const char* key;     ///< in JSON, and before the value for people
};
constexpr Field kFields[] = {{"RASSIST_ROLE", "role"}, {"RASSIST_SERIAL", "serial"},
	{"RASSIST_SUBJECT", "person"}, {"RASSIST_ACCOUNT", "account"}, {"RASSIST_FROM", "from"},
	{"RASSIST_FINGERPRINT", "key"}, {"RASSIST_WINDOW", "window"}, {"RASSIST_REASON", "reason"},
	{"RASSIST_RELAY", "relay"}, {"RASSIST_ID", "id"}, {"RASSIST_CONNECTION", "connection"}};

std::int64_t seconds(const JournalEvent& event) { return event.at / 1'000'000; }

Json event_json(const JournalEvent& event) {
	Json json = Json::object();
	json.text("at", format_utc(seconds(event)))
		.text("by", event.get("SYSLOG_IDENTIFIER"))
		.text("message", event.get("MESSAGE"));
	json.text_or_null("message_id", event.get("MESSAGE_ID"));
	for (const Field& field : kFields)
		if (!event.get(field.name).empty())
			json.text(field.key, event.get(field.name));
	return json;
}

/// "from 203.0.113.20 5022, key SHA256:…": what the sentence does not say already.
std::string details(const JournalEvent& event, std::string_view asked) {
	std::string text;
	for (const Field& field : kFields) {
		const std::string& value = event.get(field.name);
		if (!value.empty() && value != asked &&
			event.get("MESSAGE").find(value) == std::string::npos)
			text += (text.empty() ? "" : ", ") + std::string(field.key) + " " + shown(value);
	}
	return text;
}

void print_event(const Context& context, const JournalEvent& event, std::string_view asked) {
	context.out << local_time(seconds(event)) << "  " << shown(event.get("SYSLOG_IDENTIFIER"))
				<< "\n    " << context.bold(shown(event.get("MESSAGE"))) << "\n";
	if (const std::string more = details(event, asked); !more.empty())
		context.out << "    " << more << "\n";
}

void warn_of_short_memory(const Context& context) {
	if (!context.journal.is_kept()) {
		context.warn("this machine keeps its journal in memory alone: nothing from before its last "
					 "start is known (Storage= in journald.conf(5))");
	}
}

Result<int> last_refusals(Context& context, bool json) {
	std::vector<std::string> any;
	for (const std::string_view id : {message::kLoginRefused, message::kWrongCode,
			 message::kEnrolRefused, message::kRecordRefused, message::kSessionCut})
		any.push_back("MESSAGE_ID=" + std::string(id));
	std::vector<JournalEvent> events;
	auto read = context.journal.read(
		{.groups = {any}, .newest_first = true}, [&](const JournalEvent& event) {
			events.push_back(event);
			return events.size() < kRefusals;
		});
	if (!read)
		return std::move(read).error();
	if (json) {
		JsonList list(context.out);
		for (const JournalEvent& event : events)
			list.add(event_json(event));
		return EX_OK;
	}
	if (events.empty()) {
		context.out << "Nobody was refused.\n";
		return EX_OK;
	}
	Columns columns({"TIME", "ID", "FROM", "WHAT"});
	for (const JournalEvent& event : events) {
		columns.add({local_time(seconds(event)), shown(event.get("RASSIST_ID")),
			shown(event.get("RASSIST_FROM")), shown(event.get("MESSAGE"))});
	}
	columns.print(context.out);
	return EX_OK;
}

}    // namespace

Result<int> why_verb(Context& context, const Arguments& arguments) {
	const bool json = arguments.has("json");
	warn_of_short_memory(context);
	if (arguments.operands().empty())
		return last_refusals(context, json);
	const auto id = Id::parse(arguments.operands()[0]);
	if (!id)
		return context.usage(id.error().what);
	const auto story = story_of(context.journal, *id);
	if (!story)
		return story.error();
	if (json) {
		JsonList list(context.out);
		for (const JournalEvent& event : *story)
			list.add(event_json(event));
		return story->empty() ? EX_NOINPUT : EX_OK;
	}
	if (story->empty()) {
		return context.fail(
			EX_NOINPUT, "the journal here has nothing of " + id->str() +
							"; the other side may: an id is good on the device and on the relay");
	}
	for (const JournalEvent& event : *story)
		print_event(context, event, id->str());
	for (const std::string& line : further(*story, *id))
		context.out << "\n" << line << "\n";
	return EX_OK;
}

}    // namespace rassist::cli
