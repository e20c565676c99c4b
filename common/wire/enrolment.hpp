// What a device asks of a relay and what the relay answers: one small INI document each way, over
// the forced command `enroll` of the identity (or activation) login. Requests are strict: unknown
// keys are refused. The serial is the authenticated key's, never the text's.
#pragma once

#include "common/base/parse.hpp"
#include "common/base/result.hpp"
#include "common/keys/public_key.hpp"
#include "common/records/published_place.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rassist {

inline constexpr std::size_t kRequestMax = 4096;    ///< bytes of a request or an answer

/// [enroll]: open the relay for a window's tunnel key.
struct EnrollRequest {
	Id id;    ///< correlation id of this attempt, the device's
	Id window;
	std::int64_t sequence = 0;
	std::chrono::seconds seconds{0};    ///< how long the window has still to live
	PublicKey key;                      ///< the tunnel key
	std::optional<Serial> serial;       ///< may be there, and must then be the authenticated one's
	/// the relay told this machine that another one has taken its tunnel, and it comes back
	bool displaced = false;
};

/// [activate]: register the identity key of a device.
struct ActivateRequest {
	Id id;
	PublicKey key;    ///< the identity key
};

/// [check]: does the relay know this device, and would it take it? Changes nothing. What `rassist
/// doctor` asks.
struct CheckRequest {
	Id id;
};

[[nodiscard]] Result<EnrollRequest> parse_enroll_request(std::string_view text);
[[nodiscard]] std::string format_request(const EnrollRequest& request);
[[nodiscard]] Result<ActivateRequest> parse_activate_request(std::string_view text);
[[nodiscard]] std::string format_request(const ActivateRequest& request);
[[nodiscard]] Result<CheckRequest> parse_check_request(std::string_view text);
[[nodiscard]] std::string format_request(const CheckRequest& request);

/// Why a relay says no. The words on the wire are the names with '-'.
enum class Refusal {
	internal,           ///< the relay failed; later
	malformed,          ///< the request does not parse; never
	serial_unknown,     ///< not registered; never
	blocked,            ///< by the relay's admin; never
	serial_mismatch,    ///< the text names another serial than the key; never
	key_taken,          ///< the public key belongs to somebody else; never
	token_used,         ///< the activation token was used already; never
	superseded,         ///< another machine with this identity has opened a newer window; never
	timeout,            ///< no whole request came in time; later
	window_revoked,     ///< this window was revoked by the relay's admin; never, the next one may
	storage,            ///< disk full and the like; later
	elsewhere,          ///< another relay serves this device; try that
};

/// What the device does about it.
enum class Retry { never, later, elsewhere };

[[nodiscard]] std::string_view format_refusal(Refusal refusal);
[[nodiscard]] Retry choose_retry(Refusal refusal);

struct EnrollAnswer {
	Id id;    ///< the request's, or the relay's own where that could not be read
	std::optional<Refusal> refused;
	std::string message;    ///< one sentence where refused
	/// read only, where refused: as the relay said, also for a word this version does not know
	/// (which reads as internal)
	Retry retry = Retry::never;

	// where granted
	std::string serial;     ///< as the relay knows us
	std::string relay;      ///< its name
	std::string address;    ///< for -R (enroll only)
	int ssh_port = 0;
	int http_port = 0;
	std::chrono::seconds seconds{0};    ///< until the relay forgets the key
	/// the relay's clock, UTC: a difference is a warning, never a refusal
	std::int64_t time = 0;
	/// for further -R, if the device agrees; at most kPublishedPlacesMost
	std::vector<PublishedPlace> published{};
};

/// The address may be any loopback address, IPv6 included: what it is is the relay's business.
[[nodiscard]] Result<EnrollAnswer> parse_answer(std::string_view text);
/// Writes choose_retry(refused) as `retry`, and the message as at most 300 printable ASCII
/// characters.
[[nodiscard]] std::string format_answer(const EnrollAnswer& answer);

}    // namespace rassist
