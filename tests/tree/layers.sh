# shellcheck shell=bash
# The arrows of DESIGN.md: every product → common, and nothing else.

products=(authkeys_cmd pam_rassist nss_rassist rassist-agent relay guard window rassist)

# includes_beyond FOLDER ALLOWED…: lines of FOLDER that include from a folder not allowed
includes_beyond() {
	local folder=$1 allowed
	shift
	allowed=$(IFS='|'; echo "$*")
	grep -nE '^[[:space:]]*#[[:space:]]*include "' -r "$folder" --include='*.cpp' --include='*.hpp' | grep -vE "include \"($allowed)/" || true
}
# lines FOLDER PATTERN: code lines that match
lines() { grep -nE "$2" -r "$1" --include='*.cpp' --include='*.hpp' || true; }

for product in "${products[@]}"; do
	check "$product includes itself and common alone" includes_beyond "$product" "$product" common
done
check "common includes itself alone" includes_beyond common common
check "common knows no PAM, systemd, stdio, syslog" lines common '#[[:space:]]*include <(security/|systemd/|cstdio|stdio\.h|iostream|syslog\.h|fstream)'
check "the helper does not know the store's writing half" lines authkeys_cmd 'common/(store_write|registry_write|published_write|session)\.hpp'
check "the PAM module does not know the store's writing half" lines pam_rassist 'common/(store_write|registry_write|published_write)\.hpp'
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
check "inih is ini.cpp's" owner 'ini\.h' common/ini.cpp
check "OpenSSL stays in its files" owner 'openssl/' common/private_key.cpp common/derive.cpp common/digest.cpp
check "jansson stays in its files" owner 'jansson' relay/json.cpp rassist/json.cpp rassist/json_elements.cpp
check "the journal's reading stays in its file" owner 'systemd/sd-journal' rassist/journal_reader.cpp
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
