# shellcheck shell=bash
# Whatever happens to the relay's configuration: devices and staff are refused with the reason in the journal, tunnels that stand go on standing, and the
# admin's login at the relay's own sshd does not notice.
starts_from ready
step_seconds=10   # nothing here may hang

announces relay 'Access denied for user rassist-(device|support) by PAM account configuration'
announces relay 'sn123: enrolment refused'
announces relay 'the guard goes on as it was$'
announces relay 'Reload failed for rassist-guard.service'

OTHERS='root relay-root'
on relay sh -c 'echo "PermitRootLogin yes" >/etc/ssh/sshd_config.d/admin.conf && systemctl reload ssh'
opened device --for 1h
keyed sn123 >/dev/null

all_get_in() {
	that "staff gets in"           says 'sn123' as_staff
	that "a device gets in"        fails with 65 saying 'code = malformed' as_device
	that "support reaches the device" says inside by_key sn123
}
all_get_in
that "root logs in"                says 'root is in' others_log_in relay

ETC=/etc/rassist
all_are_refused() {
	spoil relay "$2" "$1" "${4:-}"
	that "$2, $1: staff is refused, and the journal says why" fails with 255 saying "login refused: .*$3" tried relay as_staff
	that "devices are refused, and the journal says why"      fails with 255 saying "login refused: .*$3" tried relay as_device
	that "the tunnel that stands is up" says '^up$' tunnel_of device
	that "root logs in as ever"        says 'root is in' others_log_in relay
	mend relay "$2"
}
all_are_refused missing  $ETC/rassist.conf 'rassist.conf: No such file or directory'
all_are_refused garbage  $ETC/rassist.conf 'rassist.conf:[0-9]+: '
all_are_refused text     $ETC/rassist.conf 'rassist.conf:2: heartbeat: "often" is not a duration' '[relay]\nheartbeat = often\n'
all_are_refused text     $ETC/rassist.conf 'rassist.conf: heartbeat-limit .* must be at least twice heartbeat' '[relay]\nheartbeat = 10s\n'
all_are_refused writable $ETC/rassist.conf 'rassist.conf: mode 0666, must not be writable by group or others'
all_are_refused writable $ETC              '/etc/rassist: mode 0777, must not be writable'
all_are_refused nobodys  $ETC/rassist.conf 'rassist.conf: belongs to uid 65534, must belong to uid 0'
all_are_refused symlink  $ETC/rassist.conf 'rassist.conf: a symbolic link, must be a regular file'
all_are_refused fifo     $ETC/rassist.conf 'rassist.conf: not a regular file'
all_are_refused file     $ETC/rassist.conf.d 'rassist.conf.d: not a folder'
all_are_refused huge     $ETC/rassist.conf 'rassist.conf: 3221225472 bytes, at most 65536'
all_get_in

say "What sshd's part of it reads and root does not have to: enroll and hold, which do not run as root"
on relay chmod 600 $ETC/rassist.conf
that "an enrolment is refused with a code, and the journal says why" \
	fails saying 'code = internal' saying "relay's own configuration is broken .*rassist.conf: Permission denied" tried relay as_device
on relay chmod 644 $ETC/rassist.conf

say "A device that has to come back waits until the relay is mended"
spoil relay $ETC/rassist.conf garbage
on device systemctl kill --signal=KILL rassist-tunnel
that "status says that the relay does not let it in" within 10 says '^(waiting|refused)$' tunnel_of device
mend relay $ETC/rassist.conf
that "it comes back by itself"     within 20 says '^up$' tunnel_of device
all_get_in
