#include "rassist-agent/tunnel_key.hpp"

#include "common/base/ini.hpp"
#include "common/keys/private_key.hpp"
#include "common/system/files.hpp"
#include "common/system/files_write.hpp"

#include <unistd.h>

namespace rassist::agent {
namespace {

constexpr const char* kKeyName = "tunnel_key";
constexpr const char* kNoteName = "tunnel_key.window";
constexpr std::string_view kSection = "tunnel-key";

/// The public half, where the key that lies there is this window's. Anything else counts as no key:
/// a fresh one is always right.
Result<PublicKey> read_kept_key(const Folder& folder, const Id& window) {
	const Trust trust{::geteuid(), 8192, true};
	if (const auto private_half = folder.open_file(kKeyName, trust); !private_half)
		return private_half.error();
	const auto text = folder.read(kNoteName, trust);
	if (!text)
		return text.error();
	auto section = IniSection::read(*text, kSection, kNoteName);
	if (!section)
		return section.error();
	if (const auto version = section->version(); !version)
		return version.error();
	if (section->optional("window") != window.str())
		return Error{Fault::expired, "the tunnel key is another window's"};
	return PublicKey::parse(section->optional("key"));
}

}    // namespace

Result<TunnelKey> load_or_make_tunnel_key(const Paths& paths, const Id& window) {
	const auto folder = Folder::open(paths.agent_run);
	if (!folder)
		return folder.error();
	const std::string file = paths.agent_run + "/" + kKeyName;
	if (const auto known = read_kept_key(*folder, window))
		return TunnelKey{file, *known};
	const auto made = PrivateKey::generate();
	if (!made)
		return made.error().within("the tunnel key");
	Attributes attributes;
	attributes.mode = 0600;
	attributes.durable = false;
	// The key is written first: if we ended in between, the note would still name another window,
	// and the next agent would make a key of its own.
	const Secret pem = made->openssh_pem("rassist tunnel " + window.str());
	if (const auto written = write_file(*folder, kKeyName, pem.text(), attributes); !written)
		return written.error();
	IniWriter note(kSection);
	note.add("version", "1").add("window", window.str()).add("key", made->public_key().str());
	if (const auto written = write_file(*folder, kNoteName, note.text(), attributes); !written)
		return written.error();
	return TunnelKey{file, made->public_key()};
}

}    // namespace rassist::agent
