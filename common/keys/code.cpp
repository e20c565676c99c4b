#include "common/keys/code.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>

namespace rassist {
namespace {

// Crockford: no I, L, O, U
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kData = 12;
constexpr std::size_t kLength = kData + 1;

/// The value of a character as people type it: any case, O as 0, I and L as 1.
std::optional<unsigned> value_of(char c) {
	if (c >= 'a' && c <= 'z')
		c = static_cast<char>(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	const auto at = kAlphabet.find(c);
	if (c == '\0' || at == std::string_view::npos)
		return std::nullopt;
	return static_cast<unsigned>(at);
}

/// A weighted sum over GF(32) = GF(2)[x]/(x^5+x^2+1), by Horner: character i (from 0) has the
/// weight x^(12-i), the check character x^0. x is primitive, so the 13 weights are distinct and not
/// zero, and that is what catches each wrong character and each swap of two.
unsigned check_value(std::span<const unsigned char> values) {
	unsigned sum = 0;
	for (const unsigned char value : values) {
		sum = (sum ^ value) << 1;
		if ((sum & 0x20U) != 0)
			sum ^= 0x25U;
	}
	return sum;
}

bool is_separator(char c) { return c == '-' || c == ' ' || (c >= '\t' && c <= '\r'); }

void to_characters(Secret& values) {
	for (unsigned char& byte : values.bytes())
		byte = static_cast<unsigned char>(kAlphabet[byte]);
}

}    // namespace

Code Code::random() {
	Secret values(kLength);
	const auto data = values.bytes().first(kData);
	if (getentropy(data.data(), data.size()) != 0)
		std::abort();
	for (unsigned char& byte : data)
		byte &= 0x1f;
	values.bytes().back() = static_cast<unsigned char>(check_value(data));
	to_characters(values);
	return Code(std::move(values));
}

Result<Code> Code::parse(std::string_view text) {
	Secret values(kLength);
	std::size_t length = 0;
	for (const char c : text) {
		if (is_separator(c))
			continue;
		const auto value = value_of(c);
		if (!value)
			return Error{Fault::invalid, "a character that cannot be in a code: it has digits and "
										 "letters without U, like K7QF-2M9X-TB4DE"};
		if (length < kLength)
			values.bytes()[length] = static_cast<unsigned char>(*value);
		++length;
	}
	if (length != kLength)
		return Error{Fault::invalid,
			length < kLength ? "the code is too short: it has 13 characters, like K7QF-2M9X-TB4DE"
							 : "the code is too long: it has 13 characters, like K7QF-2M9X-TB4DE"};
	if (check_value(values.bytes().first(kData)) != values.bytes().back())
		return Error{
			Fault::invalid, "the code is mistyped: its last character does not match the others"};
	to_characters(values);
	return Code(std::move(values));
}

Secret Code::written() const {
	Secret written(canonical().substr(0, 4));
	written.append("-");
	written.append(canonical().substr(4, 4));
	written.append("-");
	written.append(canonical().substr(8));
	return written;
}

bool Code::equals(const Code& other) const noexcept { return text_.equals(other.canonical()); }

}    // namespace rassist
