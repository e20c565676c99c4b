// Lookup<T>: what came of looking for something that need not be there.
#pragma once

#include "common/base/result.hpp"

#include <optional>
#include <utility>
#include <variant>

namespace rassist {

/// A value, "it is not there", or an Error: three outcomes, so that a caller names the one it
/// means. `return std::nullopt` says that it is not there.
template <class T> class [[nodiscard]] Lookup {
public:
	// NOLINT(google-explicit-constructor)
	Lookup(T value) : state_(std::in_place_index<0>, std::move(value)) {}
	// NOLINT(google-explicit-constructor)
	Lookup(std::nullopt_t) : state_(std::in_place_index<1>) {}
	// NOLINT(google-explicit-constructor)
	Lookup(Error error) : state_(std::in_place_index<2>, std::move(error)) {}

	[[nodiscard]] bool found() const noexcept { return state_.index() == 0; }
	[[nodiscard]] bool absent() const noexcept { return state_.index() == 1; }
	[[nodiscard]] bool failed() const noexcept { return state_.index() == 2; }

	// the value: only where it was found
	T& operator*() & { return std::get<0>(state_); }
	const T& operator*() const& { return std::get<0>(state_); }
	T&& operator*() && { return std::get<0>(std::move(state_)); }
	T* operator->() { return &std::get<0>(state_); }
	const T* operator->() const { return &std::get<0>(state_); }

	/// The value, or nothing where it is not there or could not be looked for.
	[[nodiscard]] std::optional<T> optional() const& {
		return found() ? std::optional<T>(**this) : std::nullopt;
	}
	[[nodiscard]] std::optional<T> optional() && {
		return found() ? std::optional<T>(*std::move(*this)) : std::nullopt;
	}

	// only where it failed
	[[nodiscard]] const Error& error() const& { return std::get<2>(state_); }
	[[nodiscard]] Error&& error() && { return std::get<2>(std::move(state_)); }

private:
	struct NotThere {};
	std::variant<T, NotThere, Error> state_;
};

}    // namespace rassist
