# shellcheck shell=bash
# The arrows between rooms: every product → common, and nothing else; inside common and the command line, room by room.

products=(authkeys_cmd pam_rassist nss_rassist rassist-agent relay guard window rassist)

# Room → the rooms it may include from, besides itself. A room is a folder without its subfolders.
# The writers of the store are in common/issuing and rassist/relay: neither the key helper nor the PAM module has an arrow there.
arrows='
common/base
common/system     common/base
common/keys       common/base
common/records    common/base common/keys common/system
common/admission  common/base common/keys common/records common/system
common/sessions   common/base common/keys common/records common/system
common/wire       common/base common/keys common/records
common/issuing    common/admission common/base common/keys common/records common/system
authkeys_cmd      common/admission common/base common/keys common/records common/sessions common/system
pam_rassist       common/admission common/base common/keys common/records common/sessions common/system
nss_rassist
rassist-agent     common/base common/keys common/records common/system common/wire
relay             common/admission common/base common/issuing common/keys common/records common/sessions common/system common/wire
guard             common/base common/records common/system
window            common/base common/issuing common/keys common/records common/sessions common/system
rassist/frame     common/base common/keys common/records common/system
rassist/device    common/base common/keys common/records common/sessions common/system common/wire rassist/frame
rassist/support   common/base common/keys common/system rassist/frame
rassist/past      common/base common/records common/sessions common/system rassist/frame
rassist/enforce   common/admission common/base common/records common/sessions common/system rassist/frame
rassist/relay     common/admission common/base common/issuing common/keys common/records common/sessions common/system rassist/enforce rassist/frame
rassist/doctor    common/admission common/base common/keys common/records common/sessions common/system common/wire rassist/frame rassist/relay
'
rooms_of_the_table() { awk 'NF {print $1}' <<<"$arrows" | sort; }
rooms_of_the_tree() { find common "${products[@]}" -name '*.cpp' -o -name '*.hpp' | sed 's|/[^/]*$||' | sort -u; }
check "each room stands in the table of arrows, and no other" diff <(rooms_of_the_table) <(rooms_of_the_tree)

# drawn ROOM: the rooms that its files include from, one a line
drawn() {
	find "$1" -maxdepth 1 \( -name '*.cpp' -o -name '*.hpp' \) -exec sed -nE 's|^[[:space:]]*#[[:space:]]*include "(.*)/[^/]*"|\1|p' {} + |
		sort -u | grep -vx "$1"
}
while read -r room allowed; do
	[ -n "$room" ] || continue
	check "$room has the arrows of the table, and no other" diff <(tr ' ' '\n' <<<"$allowed" | grep . | sort) <(drawn "$room")
done <<<"$arrows"
# lines FOLDER PATTERN: code lines that match
lines() { grep -nE "$2" -r "$1" --include='*.cpp' --include='*.hpp' || true; }

check "common knows no PAM, systemd, stdio, syslog" lines common '#[[:space:]]*include <(security/|systemd/|cstdio|stdio\.h|iostream|syslog\.h|fstream)'
check "neither helper nor module knows libsystemd" bash -c "grep -nE 'include <systemd/' -r authkeys_cmd pam_rassist nss_rassist || true"
check "libnss_rassist knows no C++ library" lines nss_rassist '#[[:space:]]*include <(string|vector|memory|optional|iostream|algorithm|span|string_view)>'
check "no program code knows of the tests" bash -c "grep -nE 'tests/|ifdef TESTING' -r common ${products[*]} --include='*.cpp' --include='*.hpp' || true"
check "no shell is started from C++" bash -c "grep -nE '\b(std::system|system|popen) ?\(\"|execl[pe]?\(' -r common ${products[*]} --include='*.cpp' || true"

# owner HEADER-PATTERN FILE…: only these files include it
owner() {
	local pattern=$1
	shift
	local allowed
	allowed=$(IFS='|'; echo "$*")
	grep -lE "#[[:space:]]*include <($pattern)" -r common "${products[@]}" --include='*.cpp' --include='*.hpp' | grep -vxE "$allowed" || true
}
check "inih is ini.cpp's" owner 'ini\.h' common/base/ini.cpp
check "OpenSSL stays in its files" owner 'openssl/' common/keys/private_key.cpp common/keys/derive.cpp common/keys/digest.cpp
check "jansson stays in its files" owner 'jansson' common/base/json.cpp rassist/relay/json_elements.cpp
check "the journal's reading stays in its file" owner 'systemd/sd-journal' rassist/frame/journal_reader.cpp
check "the bus stays in its file" owner 'systemd/sd-bus' window/manager.cpp
long_files() {
	local file lines
	git ls-files -co --exclude-standard '*.cpp' '*.hpp' '*.sh' | while read -r file; do
		[ -f "$file" ] || continue
		lines=$(wc -l <"$file")
		[ "$lines" -le 350 ] || head -3 "$file" | grep -q "longer than" || echo "$file: $lines lines"
	done
}
check "files end within 350 lines, or say why not" long_files
