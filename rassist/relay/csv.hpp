// Reads CSV as RFC 4180 has it: fields stand between commas and are quoted where they hold commas,
// quotes (written twice) or line ends; lines end in CRLF or LF.
#pragma once

#include "common/base/lookup.hpp"
#include "rassist/relay/byte_source.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace rassist::cli {

struct CsvRecord {
	std::size_t line = 0;    ///< where it begins
	std::vector<std::string> fields;
};

/// The next record; empty lines are passed over. nullopt: there is none any more. invalid, with its
/// line: a quote where none may stand or one that is not closed, a NUL byte, a field over 4096
/// bytes, more than 64 fields; what follows cannot be read then.
[[nodiscard]] Lookup<CsvRecord> read_csv_record(ByteSource& source);

}    // namespace rassist::cli
