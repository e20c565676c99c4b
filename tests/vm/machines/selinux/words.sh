# shellcheck shell=bash
# Words of the stories under SELinux.
sam() { setpriv --reuid sam --regid sam --init-groups env -C /home/sam HOME=/home/sam SSH_AUTH_SOCK=/home/sam/.agent "$@"; }
code() { rassist show --json | jq -r .code; }
up() { [ "$(rassist status --json | jq -r .tunnel.state)" = up ]; }
says() { local wanted=$1; shift; "$@" 2>&1 | tr -d '\r' | grep -- "$wanted" >/dev/null; }
by_code() {
	sam sh -c 'ssh-keyscan -p 443 127.0.0.1 >~/.ssh/known_hosts 2>/dev/null'
	sam /usr/local/lib/vm/typing yes at fingerprint "then" "$(code)" at code -- \
		ssh -F none -o UserKnownHostsFile=/dev/null -J rassist-support@127.0.0.1:443 -p 10022 rassist@sn123.rassist "$@"
}
by_key() { sam ssh -o BatchMode=yes sn123.rassist "$@"; }
own_sshd() { systemctl show -P MainPID ssh.service; }
inside() { pgrep -u rassist -x sleep; }
label() { stat -c %C "$1" | cut -d: -f3; }

# What SELinux refused since from_now, or since boot, in which we have a part: a domain, a file or a program of ours, or sshd. Works if there is something.
refused() {
	{
		cat /var/log/audit/audit.log
		journalctl --quiet --boot --output=cat _TRANSPORT=audit + _TRANSPORT=kernel
	} | grep -aE 'avc: +denied|SELINUX_ERR' | grep -aE 'rassist|sshd' | sort -u |
		awk -v from="$(cat /run/refused-from 2>/dev/null)" 'match($0, /audit\([0-9.]+/) && substr($0, RSTART + 6, RLENGTH - 6) + 0 >= from + 0' | grep .
}
from_now() { date +%s.%N >/run/refused-from; }
