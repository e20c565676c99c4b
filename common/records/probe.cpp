#include "common/records/probe.hpp"

#include "common/records/record.hpp"
#include "common/system/files.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rassist {
namespace {

constexpr std::int64_t kGoodFor = 30;    // seconds
constexpr std::int64_t kBadFor = 5;

constexpr std::array<std::pair<ProbeResult, std::string_view>, 5> kWords{
	{{ProbeResult::no_answer, "no-answer"}, {ProbeResult::refused, "refused"},
		{ProbeResult::closed, "closed"}, {ProbeResult::not_ssh, "not-ssh"},
		{ProbeResult::answers, "answers"}}};

Result<ProbeResult> parse_result(std::string_view text) {
	const auto found = std::find_if(
		kWords.begin(), kWords.end(), [&](const auto& word) { return word.second == text; });
	if (found == kWords.end())
		return Error{Fault::invalid, quoted(text) + " is not the result of a probe"};
	return found->first;
}

}    // namespace

std::string_view format_probe_result(ProbeResult result) {
	return std::find_if(
		kWords.begin(), kWords.end(), [&](const auto& word) { return word.first == result; })
		->second;
}

std::string describe_probe_result(ProbeResult result) {
	switch (result) {
	case ProbeResult::refused:
		return "no connection";
	case ProbeResult::closed:
		return "closed without a word";
	case ProbeResult::not_ssh:
		return "answers, but not as ssh";
	case ProbeResult::answers:
		return "answers";
	case ProbeResult::no_answer:
		break;
	}
	return "no answer";
}

bool is_fresh(const Probe& probe, std::int64_t up_since, std::int64_t now) {
	const std::int64_t age = now - probe.at;
	return probe.at >= up_since && age >= 0 &&
		   age < (probe.result == ProbeResult::answers ? kGoodFor : kBadFor);
}

Result<Probe> parse_probe(std::string_view text, std::string_view file_name) {
	auto section = IniSection::read(text, "probe", file_name);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	const auto result = read_field(*section, "result", parse_result);
	if (!result)
		return result.error();
	const auto at = read_field(*section, "at", parse_count);
	if (!at)
		return at.error();
	const auto took = read_field(*section, "took-ms", parse_count);
	if (!took)
		return took.error();
	if (const auto rest = section->finish(); !rest)
		return rest.error();
	return Probe{*result, *at, std::chrono::milliseconds(*took)};
}

std::string format_probe(const Probe& probe) {
	IniWriter writer("probe");
	writer.add("version", "1")
		.add("result", format_probe_result(probe.result))
		.add("at", std::to_string(probe.at));
	return writer.add("took-ms", std::to_string(probe.took.count())).text();
}

std::optional<Probe> read_probe(const Paths& paths, const Serial& serial) {
	const auto folder = Folder::open(paths.probes());
	if (!folder || !folder->require(folder->owner()))
		return std::nullopt;
	const auto text = folder->read(serial.str(), Trust{.owner = folder->owner(), .max_size = 4096});
	if (!text)
		return std::nullopt;
	auto probe = parse_probe(*text, serial.str());
	return probe ? std::optional(*std::move(probe)) : std::nullopt;
}

}    // namespace rassist
