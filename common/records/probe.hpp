// What an end-to-end probe of a device said: whether the device's own ssh answers through the
// tunnel. Kept for a while in /run/rassist/probes/SERIAL, section [probe], by rassist-support, so
// that many lookers cost the device one question.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/paths.hpp"
#include "common/base/result.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rassist {

enum class ProbeResult {
	no_answer,    ///< connected, and then nothing in time
	refused,      ///< no connection: nothing listens, or the relay's guard rules say no
	closed,       ///< closed before a word was said: the device's door is shut
	not_ssh,      ///< an answer that is no ssh server's
	answers,      ///< "SSH-2.0-…"
};
[[nodiscard]] std::string_view format_probe_result(ProbeResult result);
/// For people: "answers", "no answer", …
[[nodiscard]] std::string describe_probe_result(ProbeResult result);

struct Probe {
	ProbeResult result = ProbeResult::no_answer;
	std::int64_t at = 0;    ///< UTC seconds
	std::chrono::milliseconds took{0};
};

/// Whether the answer still counts: a good one counts longer than a bad one, and one from before
/// the tunnel came up (`up_since`) does not count.
[[nodiscard]] bool is_fresh(const Probe& probe, std::int64_t up_since, std::int64_t now);

[[nodiscard]] Result<Probe> parse_probe(std::string_view text, std::string_view file_name);
[[nodiscard]] std::string format_probe(const Probe& probe);

/// nullopt: none is kept, or what is there is not believed (it must be the folder's owner's).
[[nodiscard]] std::optional<Probe> read_probe(const Paths& paths, const Serial& serial);

}    // namespace rassist
