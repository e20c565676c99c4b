// Reads the devices of an import, one after the other, from CSV with a line of names first, or from
// JSON as `device list --json` prints it.
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
	/// The device, which has no address yet. invalid: it says what is wrong, without the line.
	Result<Device> device;
};

class DeviceRows {
public:
	/// Without a format the first character tells: '[' is JSON. `added` is the date of registration
	/// that the devices get. invalid: the first line of CSV has wrong names.
	static Result<DeviceRows> open(int fd, std::optional<ImportFormat> format, std::int64_t added);

	/// nullopt: there is none any more. An error: the text cannot be read on from there; it names
	/// the line.
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
