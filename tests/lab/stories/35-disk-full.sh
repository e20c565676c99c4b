# shellcheck shell=bash
# Full disks: nothing is half open, nothing hangs, the reason is told, and with room everything works again by itself.
starts_from ready
step_seconds=15   # nothing here may hang

announces device 'Failed to start rassist-agent.service'
announces device '^.* the window was not opened: .*(No space left on device|as when /run is full)'
announces device 'failed unit: rassist-agent.service'
announces device 'PAM: Authentication failure for rassist'
announces device '(Failed to|pam_systemd).*(session|user data)'   # what the machine's own logind says of a full /run
announces relay  'sn123: (enrolment|activation) refused: the relay cannot'

# small HOST FOLDER KILOBYTES: it lies on a file system of its own that is so large. full HOST FOLDER: nothing fits in any more. room HOST FOLDER: again.
small() {
	on "$1" sh -euc 'mkdir -p /root/copy && cp -a "$1/." /root/copy && mount -t tmpfs -o "size=$2k,mode=755" tmpfs "$1" && cp -a /root/copy/. "$1" && rm -rf /root/copy' sh "$2" "$3"
}
full() { on "$1" sh -c 'size=$(df --output=used -k "$1" | tail -1); [ "$1" != /run ] || mount -o "remount,size=${size}k" /run; dd if=/dev/zero of="$1/fill" bs=4k status=none' sh "$2" 2>/dev/null || true; }
room() { on "$1" sh -c 'rm "$1/fill"; [ "$1" != /run ] || mount -o remount,size=200M /run' sh "$2"; }

say "The device's /run/rassist is too small, page by page: each attempt fails, says where, and leaves nothing half open"
nothing_is_open() {
	on device sh -c '! systemctl -q is-active rassist-agent || exit 1
		! pgrep -u rassist,rassist-agent || exit 1
		! systemctl list-timers --all | grep rassist-deadline || exit 1
		! find /run/rassist /run/rassist-agent -type f -size +0 2>/dev/null | grep . || exit 1
		! ls /run/rassist/login.sock 2>/dev/null'
}
small device /run/rassist 4
for size in 4 8 12 16 20 24; do
	on device mount -o "remount,size=${size}k" /run/rassist
	that "$size KiB: rassist open says what has no room" fails saying 'not opened: /run/rassist/.*: No space left on device' on device rassist open
	that "nothing is half open" works nothing_is_open
done
on device umount /run/rassist

say "Nothing fits into the device's /run any more, or into its /var/lib"
full device /run
that "rassist open says so"         fails saying 'not opened: .* as when /run is full' on device rassist open
that "nothing is half open"         works nothing_is_open
room device /run
small device /var/lib/rassist 64
full device /var/lib/rassist
that "rassist open says so"         fails saying 'not opened: /var/lib/rassist/sequence: .*No space left' on device rassist open
that "nothing is half open"         works nothing_is_open
room device /var/lib/rassist
on device systemctl reset-failed rassist-agent

say "The device's /run gets full while a window is open"
opened device --for 1h
keyed sn123 >/dev/null
that "support gets in"              says inside by_key sn123
full device /run
that "support is refused by key, and the journal says why"  fails saying 'session refused: it cannot be registered: .*No space left' tried device by_key sn123
that "by code, too"                 fails saying 'login refused: the wrong codes cannot be counted: .*No space left' tried device by_code sn123
that "root and alice log in"        says 'root is in' saying 'alice is in' others_log_in device
that "the customer sees the window" says 'open until' on device rassist status
that "it cannot be made longer"     fails saying 'No space left' on device rassist extend --for 2h
that "it can be closed"             says 'is closed' on device rassist close
that "nothing is half open"         works nothing_is_open
room device /run

say "The relay's /var/lib/rassist is full: an enrolment fails for now, and is tried again"
small relay /var/lib/rassist 256
full relay /var/lib/rassist
on device rassist open --for 1h >/dev/null
CODE=$(code_of device); secret "$CODE"; secret "${CODE//-/}"
last_error() { on device rassist status --json | jq -r .tunnel.last_error; }
that "the customer sees why there is no tunnel" within 10 says 'refuses this device \(storage\): .*No space left on device' last_error
expect_journal relay 'sn123: enrolment refused: the relay cannot store the grant .*No space left on device'
that "nothing of it is left over"   fails on relay sh -c 'find /var/lib/rassist/windows -name ".tmp*" | grep .'
that "staff gets in"                says 'No device' as_staff
token=$(on relay rassist device token sn123 2>&1 || true)
that "a token cannot be made, and the admin is told" says 'No space left' echo "$token"
room relay /var/lib/rassist
that "with room the tunnel comes up by itself" within 30 says '^up$' tunnel_of device
keyed sn123 >/dev/null
that "support gets in"              says inside by_key sn123

say "The relay's /run/rassist is full: nobody gets in who cannot be registered"
on device rassist close >/dev/null
small relay /run/rassist 64
full relay /run/rassist
that "staff is refused, and the journal says why"   fails with 255 saying 'session refused: it cannot be registered: .*No space left' tried relay as_staff
that "devices are refused, and the journal says why" fails with 255 saying 'session refused: it cannot be registered: .*No space left' tried relay as_device
room relay /run/rassist
opened device --for 1h
keyed sn123 >/dev/null
that "with room support gets in"    says inside by_key sn123
