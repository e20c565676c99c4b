// device import: the file is read twice. First everything is checked and nothing is written; then
// the records are written beside the registry and registered at one stroke.
#include "rassist/frame/actions.hpp"
#include "rassist/frame/progress.hpp"
#include "rassist/frame/terminal.hpp"
#include "rassist/relay/device_rows.hpp"
#include "rassist/relay/registered_device.hpp"

#include "common/base/lookup.hpp"
#include "common/system/files.hpp"
#include "rassist/relay/registry_import.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <ostream>
#include <unordered_map>

namespace rassist::cli {

namespace {

constexpr std::size_t kErrorsShown = 100;

/// The file that is read, from its beginning again as often as needed; what comes by a pipe is kept
/// in a file without a name.
struct ImportInput {
	std::string name;
	UniqueFd file;
	std::uint64_t size = 0;
	std::optional<ImportFormat> format;
	std::int64_t added = std::time(nullptr);

	[[nodiscard]] Result<DeviceRows> rows() const {
		if (lseek(file.get(), 0, SEEK_SET) != 0)
			return os_error(errno, name);
		return DeviceRows::open(file.get(), format, added);
	}
};

Result<UniqueFd> keep_in_file(int pipe) {
	std::string path = "/var/tmp/rassist-import.XXXXXX";
	UniqueFd file(mkostemp(path.data(), O_CLOEXEC));
	if (!file || unlink(path.c_str()) != 0)
		return os_error(errno, path);
	std::array<char, 65536> buffer{};
	while (true) {
		const ssize_t got = read(pipe, buffer.data(), buffer.size());
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return os_error(errno, "read");
		if (got == 0)
			return file;
		if (auto put = write_all(file.get(), {buffer.data(), static_cast<std::size_t>(got)}); !put)
			return put.error().within("/var/tmp");
	}
}

Result<ImportInput> open_input(const std::string& path) {
	ImportInput input{path == "-" ? "standard input" : path,
		UniqueFd(
			path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)),
		0, {}};
	struct stat file {};
	if (!input.file || fstat(input.file.get(), &file) != 0)
		return os_error(errno, input.name);
	if (!S_ISREG(file.st_mode)) {
		auto copy = keep_in_file(input.file.get());
		if (!copy)
			return std::move(copy).error().within(input.name);
		input.file = *std::move(copy);
		if (fstat(input.file.get(), &file) != 0)
			return os_error(errno, input.name);
	}
	input.size = static_cast<std::uint64_t>(file.st_size);
	return input;
}

/// Tells what is wrong with the devices as it finds it. It takes about a hundred bytes of memory
/// for each serial.
class ImportCheck {
public:
	ImportCheck(const Context& context, const ImportInput& input, const Folder& devices)
		: context_(context), input_(input), devices_(devices) {}

	/// How many devices there are. nullopt: something was wrong, and was told.
	Lookup<std::size_t> run() {
		auto rows = input_.rows();
		if (!rows)
			return std::move(rows).error().within(input_.name);
		Progress progress(context_.err, context_.progress, "Checking", input_.size);
		while (errors_ < kErrorsShown) {
			const auto row = rows->next();
			if (row.failed()) {
				tell_error(row.error().what);
				break;
			}
			if (row.absent())
				return errors_ == 0 ? Lookup<std::size_t>(lines_.size()) : std::nullopt;
			look_at(*row);
			progress.done(rows->bytes());
		}
		if (errors_ == kErrorsShown) {
			context_.err << "There may be more errors; these are the first " << kErrorsShown
						 << ".\n";
		}
		return std::nullopt;
	}

private:
	void tell_error(const std::string& what) {
		++errors_;
		context_.err << input_.name << ": " << what << "\n";
	}
	void look_at(const DeviceRow& row) {
		const std::string line = "line " + std::to_string(row.line) + ": ";
		if (!row.device) {
			tell_error(line + row.device.error().what);
			return;
		}
		const std::string& serial = row.device->serial.str();
		const auto [known, fresh] = lines_.try_emplace(serial, row.line);
		if (!fresh)
			tell_error(
				line + serial + " comes twice, first in line " + std::to_string(known->second));
		else if (faccessat(devices_.fd(), serial.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			tell_error(line + serial + " is registered already");
	}

	const Context& context_;
	const ImportInput& input_;
	const Folder& devices_;
	std::unordered_map<std::string, std::size_t> lines_;
	std::size_t errors_ = 0;
};

Status register_all(const Context& context, const ImportInput& input, std::size_t count) {
	auto import = RegistryImport::begin(context.paths, count);
	if (!import)
		return std::move(import).error();
	auto rows = input.rows();
	if (!rows)
		return std::move(rows).error();
	std::size_t staged = 0;
	{
		Progress progress(context.err, context.progress, "Writing", count);
		for (; true; progress.done(++staged)) {
			auto row = rows->next();
			if (row.failed())
				return std::move(row).error();
			if (row.absent())
				break;
			auto& device = row->device;
			if (!device)
				return std::move(device).error();
			if (auto written = import->stage(*std::move(device)); !written)
				return written;
		}
	}
	if (staged != count)
		return Error{Fault::busy, input.name + " was changed while it was read"};
	Progress progress(context.err, context.progress, "Registering", count);
	return import->commit([&](std::size_t done) { progress.done(done); });
}

Lookup<ImportFormat> parse_format(const Arguments& arguments) {
	const std::string word = arguments.value("format");
	if (word.empty())
		return std::nullopt;
	if (word != "csv" && word != "json")
		return Error{Fault::invalid, "--format: " + quoted(word) + " is neither csv nor json"};
	return word == "csv" ? ImportFormat::csv : ImportFormat::json;
}

}    // namespace

Result<int> device_import_verb(Context& context, const Arguments& arguments) {
	const auto format = parse_format(arguments);
	if (format.failed())
		return context.usage(format.error().what);
	const auto devices = Folder::open(context.paths.devices());
	if (!devices)
		return devices.error().code == Fault::not_found ? error_no_registry(context)
														: devices.error();
	auto input = open_input(arguments.operands()[0]);
	if (!input)
		return std::move(input).error();
	input->format = format.optional();
	const auto count = ImportCheck(context, *input, *devices).run();
	if (count.failed())
		return count.error();
	if (count.absent())
		return context.fail(EX_DATAERR, "no device was registered");
	if (*count == 0)
		return context.fail(EX_DATAERR, input->name + ": there is no device in it");
	if (auto done = register_all(context, *input, *count); !done)
		return std::move(done).error().within("no device was registered");
	context.out << "Registered " << format_count(*count, "device")
				<< "; each is activated with a token of its own (rassist device token SERIAL).\n";
	return EX_OK;
}

}    // namespace rassist::cli
