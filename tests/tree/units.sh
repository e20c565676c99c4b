# shellcheck shell=bash
# Unit files, read by systemd itself in an installed tree.
tree=$(mktemp -d)
make -s install DESTDIR="$tree" >/dev/null 2>&1 || check "make install works" false
verify() {
	# units of the distribution that ours order themselves after are not in this tree
	systemd-analyze verify --root="$tree" --man=no --recursive-errors=no "$@" 2>&1 |
		grep -vE 'sshd.*not executable|Failed to (load|open)|symlinked|is not executable|Unit .* not found|\.target: Failed|sysinit|basic\.target|SO_PASSCRED' || true
}
for unit in systemd/rassist*; do
	check "systemd-analyze verify $(basename "$unit")" verify "$tree/usr/lib/systemd/system/$(basename "$unit")"
done
# exposure UNIT MOST: systemd's own figure for the sandbox
exposure() {
	local level
	level=$(systemd-analyze security --offline=true "systemd/$1" 2>/dev/null | grep -oE '[0-9]+\.[0-9]' | tail -1)
	echo "     $1: exposure ${level:-unknown}, at most $2" >&3
	awk -v a="${level:-10}" -v b="$2" 'BEGIN{exit !(a<=b)}' || echo "exposure ${level:-unknown} over $2"
}
exec 3>&1
# what is left of each, and why, stands in the unit
for limit in tunnel:1.5 agent:2.9 sweep:2.5 enforce:1.5 tidy:1.6 everybody:1.5 privsep:1.5 guard-reload:1.5 guard:2.0 relay:3.5; do
	check "rassist-${limit%:*}.service is sandboxed" exposure "rassist-${limit%:*}.service" "${limit#*:}"
done
rm -rf "$tree"
