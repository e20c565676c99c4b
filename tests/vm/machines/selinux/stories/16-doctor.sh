# shellcheck shell=bash
# rassist doctor on a machine under SELinux: well; a wrong label is named, alone, and mended. The machine has nobody to set its clock by.
found() { rassist doctor --json "$@" | jq -r '[.findings[] | select(.check != "clock") | .check + ": " + .what] | unique[]'; }
well() { [ -z "$(found "$@")" ] || { found "$@"; return 1; }; }
alone() { [ "$(found device relay | tee /run/found | wc -l)" = 1 ] && grep -E "$1" /run/found || { cat /run/found; return 1; }; }

check "a window" rassist open --for 1h
check "its tunnel" soon 90 up
soon 120 well
check "nothing is wrong" well
mended() { # PATH TYPE
	chcon -t etc_t "$1"
	check "the label of $1 is wrong, and nothing else" alone "^labels: $1 is labelled .*:etc_t:.*, must be .*:$2:"
	check "... --fix mends it" says '^Done: .*restorecon' eval 'rassist doctor --fix device relay || :'
	check "... it has its label" [ "$(label "$1")" = "$2" ]
}
# a record, a program, what lives until the next boot
mended /var/lib/rassist/groups rassist_record_t
mended /usr/libexec/rassist/probe rassist_desk_exec_t
mended /run/rassist/door.conf rassist_run_t
check "and nothing is wrong" well
rassist close >/dev/null
never "nothing of ours was refused" refused
