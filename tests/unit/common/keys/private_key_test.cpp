#include "common/keys/private_key.hpp"

#include "common/keys/derive.hpp"
#include "common/keys/digest.hpp"
#include "common/system/files_write.hpp"
#include "common/system/run.hpp"
#include "tests/unit/sample_key.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <chrono>
#include <string>
#include <vector>

namespace rassist {
namespace {

using test::TemporaryFolder;

/// The table of docs/code-format.md, made with Python's hashlib and hmac and OpenSSL's command
/// line.
struct Vector {
	const char* code;
	const char* serial;
	const char* login;
	const char* host;
	const char* activation;
};

constexpr Vector kVectors[] = {
	{"K7QF-2M9X-TB4DE", "sn123",
		"AAAAC3NzaC1lZDI1NTE5AAAAIGsQ5Kqi4rSmdSTAZLwypCUQ63AqJwigSMBeUtK9Qtn1",
		"AAAAC3NzaC1lZDI1NTE5AAAAICGL0ELScaQQcGqikaEFit2MwhRYXICtGJG5vX/bczsu",
		"AAAAC3NzaC1lZDI1NTE5AAAAIOiKzgF3/K6WEAkJGfqULO7sP4F7SFgJzwcvXvxmEGky"},
	{"0000-0000-00000", "a", "AAAAC3NzaC1lZDI1NTE5AAAAIChNRURjTk/2KHVo3ABdnL8dxf5KxtF7G/MpZQT3kPup",
		"AAAAC3NzaC1lZDI1NTE5AAAAINcndnxn4LrojwkrtiSs2+Wlap0jE5233cO+pD5cssTl",
		"AAAAC3NzaC1lZDI1NTE5AAAAINNayhyZaSbc66nsEMJwBvtMrCq4dALrMsLcKfcKEEmT"},
	{"ZZZZ-ZZZZ-ZZZZR", "acme-4711",
		"AAAAC3NzaC1lZDI1NTE5AAAAIP1SBqjBeWN/Gwbs7McR2zOAaeAgklBsd/FKP8k9oZML",
		"AAAAC3NzaC1lZDI1NTE5AAAAIN71fjXTc2TcTlVqUAwQU4Md7XDDjYQyDBcsLJI9n6jE",
		"AAAAC3NzaC1lZDI1NTE5AAAAIKZ4YC71AujiYOdPoSU4EtOt/WaIilE7K+zLNX1zusU+"},
};

WindowKeys keys_of(const char* code, const char* serial) {
	auto keys = derive_window_keys(*Code::parse(code), *Serial::parse(serial));
	if (!keys)
		throw std::runtime_error(keys.error().what);
	return std::move(*keys);
}

/// What the program writes, its error output where it fails.
std::string output_of(const std::vector<std::string>& argv, std::string_view input = {}) {
	const auto finished = run({.argv = argv,
								  .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"},
								  .pipe_stdin = true,
								  .pipe_stdout = true,
								  .pipe_stderr = true},
		input, std::chrono::seconds(60));
	if (!finished)
		return "cannot run: " + finished.error().what;
	return finished->status == 0
			   ? finished->out
			   : argv[0] + ": status " + std::to_string(finished->status) + ": " + finished->err;
}

std::string hex_of(std::string_view bytes) {
	std::string text;
	for (const char c : bytes)
		for (const int shift : {4, 0})
			text += "0123456789abcdef"[(static_cast<unsigned char>(c) >> shift) & 15];
	return text;
}

/// 32 bytes that `openssl kdf` printed as AB:CD:…, in plain lower-case hexadecimal.
std::string plain_hex(const std::string& printed) {
	std::string text;
	for (const char c : printed)
		if (std::isxdigit(static_cast<unsigned char>(c)) != 0)
			text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
	return text;
}

std::string bytes_of(const std::string& hex) {
	std::string bytes;
	for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
		bytes += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
	return bytes;
}

/// The document's derivation done by the openssl command line alone: a public key's base64.
std::string derived_by_openssl(const std::string& twelve, const std::string& purpose,
	const std::string& serial, const std::string& label) {
	const std::string openssl = "/usr/bin/openssl";
	const auto master =
		plain_hex(output_of({openssl, "kdf", "-keylen", "32", "-kdfopt", "pass:" + twelve,
			"-kdfopt", "salt:rassist/1/" + purpose + "/" + serial, "-kdfopt", "n:65536", "-kdfopt",
			"r:8", "-kdfopt", "p:1", "-kdfopt", "maxmem_bytes:134217728", "SCRYPT"}));
	const auto seed =
		plain_hex(output_of({openssl, "kdf", "-keylen", "32", "-kdfopt", "digest:SHA256", "-kdfopt",
			"hexkey:" + master, "-kdfopt", "info:rassist/1/" + label, "HKDF"}));
	// PKCS#8 of an Ed25519 key (RFC 8410 section 7) is a fixed head and the seed;
	// SubjectPublicKeyInfo ends with the 32 bytes
	const auto spki = output_of({openssl, "pkey", "-inform", "DER", "-pubout", "-outform", "DER"},
		bytes_of("302e020100300506032b657004220420" + seed));
	if (spki.size() < 32)
		return spki;
	return test::base64_of(test::blob_of({"ssh-ed25519", spki.substr(spki.size() - 32)}));
}

TEST(Derivation, GivesTheKeysOfTheDocument) {
	for (const Vector& vector : kVectors) {
		const auto keys = keys_of(vector.code, vector.serial);
		EXPECT_EQ(keys.login.public_key().base64(), vector.login);
		EXPECT_EQ(keys.host.public_key().base64(), vector.host);
		const auto activation =
			derive_activation_key(*Code::parse(vector.code), *Serial::parse(vector.serial));
		ASSERT_TRUE(activation);
		EXPECT_EQ(activation->public_key().base64(), vector.activation);
	}
}

TEST(Derivation, IsTheSameByOpensslsCommandLine) {
	const Code code = Code::random();
	const Serial serial = *Serial::parse("sn-" + std::to_string(getpid()));
	const std::string twelve(code.canonical().substr(0, 12));
	const auto keys = derive_window_keys(code, serial);
	ASSERT_TRUE(keys);
	EXPECT_EQ(keys->login.public_key().base64(),
		derived_by_openssl(twelve, "window", serial.str(), "login-key"));
	EXPECT_EQ(keys->host.public_key().base64(),
		derived_by_openssl(twelve, "window", serial.str(), "host-key"));
	EXPECT_EQ(derive_activation_key(code, serial)->public_key().base64(),
		derived_by_openssl(twelve, "activation", serial.str(), "activation-key"));
}

TEST(Derivation, AnotherSerialHasOtherKeys) {
	EXPECT_NE(keys_of("0000-0000-00000", "a").login.public_key(),
		keys_of("0000-0000-00000", "b").login.public_key());
}

TEST(Derivation, SaysWhyUnderFips) {
	// asks for implementations that the loaded provider does not have
	ASSERT_EQ(EVP_default_properties_enable_fips(nullptr, 1), 1);
	const auto keys = derive_window_keys(*Code::parse("0000-0000-00000"), *Serial::parse("a"));
	const auto fresh = PrivateKey::generate();
	ASSERT_EQ(EVP_default_properties_enable_fips(nullptr, 0), 1);
	for (const Error* error : {&keys.error(), &fresh.error()}) {
		EXPECT_EQ(error->code, Fault::unsupported);
		EXPECT_NE(error->what.find("FIPS"), std::string::npos);
	}
}

TEST(PrivateKey, HasThePublicHalfOfRfc8032) {
	// RFC 8032 section 7.1, TEST 1
	const auto key = PrivateKey::from_seed(
		Secret(bytes_of("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
	ASSERT_TRUE(key);
	EXPECT_EQ(hex_of(key->seed_and_public().text()),
		"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST(PrivateKey, RefusesASeedOfAnotherLength) {
	for (const std::size_t size : {0, 31, 33, 64})
		EXPECT_EQ(PrivateKey::from_seed(Secret(size)).error().code, Fault::invalid) << size;
}

TEST(PrivateKey, FreshOnesDiffer) {
	EXPECT_NE(PrivateKey::generate()->public_key(), PrivateKey::generate()->public_key());
}

TEST(PrivateKey, IsReadBySshKeygen) {
	const TemporaryFolder folder;
	// comments of every length modulo the padding
	for (const std::string comment :
		{"", "1", "12", "123", "1234", "12345", "123456", "1234567", "rassist sn123"}) {
		const auto key = PrivateKey::generate();
		ASSERT_TRUE(key);
		const std::string path = folder / "key";
		ASSERT_TRUE(write_file(
			path, key->openssh_pem(comment).text(), {.mode = 0600, .owner = {}, .group = {}}));
		EXPECT_EQ(output_of({"/usr/bin/ssh-keygen", "-y", "-P", "", "-f", path}),
			key->public_key().str() + (comment.empty() ? "" : " " + comment) + "\n");
		const auto fingerprint = output_of({"/usr/bin/ssh-keygen", "-l", "-f", path});
		EXPECT_NE(fingerprint.find(" " + fingerprint_of(key->public_key()).str() + " "),
			std::string::npos)
			<< fingerprint;
	}
}

TEST(PrivateKey, SignsWhatItsPublicHalfVerifies) {
	const TemporaryFolder folder;
	const auto keys = keys_of("K7QF-2M9X-TB4DE", "sn123");
	ASSERT_TRUE(write_file(folder / "key", keys.login.openssh_pem("").text(),
		{.mode = 0600, .owner = {}, .group = {}}));
	test::spill(folder / "allowed", "me " + keys.login.public_key().str() + "\n");
	const auto signature = output_of(
		{"/usr/bin/ssh-keygen", "-Y", "sign", "-n", "test", "-f", folder / "key"}, "text");
	test::spill(folder / "signature", signature);
	const auto verified = output_of({"/usr/bin/ssh-keygen", "-Y", "verify", "-n", "test", "-I",
										"me", "-f", folder / "allowed", "-s", folder / "signature"},
		"text");
	EXPECT_NE(verified.find("Good"), std::string::npos) << verified;
}

}    // namespace
}    // namespace rassist
