// The devices of an import, one after the other: CSV with a line of names first, or JSON as `device
// list --json` prints it.
#pragma once

#include "common/base/lookup.hpp"
#include "common/records/registry.hpp"
#include "rassist/relay/byte_source.hpp"
#include "rassist/relay/json_elements.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rassist::cli {

enum class ImportFormat { csv, json };

struct DeviceRow {
	std::size_t line = 0;
	/// without an address; invalid: what is wrong with it, without the line
	Result<Device> device;
};

class DeviceRows {
public:
	/// Without a format the first character tells: '[' is JSON. `added` is the date of registration
	/// the devices get. invalid: the names in the first line of CSV.
	static Result<DeviceRows> open(int fd, std::optional<ImportFormat> format, std::int64_t added);

	/// nullopt: the end. An error: text that cannot be read on from there, with its line.
	[[nodiscard]] Lookup<DeviceRow> next();
	[[nodiscard]] std::uint64_t bytes() const { return source_->taken(); }

private:
	DeviceRows(std::unique_ptr<ByteSource> source, std::int64_t added)
		: source_(std::move(source)), added_(added) {}
	[[nodiscard]] Status read_names();

	std::unique_ptr<ByteSource> source_;
	std::int64_t added_;
	std::optional<JsonElements> json_;    ///< none: CSV
	std::vector<std::string> names_;
};

}    // namespace rassist::cli
