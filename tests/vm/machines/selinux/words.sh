# shellcheck shell=bash
# Words of the stories under SELinux.
sam() { setpriv --reuid sam --regid sam --init-groups env -C /home/sam HOME=/home/sam SSH_AUTH_SOCK=/home/sam/.agent "$@"; }
code() { rassist show --json | jq -r .code; }
up() { [ "$(rassist status --json | jq -r .tunnel.state)" = up ]; }
says() { local wanted=$1; shift; "$@" 2>&1 | tr -d '\r' | grep -- "$wanted" >/dev/null; }
by_key() { sam ssh -o BatchMode=yes sn123.rassist "$@"; }
label() { stat -c %C "$1" | cut -d: -f3; }

# What SELinux refused since boot in which we have a part: a domain, a file or a program of ours, or sshd. Works if there is something.
refused() {
	{
		cat /var/log/audit/audit.log
		journalctl --quiet --boot --output=cat _TRANSPORT=audit + _TRANSPORT=kernel
	} | grep -aE 'avc: +denied|SELINUX_ERR' | grep -aE 'rassist|sshd' | sort -u | grep .
}
