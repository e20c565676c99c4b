# shellcheck shell=bash
# Whatever happens to the device's configuration: our logins are refused with the reason in the journal, and nobody else's login notices.
starts_from ready
step_seconds=10   # nothing here may hang

announces device 'Failed to start rassist-agent.service'
announces device 'the window was not opened: /etc/rassist'
announces device 'Access denied for user rassist by PAM account configuration'
announces device 'rassist-agent.*/etc/rassist/rassist.conf: Permission denied'
announces device 'PAM: Authentication failure for rassist'

ETC=/etc/rassist
each_damage() {
	"$1" missing  $ETC/rassist.conf 'rassist.conf: No such file or directory'
	"$1" garbage  $ETC/rassist.conf 'rassist.conf:[0-9]+: '
	"$1" text     $ETC/rassist.conf 'rassist.conf:3: window: "soon" is not a duration'    '[device]\n# how long\nwindow = soon\n'
	"$1" text     $ETC/rassist.conf 'rassist.conf:2: unknown key "serail" in \[device\]'  '[device]\nserail = sn123\n'
	"$1" text     $ETC/rassist.conf.d/50-serial.conf 'conf.d/50-serial.conf:1: '          'serial = sn123\n'
	"$1" writable $ETC/rassist.conf 'rassist.conf: mode 0666, must not be writable by group or others'
	"$1" writable $ETC              '/etc/rassist: mode 0777, must not be writable'
	"$1" nobodys  $ETC/rassist.conf 'rassist.conf: belongs to uid 65534, must belong to uid 0'
	"$1" symlink  $ETC/rassist.conf 'rassist.conf: a symbolic link, must be a regular file'
	"$1" symlink  $ETC/rassist.conf.d 'rassist.conf.d: not a folder'
	"$1" fifo     $ETC/rassist.conf 'rassist.conf: not a regular file'
	"$1" folder   $ETC/rassist.conf 'rassist.conf: not a regular file'
	"$1" huge     $ETC/rassist.conf 'rassist.conf: 3221225472 bytes, at most 65536'
}

say "A window cannot be opened, and the customer is told why"
open_is_refused() {
	spoil device "$2" "$1" "${4:-}"
	that "$2, $1: rassist open says so" fails saying "not opened: .*$3" on device rassist open
	that "nothing is half open"           works on device sh -c '! ls /run/rassist/window /run/rassist/secret/code /run/rassist/login.sock 2>/dev/null'
	mend device "$2"
}
each_damage open_is_refused
expect_journal device 'the window was not opened: /etc/rassist/rassist.conf:3: window'
that "root and alice log in as ever" says 'root is in' saying 'alice is in' others_log_in device

say "With a window open, support is refused by key and by code, and the journal says why"
on device systemctl reset-failed rassist-agent
opened device --for 1h
support_keeps_its_jump
keyed sn123 >/dev/null
that "support gets in by key"        says inside by_key sn123
that "and by code"                   says inside by_code sn123
background inside reaching sn123 'echo here; sleep 300'
that "somebody is inside" within 5 says '^here$' output inside
logins_are_refused() {
	spoil device "$2" "$1" "${4:-}"
	that "$2, $1: refused by key, and the journal says why" fails saying "login refused: .*$3" without '^inside' tried device by_key sn123
	that "by code, too, without being asked for it" fails saying "login refused: .*$3" without '\) Assistance' tried device by_code sn123
	that "root and alice log in as ever"       says 'root is in' saying 'alice is in' others_log_in device
	mend device "$2"
}
each_damage logins_are_refused
that "mended, it works by key again"       says inside by_key sn123
that "and by code"                         says inside by_code sn123

say "The agent, started again where it cannot read the configuration, says so and waits for it to be mended"
trouble_of() { on "$1" rassist status --json | jq -r .tunnel.last_error; }
that "who was inside has stayed all the time" works on device pgrep -u rassist -x sleep
on device chmod 000 $ETC/rassist.conf
on device systemctl kill --signal=KILL rassist-tunnel
that "status says why there is no tunnel"  within 10 says '/etc/rassist/rassist.conf: Permission denied' trouble_of device
on device chmod 644 $ETC/rassist.conf
that "mended, the tunnel comes back"       within 10 says '^up$' tunnel_of device
that "and support gets in"                 says inside by_key sn123

say "The customer can close, whatever is broken"
spoil device $ETC garbage
that "the window closes"                   says 'The window is closed' on device rassist close
that "nothing of support is left"          fails on device pgrep -u rassist,rassist-agent
mend device $ETC
opened device --for 1h
keyed sn123 >/dev/null
that "a new window is like any other"      says inside by_key sn123
