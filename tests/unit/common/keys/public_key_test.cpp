#include "common/keys/public_key.hpp"

#include "common/keys/digest.hpp"
#include "tests/unit/sample_key.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rassist {
namespace {

using test::base64_of;
using test::blob_of;

constexpr const char* kEd25519 =
	"AAAAC3NzaC1lZDI1NTE5AAAAIGsQ5Kqi4rSmdSTAZLwypCUQ63AqJwigSMBeUtK9Qtn1";

TEST(PublicKey, ReadsEachTypeWeAccept) {
	const std::string point(65, '\4');
	const std::string raw(32, 'k');
	for (const auto& strings : {
			 std::vector<std::string>{"ssh-ed25519", raw},
			 {"ssh-rsa", {"\1\0\1", 3}, std::string(257, 'n')},
			 {"ecdsa-sha2-nistp256", "nistp256", point},
			 {"ecdsa-sha2-nistp384", "nistp384", point},
			 {"ecdsa-sha2-nistp521", "nistp521", point},
			 {"sk-ssh-ed25519@openssh.com", raw, "ssh:"},
			 {"sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", point, "ssh:"},
		 }) {
		const auto key = PublicKey::parse(strings[0], base64_of(blob_of(strings)));
		ASSERT_TRUE(key) << strings[0] << ": " << key.error().what;
		EXPECT_EQ(key->type(), strings[0]);
		EXPECT_EQ(PublicKey::parse(key->str() + " a comment")->str(), key->str());
	}
}

TEST(PublicKey, ReadsALineAsInAPubFile) {
	const std::string plain = std::string("ssh-ed25519 ") + kEd25519;
	for (const std::string& line : {plain, plain + "\n", plain + " me@here\r\n", "  " + plain,
			 "ssh-ed25519\t" + std::string(kEd25519) + "\tme"})
		EXPECT_EQ(PublicKey::parse(line)->str(), plain) << line;
}

TEST(PublicKey, RefusesWhatIsNotOne) {
	const std::string raw(32, 'k');
	const std::string good = kEd25519;
	struct Case {
		std::string type;
		std::string base64;
		const char* says;
	};
	for (const auto& [type, base64, says] : {
			 Case{"", "", "not a public key of a type"},
			 Case{"ssh-dss", good, "not a public key of a type"},
			 Case{"SSH-ED25519", good, "not a public key of a type"},
			 Case{"restrict", "ssh-ed25519", "not a public key of a type"},
			 Case{"-----BEGIN", "OPENSSH", "not a public key of a type"},
			 Case{"ssh-ed25519-cert-v01@openssh.com", good, "certificates"},
			 Case{"ssh-rsa-cert-v01@openssh.com", good, "certificates"},
			 Case{"ssh-ed25519", "", "not base64"},
			 Case{"ssh-ed25519", good.substr(0, good.size() - 1), "not base64"},
			 Case{"ssh-ed25519", good + "=", "not base64"},
			 Case{"ssh-ed25519", good + "\n", "not base64"},
			 Case{"ssh-ed25519", good.substr(0, 40) + " " + good.substr(41), "not base64"},
			 Case{"ssh-ed25519", good.substr(0, 40) + "=" + good.substr(41), "not base64"},
			 Case{"ssh-ed25519", good.substr(0, 40) + "-" + good.substr(41), "not base64"},
			 Case{"ssh-rsa", good, "damaged"},
			 Case{"ssh-ed25519", good.substr(0, good.size() - 4), "damaged"},
			 Case{"ssh-ed25519", good + "AAAA", "damaged"},
			 Case{"ssh-ed25519", base64_of(blob_of({"ssh-ed25519", raw + "x"})), "damaged"},
			 Case{"ssh-ed25519", base64_of(blob_of({"ssh-ed25519", raw, "more"})), "damaged"},
			 Case{"ssh-ed25519", base64_of({"\xff\xff\xff\xff", 4}), "damaged"},
			 Case{"ssh-rsa", base64_of(blob_of({"sk-ssh-ed25519@openssh.com", raw, "ssh:"})),
				 "damaged"},
			 Case{"ssh-rsa", base64_of(blob_of({"ssh-rsa", "", "n"})), "damaged"},
			 Case{"ecdsa-sha2-nistp256",
				 base64_of(blob_of({"ecdsa-sha2-nistp256", "nistp384", "p"})), "damaged"},
			 Case{"ssh-rsa", std::string(5000, 'A'), "at most"},
		 }) {
		const auto key = PublicKey::parse(type, base64);
		ASSERT_FALSE(key) << type << " " << base64;
		EXPECT_NE(key.error().what.find(says), std::string::npos) << key.error().what;
	}
}

TEST(PublicKey, RefusesBase64ThatCouldBeWrittenOtherwise) {
	// 74 bytes: the last group has one character of padding and two bits that must be 0
	const std::string key =
		base64_of(blob_of({"sk-ssh-ed25519@openssh.com", std::string(32, 'k'), "ssh:"}));
	ASSERT_TRUE(key.ends_with('='));
	ASSERT_TRUE(PublicKey::parse("sk-ssh-ed25519@openssh.com", key));
	std::string other = key;
	char& last = other[other.find('=') - 1];
	last = static_cast<char>(last + 1);
	EXPECT_FALSE(PublicKey::parse("sk-ssh-ed25519@openssh.com", other));
}

TEST(PublicKey, RefusesMoreThanOneLine) {
	const std::string line = std::string("ssh-ed25519 ") + kEd25519;
	EXPECT_FALSE(PublicKey::parse(line + "\n" + line));
	EXPECT_FALSE(PublicKey::parse(line + std::string(" \0x", 3)));
	EXPECT_FALSE(PublicKey::parse(line + " " + std::string(5000, 'c')));
}

TEST(PublicKey, NeverRepeatsWhatMayBeAPrivateKey) {
	for (const char* text :
		{"b3BlbnNzaC1rZXktdjEAAAAABG5vbmU", "ssh-ed25519 b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"})
		EXPECT_EQ(PublicKey::parse(text).error().what.find("b3Blb"), std::string::npos);
}

TEST(Fingerprint, IsTheSameInBothWritings) {
	const auto print = Fingerprint::parse("SHA256:Y3TRWXTsAw8OvVtHLmBlanK4f7DlMhCdCzpQD7czjkg");
	ASSERT_TRUE(print);
	EXPECT_EQ(print->file_name(), "Y3TRWXTsAw8OvVtHLmBlanK4f7DlMhCdCzpQD7czjkg");
	const auto with_signs =
		Fingerprint::parse("SHA256:5ptXDAmmxWmkIBOxWkVx2Rr1Wvau/B++M70bqL7zxWE");
	ASSERT_TRUE(with_signs);
	EXPECT_EQ(with_signs->file_name(), "5ptXDAmmxWmkIBOxWkVx2Rr1Wvau_B--M70bqL7zxWE");
	EXPECT_EQ(with_signs->str(), "SHA256:5ptXDAmmxWmkIBOxWkVx2Rr1Wvau/B++M70bqL7zxWE");
	EXPECT_EQ(*Fingerprint::parse_file_name(with_signs->file_name()), *with_signs);
}

TEST(Fingerprint, RefusesAnythingElse) {
	const std::string good = "5ptXDAmmxWmkIBOxWkVx2Rr1Wvau/B++M70bqL7zxWE";
	for (const std::string& text :
		{std::string(), std::string("SHA256:"), good, "MD5:" + good, "sha256:" + good,
			"SHA256:" + good + "=", "SHA256:" + good + "\n", "SHA256:" + good.substr(1),
			"SHA256:" + good.substr(0, 42) + "F", "SHA256:../" + good.substr(3, 39) + "=",
			std::string("SHA256:5ptXDAmmxWmkIBOxWkVx2Rr1Wvau_B--M70bqL7zxWE")})
		EXPECT_FALSE(Fingerprint::parse(text)) << text;
	for (const std::string& name : {std::string(), good, good.substr(0, 42) + "F",
			 std::string(".."), std::string(43, '.'), std::string(43, '/')})
		EXPECT_FALSE(Fingerprint::parse_file_name(name)) << name;
}

TEST(Fingerprint, IsTheDigestOfTheBlob) {
	EXPECT_EQ(fingerprint_of(*PublicKey::parse("ssh-ed25519", kEd25519)).str(),
		"SHA256:0HzhJGrGhXeUOfNwvOygHWeOESILOI9sCXTBLGlrBL8");
	// blobs that need padding in base64, against sha256sum(1)
	EXPECT_EQ(
		fingerprint_of(
			*PublicKey::parse("sk-ssh-ed25519@openssh.com",
				base64_of(blob_of({"sk-ssh-ed25519@openssh.com", std::string(32, 'k'), "ssh:"}))))
			.file_name()
			.size(),
		43U);
}

}    // namespace
}    // namespace rassist
