// Result<T>: a value or an Error. The one failure type of the project; exceptions are for
// out-of-memory and for our own broken promises.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace rassist {

/// What kind of failure it was: what a caller may want to tell apart. The sentence for the person
/// is in Error::what.
enum class Fault {
	/// our own promise was broken; zero, so that a forgotten code never reads as harmless
	internal,
	invalid,        ///< outside text that does not parse, out of range, unknown, duplicate
	not_found,      ///< no such file, record, device
	exists,         ///< there already, or belongs to somebody else
	denied,         ///< we may not
	untrusted,      ///< there, but of the wrong owner, type or mode
	too_large,      ///< over a stated limit
	expired,        ///< was good once
	busy,           ///< somebody else is at it; try again
	unavailable,    ///< a service, network or bus does not answer
	unsupported,    ///< the system cannot do it (FIPS mode, old OpenSSH)
	io,             ///< any other system call that failed
};

struct Error {
	Fault code = Fault::internal;
	std::string what;    ///< one sentence part for a person, no newline, no secret
	int os_errno = 0;    ///< errno of the system call, 0 where there was none

	/// "context: what"; each layer adds its context once.
	[[nodiscard]] Error within(std::string_view context) const;
};

/// An Error from a failed system call: "what: strerror(os_errno)". Maps ENOENT, EEXIST,
/// EACCES/EPERM, ELOOP to their Fault.
[[nodiscard]] Error os_error(int os_errno, std::string_view what);

/// What Result<void> carries: nothing.
struct Done {};

template <class T> class [[nodiscard]] Result {
public:
	// NOLINT(google-explicit-constructor)
	Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
	// NOLINT(google-explicit-constructor)
	Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

	[[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
	explicit operator bool() const noexcept { return ok(); }

	T& value() & { return std::get<0>(state_); }
	const T& value() const& { return std::get<0>(state_); }
	T&& value() && { return std::get<0>(std::move(state_)); }
	T& operator*() & { return value(); }
	const T& operator*() const& { return value(); }
	T&& operator*() && { return std::move(*this).value(); }
	T* operator->() { return &value(); }
	const T* operator->() const { return &value(); }

	[[nodiscard]] const Error& error() const& { return std::get<1>(state_); }
	[[nodiscard]] Error&& error() && { return std::get<1>(std::move(state_)); }

private:
	std::variant<T, Error> state_;
};

using Status = Result<Done>;    ///< success without a value: `return Done{};`

}    // namespace rassist
