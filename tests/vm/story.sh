#!/bin/bash
# Inside the machine: tells all stories; each line for the outside begins with "vm: ".
# check NAME COMMAND…: it succeeds.   never NAME COMMAND…: it fails.   soon SECONDS COMMAND…: waits until it succeeds, by a clock that nobody sets.
tell() { echo "vm: $*"; }
uptime_s() { cut -d. -f1 /proc/uptime; }
soon() {
	local until=$(($(uptime_s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(uptime_s)" -lt "$until" ] || return 1
		sleep 0.2
	done
}
check() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1); then
		tell "ok   $name"
	else
		tell "FAIL $name"
		while IFS= read -r line; do tell "       $line"; done <<<"$said"
	fi
}
never() {
	local name=$1
	shift
	check "$name" not "$@"
}
# shellcheck disable=SC2317  # called by its name, through check
not() { ! "$@"; }

[ ! -e /usr/local/lib/vm/words.sh ] || . /usr/local/lib/vm/words.sh

# As a user would, on a system that runs. Debian's rpm knows nothing of what dpkg has installed, and does not find its plugins, one of which labels files.
installed() {
	case $1 in
		*.rpm) HOME=/root rpm -U --nodeps -D "__plugindir $(echo /usr/lib/*/rpm-plugins)" "$@" ;;
		*) dpkg -i "$@" ;;
	esac
}
check "the packages are installed" installed /root/packages/*

for story in /usr/local/lib/vm/stories/*.sh; do
	tell "---- $(basename "$story" .sh)"
	# shellcheck source=/dev/null
	(. "$story")
done
tell "end of the stories"
# the machine is started with -no-reboot: this ends it, whatever a story has left running
sync
sleep 1
echo b >/proc/sysrq-trigger
