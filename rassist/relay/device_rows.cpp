#include "rassist/relay/device_rows.hpp"

#include "common/base/lookup.hpp"
#include "common/records/record.hpp"
#include "rassist/relay/csv.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace rassist::cli {

namespace {

constexpr std::string_view kColumns =
	"serial (needed), groups (joined by blanks), note, blocked (yes or no)";
/// The names that `device list --json` has besides; the relay itself gives their values.
constexpr std::array<std::string_view, 5> kOwnWord{
	"address", "tunnel", "added", "state", "published"};

bool is_known(std::string_view name) {
	return name == "serial" || name == "groups" || name == "note" || name == "blocked" ||
		   std::ranges::find(kOwnWord, name) != kOwnWord.end();
}

Error error_unknown_name(std::string_view name) {
	return Error{
		Fault::invalid, "unknown name " + quoted(name) + "; known are " + std::string(kColumns)};
}

Status set_groups(Device& device, std::string_view text) {
	for (const std::string& word : split_words(text)) {
		auto group = Name::parse(word);
		if (!group)
			return group.error().within("groups");
		if (std::ranges::find(device.groups, *group) == device.groups.end())
			device.groups.push_back(*std::move(group));
	}
	return Done{};
}

Status set_value(Device& device, std::string_view name, std::string_view value) {
	if (name == "groups")
		return set_groups(device, value);
	if (name == "note") {
		device.note = trimmed(value);
		const auto fine = check_note(device.note);
		return fine ? fine : Status(fine.error().within("note"));
	}
	if (name == "blocked" && !value.empty()) {
		const auto blocked = parse_yes_no(value);
		if (!blocked)
			return blocked.error().within("blocked");
		device.blocked = *blocked;
	}
	return Done{};
}

using Values = std::vector<std::pair<std::string, Result<std::string>>>;

Result<Device> parse_device_values(const Values& values, std::int64_t added) {
	const auto given = std::ranges::find(values, "serial", &Values::value_type::first);
	if (given == values.end())
		return Error{Fault::invalid, "no serial"};
	const auto serial =
		given->second ? Serial::parse(*given->second) : Result<Serial>(given->second.error());
	if (!serial)
		return serial.error().within("serial");
	Device device{*serial, {}, false, {}, {}, added};
	for (const auto& [name, value] : values) {
		if (!is_known(name))
			return error_unknown_name(name);
		if (std::ranges::find(kOwnWord, name) != kOwnWord.end())
			continue;
		if (!value)
			return value.error().within(name);
		if (const auto set = set_value(device, name, *value); !set)
			return set.error();
	}
	return device;
}

std::string lower_case_of(std::string_view text) {
	std::string result(trimmed(text));
	std::ranges::transform(result, result.begin(),
		[](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
	return result;
}

/// Passes over the mark that some programs put before UTF-8.
void pass_over_mark(ByteSource& source) {
	for (const int byte : {0xef, 0xbb, 0xbf}) {
		if (source.peek() != byte)
			return;
		source.take();
	}
}

}    // namespace

Result<DeviceRows> DeviceRows::open(
	int fd, std::optional<ImportFormat> format, std::int64_t added) {
	DeviceRows rows(std::make_unique<ByteSource>(fd), added);
	pass_over_mark(*rows.source_);
	while (rows.source_->peek() == ' ' || rows.source_->peek() == '\n' ||
		   rows.source_->peek() == '\r' || rows.source_->peek() == '\t')
		rows.source_->take();
	if (format ? *format == ImportFormat::json : rows.source_->peek() == '[') {
		rows.json_.emplace(*rows.source_);
		return rows;
	}
	if (auto names = rows.read_names(); !names)
		return std::move(names).error();
	return rows;
}

Status DeviceRows::read_names() {
	const auto record = read_csv_record(*source_);
	if (record.failed())
		return record.error();
	if (record.absent()) {
		return Error{Fault::invalid, "there is nothing in it; wanted is a line of names, " +
										 std::string(kColumns) + ", and a line for each device"};
	}
	const std::string line = "line " + std::to_string(record->line);
	for (const std::string& field : record->fields) {
		const std::string name = lower_case_of(field);
		if (!is_known(name)) {
			const bool other = field.find_first_of(";\t") != std::string::npos;
			return other ? Error{Fault::invalid, line + ": columns are separated by ','"}
						 : error_unknown_name(name).within(line + ", the names of the columns");
		}
		if (std::ranges::find(names_, name) != names_.end())
			return Error{Fault::invalid, line + ": column " + quoted(name) + " comes twice"};
		names_.push_back(name);
	}
	if (std::ranges::find(names_, "serial") == names_.end()) {
		return Error{Fault::invalid,
			line + ": no column is called serial; known are " + std::string(kColumns)};
	}
	return Done{};
}

Lookup<DeviceRow> DeviceRows::next() {
	if (json_) {
		auto element = json_->next();
		if (element.failed())
			return std::move(element).error();
		if (element.absent())
			return std::nullopt;
		return DeviceRow{element->line, parse_device_values(element->values, added_)};
	}
	auto record = read_csv_record(*source_);
	if (record.failed())
		return std::move(record).error();
	if (record.absent())
		return std::nullopt;
	auto& fields = record->fields;
	if (fields.size() != names_.size()) {
		const Error uneven{
			Fault::invalid, std::to_string(fields.size()) + " fields where the first line names " +
								std::to_string(names_.size()) +
								" columns (a comma too many, or a field without quotes?)"};
		return DeviceRow{record->line, uneven};
	}
	Values values;
	for (std::size_t i = 0; i < fields.size(); ++i)
		values.emplace_back(names_[i], std::move(fields[i]));
	return DeviceRow{record->line, parse_device_values(values, added_)};
}

}    // namespace rassist::cli
