// why: it tells the story of one attempt, or without an id the last refusals, each with its id.
#include "rassist/frame/actions.hpp"
#include "rassist/frame/json_list.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/past/kept_journal.hpp"
#include "rassist/past/story.hpp"

#include "common/base/journal.hpp"

#include <sysexits.h>

#include <ostream>

namespace rassist::cli {

namespace {

constexpr std::size_t kRefusals = 20;

struct JournalField {
	const char* name;    ///< in the journal
	const char* key;     ///< in JSON, and before the value for people
};
constexpr JournalField kFields[] = {{"RASSIST_ROLE", "role"}, {"RASSIST_SERIAL", "serial"},
	{"RASSIST_SUBJECT", "person"}, {"RASSIST_ACCOUNT", "account"}, {"RASSIST_FROM", "from"},
	{"RASSIST_FINGERPRINT", "key"}, {"RASSIST_WINDOW", "window"}, {"RASSIST_REASON", "reason"},
	{"RASSIST_RELAY", "relay"}, {"RASSIST_ID", "id"}, {"RASSIST_CONNECTION", "connection"}};

Json make_event_json(const JournalEvent& event) {
	Json json = Json::object();
	json.text("at", format_utc(event.seconds()))
		.text("by", event.get("SYSLOG_IDENTIFIER"))
		.text("message", event.get("MESSAGE"));
	json.text_or_null("message_id", event.get("MESSAGE_ID"));
	for (const JournalField& field : kFields)
		if (!event.get(field.name).empty())
			json.text(field.key, event.get(field.name));
	return json;
}

/// What the sentence does not say already: "from 203.0.113.20 5022, key SHA256:…".
std::string format_details(const JournalEvent& event, std::string_view asked) {
	std::string text;
	for (const JournalField& field : kFields) {
		const std::string& value = event.get(field.name);
		if (!value.empty() && value != asked &&
			event.get("MESSAGE").find(value) == std::string::npos)
			text += (text.empty() ? "" : ", ") + std::string(field.key) + " " +
					escape_for_terminal(value);
	}
	return text;
}

void print_event(const Context& context, const JournalEvent& event, std::string_view asked) {
	context.out << format_local_time(event.seconds()) << "  "
				<< escape_for_terminal(event.get("SYSLOG_IDENTIFIER")) << "\n    "
				<< context.bold(escape_for_terminal(event.get("MESSAGE"))) << "\n";
	if (const std::string more = format_details(event, asked); !more.empty())
		context.out << "    " << more << "\n";
}

Result<int> print_last_refusals(Context& context, bool json) {
	const std::vector<std::string> any =
		match_message_ids({message::kLoginRefused, message::kWrongCode, message::kEnrolRefused,
			message::kRecordRefused, message::kSessionCut});
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
			list.add(make_event_json(event));
		return EX_OK;
	}
	if (events.empty()) {
		context.out << "Nobody was refused.\n";
		return EX_OK;
	}
	Columns columns({"TIME", "ID", "FROM", "WHAT"});
	for (const JournalEvent& event : events) {
		columns.add(
			{format_local_time(event.seconds()), escape_for_terminal(event.get("RASSIST_ID")),
				escape_for_terminal(event.get("RASSIST_FROM")),
				escape_for_terminal(event.get("MESSAGE"))});
	}
	columns.print(context.out);
	return EX_OK;
}

}    // namespace

Result<int> why_verb(Context& context, const Arguments& arguments) {
	const bool json = arguments.has("json");
	warn_of_unkept_journal(context);
	if (arguments.operands().empty())
		return print_last_refusals(context, json);
	const auto id = Id::parse(arguments.operands()[0]);
	if (!id)
		return context.usage(id.error().what);
	const auto story = collect_story(context.journal, *id);
	if (!story)
		return story.error();
	if (json) {
		JsonList list(context.out);
		for (const JournalEvent& event : *story)
			list.add(make_event_json(event));
		return story->empty() ? EX_NOINPUT : EX_OK;
	}
	if (story->empty()) {
		return context.fail(
			EX_NOINPUT, "the journal here has nothing of " + id->str() +
							"; the other side may: an id is good on the device and on the relay");
	}
	for (const JournalEvent& event : *story)
		print_event(context, event, id->str());
	for (const std::string& line : list_further_questions(*story, *id))
		context.out << "\n" << line << "\n";
	return EX_OK;
}

}    // namespace rassist::cli
