# shellcheck shell=bash
# The packages go while the machine runs, enforcing: the policy alone, under an open window, and it comes back; then all of them.
remove() {
	case $(echo /root/packages/*) in
		*.rpm) HOME=/root rpm -e --nodeps "$@" ;;
		*) dpkg -P "$@" ;;
	esac
}
domain_of() { tr -d '\0' <"/proc/$(systemctl show -P MainPID "$1")/attr/current" | cut -d: -f3; }
has_domain() { [ "$(domain_of "$1")" = "$2" ]; }
not_of_ours() { ! domain_of "$1" | grep -E 'rassist|unlabeled|unconfined_t|^$'; }
door() { systemctl -q is-active rassist-guard.service && systemctl -q is-active rassist-relay.service; }
modules() { semodule -l | grep '^rassist'; }
left() { find /usr /etc /run /var -xdev \( -name '*rassist*' -o -path '*/rassist/*' \) ! -path '/usr/local/*' ! -path '/var/lib/rassist*' ! -path '/var/log/*' ! -path '/var/lib/dpkg/*' | grep .; }

from_now    # other stories have had things refused
SSHD=$(own_sshd)
check "the machine's own sshd runs" [ "$SSHD" != 0 ]
check "a window" rassist open --for 1h
check "its tunnel" soon 90 up
CODE=$(code)
never "nothing of ours was refused" refused

check "the policy alone is removed" remove rassist-selinux
never "no module of ours is in the store" modules
check "the guard was started again, in a domain that there is" not_of_ours rassist-guard.service
check "the window is open" rassist status --json
check "the policy comes back" installed /root/packages/rassist-selinux*
check "the guard has its domain" has_domain rassist-guard.service rassist_guard_t
check "the agent, too" soon 30 has_domain rassist-tunnel.service rassist_agent_t
check "the relay's door is open" soon 60 door
# without the policy sshd is refused our files
from_now
check "the tunnel is back" soon 120 up
check "the window has its code still" [ "$(code)" = "$CODE" ]
check "support is in" says '^rassist$' by_code id -un
check "the window is closed" rassist close
never "nothing was refused since the policy came back" refused

# the policy last, where nothing else orders them
check "all packages are removed" remove rassist-device rassist-relay rassist-support rassist-selinux rassist
never "no module of ours is in the store" modules
never "no file of ours is left but the records" left
never "nor a process" pgrep -f rassist
# a purge takes the records, too
[ ! -e /var/lib/rassist ] || check "the records have the label of the machine's own policy" [ "$(label /var/lib)" = "$(label /var/lib/rassist)" ]
check "the machine's own sshd is the one it was" [ "$(own_sshd)" = "$SSHD" ]
never "nothing more was refused" refused
