# shellcheck shell=bash
# Customers are kept apart on the relay. Somebody has found a hole in sshd's unprivileged child, or in a forced command of ours, and runs what he likes there with
# what that process has: its account, its view of the files, no new privileges. What he can do to other devices, and what he cannot.
needs device2
starts_from ready
announces relay 'sn123|sn456|rassist-(hold|enroll)'
announces device 'tunnel|relay'

installed device2
activate device2 sn456
opened device2
opened device
knows_relay
keyed sn123 >/dev/null

hold_of() { on relay pgrep -u rassist-tunnel -f "^[^ ]*hold $1\$"; }
VICTIM=$(hold_of sn123)
BROKEN=$(hold_of sn456)
VICTIM_SSHD=$(on relay ps -o ppid= -p "$VICTIM" | tr -d ' ')
# subverted ACCOUNT cmd…: as the account, in the mount namespace and the cgroup of the second device's tunnel, with no way to more privileges
subverted() {
	local account=$1; shift
	on relay bash -c 'for g in $(sed -n "s/^0:://p" /proc/$0/cgroup); do echo 0 >"/sys/fs/cgroup$g/cgroup.procs" || :; done 2>/dev/null
		exec nsenter -t "$0" -m -- setpriv --reuid "$1" --regid "$1" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "${@:2}"' "$BROKEN" "$account" "$@"
}
another_hold() { local now; now=$(hold_of sn123) && [[ $now != "$VICTIM" ]]; }
# a file of the other device, by the folder
record() { on relay sh -c "grep -ls '^subject = sn123\$' /var/lib/rassist/$1/*"; }

for account in rassist-tunnel rassist-device; do
	say "As $account: other connections' processes"
	that "$account: he runs what he likes"         says "^$account\$" saying NoNewPrivs:.1 subverted $account sh -c 'id -un; cat /proc/self/status'
	for file in environ mem maps fd/0 stack syscall io root cwd; do
		that "$account: no /proc/PID/$file of another's hold"  fails subverted $account sh -c "head -c 1 /proc/$VICTIM/$file || ls /proc/$VICTIM/$file/"
		that "$account: nor of its sshd"                        fails subverted $account sh -c "head -c 1 /proc/$VICTIM_SSHD/$file || ls /proc/$VICTIM_SSHD/$file/"
	done
	that "$account: no tracing of another's hold"  fails saying 'ermitted' subverted $account timeout 5 strace -p "$VICTIM" -o /dev/null
	that "$account: nor of its sshd"               fails saying 'ermitted' subverted $account timeout 5 strace -p "$VICTIM_SSHD" -o /dev/null
	that "$account: no root"                       fails subverted $account sudo -n true
	that "$account: no network rules"              fails subverted $account nft flush ruleset
	that "$account: no word in the registry"       fails subverted $account sh -c 'echo >>/var/lib/rassist/devices/sn123'
	that "$account: no device of its own"          fails subverted $account sh -c 'cp /var/lib/rassist/devices/sn123 /var/lib/rassist/devices/sn777'
	that "$account: no staff"                      fails subverted $account sh -c 'cp /var/lib/rassist/identities/[A-Za-z0-9]* /var/lib/rassist/staff/'
	that "$account: no session record"             fails subverted $account sh -c 'rm -r /run/rassist/sessions/*'
	that "$account: no entry for enforcement"      fails subverted $account sh -c ': >/run/rassist/enforce/tunnel.sn123.1'
	that "$account: no configuration"              fails subverted $account sh -c 'echo >>/etc/rassist/rassist.conf'
	that "$account: no host key"                   fails subverted $account cat /var/lib/rassist/relay_host_ed25519_key
	that "$account: no device by its address"      fails subverted $account sh -c "nc -w 3 sn123.rassist 10022 </dev/null | grep SSH"
done

say "As rassist-tunnel: no grant of anybody"
for folder in identities windows; do
	that "$folder: no change"          fails subverted rassist-tunnel sh -c "echo >>$(record $folder)"
	that "$folder: nothing taken away" fails subverted rassist-tunnel rm -f "$(record $folder)"
	that "$folder: nothing added"      fails subverted rassist-tunnel sh -c ": >/var/lib/rassist/$folder/x"
done
that "activations: nothing taken away" fails subverted rassist-tunnel sh -c 'mv /var/lib/rassist/activations/.subjects /tmp/'
that "and a device is what it was"     says '^device$' reaching sn123 hostname

say "As rassist-device: in nobody's place on a device's address"
on relay sh -c 'systemctl stop rassist-relay && systemctl start rassist-relay' # every tunnel goes and comes back
that "the tunnels are back" within 20 says '^device$' reaching sn123 hostname
that "both of them" within 20 works hold_of sn456
ADDRESS=$(on relay rassist device show sn123 --json | jq -r .address)
BROKEN=$(hold_of sn456)
on device rassist close
that "sn123 is closed"  within 5 fails on relay sh -c "ss -Hltn | grep -q $ADDRESS:10022"
background liar subverted rassist-device socat "TCP-LISTEN:10022,bind=$ADDRESS,fork,reuseaddr" 'SYSTEM:echo SSH-2.0-liar'
that "who listens there is not heard" within 5 works on relay sh -c "ss -Hltn | grep -q $ADDRESS:10022"
that "... by support's account"       fails on relay setpriv --reuid rassist-support --clear-groups sh -c "nc -w 3 $ADDRESS 10022 </dev/null | grep SSH"
stop liar

say "What is left, as SECURITY.md says: a signal"
opened device
VICTIM=$(hold_of sn123)
that "another tunnel can be cut"                     works subverted rassist-tunnel kill -9 "$VICTIM"
that "... which its device notices, and is back"     within 20 works another_hold
that "another account's process takes no signal"     fails saying 'ermitted' subverted rassist-device kill -9 "$(hold_of sn123)"
