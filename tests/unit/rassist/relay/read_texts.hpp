// Texts as the readers of an import take them, for tests of each reader and of both.
#pragma once

#include "common/system/files.hpp"
#include "rassist/relay/csv.hpp"
#include "rassist/relay/json_elements.hpp"

#include <gtest/gtest.h>

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

namespace rassist::cli::test {

/// A file that holds this text, at its beginning.
inline UniqueFd file_of(std::string_view text) {
	UniqueFd file(memfd_create("text", MFD_CLOEXEC));
	EXPECT_TRUE(write_all(file.get(), text));
	EXPECT_EQ(lseek(file.get(), 0, SEEK_SET), 0);
	return file;
}

using Table = std::vector<std::vector<std::string>>;

/// The records, or the error as the one field of the last.
inline Table csv_of(std::string_view text) {
	const UniqueFd file = file_of(text);
	ByteSource source(file.get());
	Table table;
	while (true) {
		auto record = read_csv_record(source);
		if (record.failed()) {
			table.push_back({"error: " + record.error().what});
			return table;
		}
		if (record.absent())
			return table;
		table.push_back(record->fields);
	}
}

/// The elements, a line each, or the error as the last line.
inline std::string json_of(std::string_view text) {
	const UniqueFd file = file_of(text);
	ByteSource source(file.get());
	JsonElements elements(source);
	std::string told;
	while (true) {
		const auto element = elements.next();
		if (element.failed())
			return told + "error: " + element.error().what;
		if (element.absent())
			return told;
		told += std::to_string(element->line) + ":";
		for (const auto& [key, value] : element->values)
			told += " " + key + (value ? "=" + *value : ": " + value.error().what);
		told += "\n";
	}
}

}    // namespace rassist::cli::test
