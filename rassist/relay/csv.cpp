#include "rassist/relay/csv.hpp"
#include "common/base/lookup.hpp"

namespace rassist::cli {

namespace {

constexpr std::size_t kFieldMax = 4096;
constexpr std::size_t kFieldsMost = 64;

Error error_at(std::size_t line, const std::string& what) {
	return Error{Fault::invalid, "line " + std::to_string(line) + ": " + what};
}

bool ends_field(int byte) {
	return byte == ',' || byte == '\n' || byte == '\r' || byte == ByteSource::kEnd;
}

Status append_byte(std::string& field, int byte, std::size_t line) {
	if (byte == 0)
		return error_at(line, "a NUL byte: this is no CSV text (UTF-16? save it as UTF-8)");
	if (field.size() == kFieldMax) {
		return error_at(line, "a field of more than " + std::to_string(kFieldMax) +
								  " bytes (a quote that is not closed?)");
	}
	field += static_cast<char>(byte);
	return Done{};
}

Result<std::string> read_quoted_field(ByteSource& source) {
	const std::size_t began = source.line();
	source.take();
	std::string field;
	while (true) {
		const int byte = source.take();
		if (byte == ByteSource::kEnd)
			return error_at(began, "the quoted field that begins here is not closed");
		if (byte == '"' && source.peek() != '"') {
			if (!ends_field(source.peek())) {
				return error_at(source.line(),
					"text after a closing quote; within a quoted field a quote is written twice");
			}
			return field;
		}
		if (byte == '"')
			source.take();
		if (auto fits = append_byte(field, byte, began); !fits)
			return std::move(fits).error();
	}
}

Result<std::string> read_plain_field(ByteSource& source) {
	std::string field;
	while (!ends_field(source.peek())) {
		const int byte = source.take();
		if (byte == '"') {
			return error_at(source.line(),
				"a quote inside a field that does not begin with one; put "
				"the whole field in quotes and write the quote twice");
		}
		if (auto fits = append_byte(field, byte, source.line()); !fits)
			return std::move(fits).error();
	}
	return field;
}

/// Takes CRLF or LF, or meets the end.
Status take_line_end(ByteSource& source) {
	const std::size_t line = source.line();
	const bool returned = source.take() == '\r';
	if (returned && source.peek() != ByteSource::kEnd && source.take() != '\n')
		return error_at(line, "a carriage return in the middle of a line");
	return Done{};
}

}    // namespace

Lookup<CsvRecord> read_csv_record(ByteSource& source) {
	while (source.peek() == '\n' || source.peek() == '\r')
		source.take();
	if (source.peek() == ByteSource::kEnd) {
		if (!source.status())
			return source.status().error();
		return std::nullopt;
	}
	CsvRecord record{source.line(), {}};
	while (true) {
		auto field = source.peek() == '"' ? read_quoted_field(source) : read_plain_field(source);
		if (!field)
			return std::move(field).error();
		if (record.fields.size() == kFieldsMost)
			return error_at(record.line, "more than " + std::to_string(kFieldsMost) + " fields");
		record.fields.push_back(*std::move(field));
		if (source.peek() != ',')
			break;
		source.take();
	}
	if (auto ended = take_line_end(source); !ended)
		return std::move(ended).error();
	if (!source.status())
		return source.status().error();
	return record;
}

}    // namespace rassist::cli
