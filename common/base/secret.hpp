// Bytes that must not outlive their use: wiped when freed, never printed, never copied by accident.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace rassist {

class Secret {
public:
	Secret() = default;
	explicit Secret(std::size_t size) : bytes_(size) {}
	explicit Secret(std::string_view text);
	Secret(Secret&& other) noexcept;
	Secret& operator=(Secret&& other) noexcept;
	Secret(const Secret&) = delete;
	Secret& operator=(const Secret&) = delete;
	~Secret();

	[[nodiscard]] Secret clone() const;    ///< an explicit second copy

	[[nodiscard]] std::span<unsigned char> bytes() noexcept { return bytes_; }
	[[nodiscard]] std::span<const unsigned char> bytes() const noexcept { return bytes_; }
	[[nodiscard]] std::string_view text() const noexcept;    ///< valid while this lives
	[[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
	[[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
	void append(std::string_view text);    ///< the outgrown buffer is wiped
	void wipe() noexcept;                  ///< explicit_bzero and empty

	/// Same length and bytes, in time that depends on the lengths alone.
	[[nodiscard]] bool equals(std::string_view other) const noexcept;

private:
	std::vector<unsigned char> bytes_;
};

}    // namespace rassist
