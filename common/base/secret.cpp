#include "common/base/secret.hpp"

#include <cstring>
#include <utility>

namespace rassist {

Secret::Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}

Secret::Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

Secret& Secret::operator=(Secret&& other) noexcept {
	if (this != &other) {
		wipe();
		bytes_ = std::exchange(other.bytes_, {});
	}
	return *this;
}

Secret::~Secret() { wipe(); }

Secret Secret::clone() const { return Secret(text()); }

std::string_view Secret::text() const noexcept {
	return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
}

void Secret::append(std::string_view text) {
	// vector would free its outgrown buffer as it is
	if (bytes_.capacity() - bytes_.size() < text.size()) {
		std::vector<unsigned char> larger;
		larger.reserve(2 * (bytes_.size() + text.size()));
		larger.assign(bytes_.begin(), bytes_.end());
		wipe();
		bytes_ = std::move(larger);
	}
	bytes_.insert(bytes_.end(), text.begin(), text.end());
}

void Secret::wipe() noexcept {
	if (!bytes_.empty())
		explicit_bzero(bytes_.data(), bytes_.size());
	bytes_.clear();
}

bool Secret::equals(std::string_view other) const noexcept {
	if (bytes_.size() != other.size())
		return false;
	volatile unsigned char difference = 0;
	for (std::size_t i = 0; i < bytes_.size(); ++i)
		difference = static_cast<unsigned char>(
			difference | (bytes_[i] ^ static_cast<unsigned char>(other[i])));
	return difference == 0;
}

}    // namespace rassist
