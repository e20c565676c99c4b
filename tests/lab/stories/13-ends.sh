# shellcheck shell=bash
# S9, S10: however a window ends, support's sessions and everything they started are gone, and code, keys and rights with them.
starts_from ready

# Support leaves behind what a person could think of to stay.
dig_in() {
	keyed sn123 >/dev/null
	reaching sn123 sh <<'HERE'
cd
nohup sleep 1001 >/dev/null 2>&1 &
setsid -f sleep 1002 >/dev/null 2>&1
tmux new-session -d 'sleep 1003'
systemd-run --user sleep 1004 2>/dev/null
(trap '' TERM HUP INT; while :; do sleep 1005; done) >/dev/null 2>&1 &
echo '* * * * * sleep 1006' | crontab -
echo 'sleep 1007' | at now + 1 minute 2>/dev/null
echo 'sleep 1007' | at now 2>/dev/null
sudo -n loginctl enable-linger rassist
sudo -n sh -c 'setsid -f sleep 1008 >/dev/null 2>&1'
cp /bin/sleep /tmp/leftover && chmod 6755 /tmp/leftover
setsid -f /tmp/leftover 1009 >/dev/null 2>&1
mkdir -p /var/tmp/deep/er && cp /bin/sleep /var/tmp/deep/er/ && chmod 4755 /var/tmp/deep/er/sleep
echo x >/dev/shm/left
: >/dev/mqueue/left
exit 0
HERE
	background shell as support env "$AGENT" ssh -o BatchMode=yes -tt sn123.rassist 'trap "" TERM HUP; sleep 1010; sleep 1011'
	background idle as support env "$AGENT" ssh -o BatchMode=yes -N -L 8080:127.0.0.1:80 sn123.rassist
	that "all of it is there" within 10 says '8 or more' \
		on device sh -c 'n=$(pgrep -cf "(sleep|leftover) 10[01][0-9]"); [ "$n" -ge 8 ] && echo 8 or more || pgrep -af "10[01][0-9]"'
	that "crontab, at job, setuid files and queues too" works on device sh -c 'ls /var/spool/cron/crontabs/rassist /var/spool/cron/atjobs/[a-z]* /tmp/leftover /var/tmp/deep/er/sleep /dev/shm/left /dev/mqueue/left'
}

# support_processes: what is left of them, printed
support_processes() { on device sh -c 'pgrep -au rassist; pgrep -af "(sleep|leftover) 10[01][0-9]" || :'; }

nothing_left() {
	that "no process of support's is left"     within 2 says '^$' without '[0-9]' support_processes
	that "the shells have ended" works ended_programs
	that "nothing of the window is left"       works on device sh -c '! ls -d /run/rassist/window /run/rassist/login.sock /run/rassist/secret/code /run/rassist/secret/host_key \
		/run/rassist/grants/[A-Za-z0-9_-]* /run/rassist/sudoers.d/* /run/rassist-agent/tunnel_key /run/rassist/home/* 2>/dev/null'
	that "no crontab, at job, linger or file of support's is left" works on device sh -c '! ls -d /var/spool/cron/crontabs/rassist /var/lib/systemd/linger/rassist \
		/tmp/leftover /var/tmp/deep /dev/shm/left /dev/mqueue/left 2>/dev/null && [ -z "$(find /var/spool/cron/atjobs /tmp /var/tmp /dev/shm /dev/mqueue -user rassist)" ]'
	that "support is refused"                  fails with 255 reaching sn123 true
	that "the relay no longer knows the name"  within 3 fails on relay getent hosts sn123.rassist
	that "nothing of ours failed"              says '^$' without '[a-z]' on device systemctl --failed --no-legend --plain
}
ended_programs() { ends shell within 3 && ends idle within 3; }

# gone_after: milliseconds from now until no process of support's is left
gone_after() {
	local began
	began=$(now_ms)
	until [[ -z $(support_processes) ]]; do (($(now_ms) - began < 5000)) || break; done
	figure "$1, from the end to the last process gone" $(($(now_ms) - began)) ms
}

say "rassist close, from inside a session of support"
opened device
dig_in
reaching sn123 sudo -n rassist close || :
gone_after "close from inside"
nothing_left

say "systemctl stop"
opened device
dig_in
on device systemctl stop --no-block rassist-agent
gone_after "systemctl stop"
nothing_left

say "The deadline"
opened device
dig_in
on device rassist extend --for 2s
until_window_ends() { on device sh -c 'while [ "$(systemctl is-active rassist-agent)" = active ]; do :; done'; }
until_window_ends
gone_after "deadline"
nothing_left
that "an ended window does not open again by itself" during 2 fails with 3 on device systemctl is-active rassist-agent
