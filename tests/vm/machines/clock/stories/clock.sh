# shellcheck shell=bash
# The device's clock is set back a day or forward an hour: a window never lasts longer than granted, by either clock, and a live session ends with it.
printf '[device]\nserial = sn123\nrelays = 192.0.2.1\n' >/etc/rassist/rassist.conf
ssh-keygen -q -t ed25519 -N '' -f /root/relay && echo "relay $(cut -d' ' -f1,2 /root/relay.pub)" >/etc/rassist/known_hosts

field() { rassist show --json | jq -r ".$1"; }
left() { rassist status --json | jq -r '.left'; }
# enter the door as the tunnel would; the agent's account owns its socket
by_key() {
	setpriv --reuid rassist-agent --regid rassist-agent --init-groups ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o IdentitiesOnly=yes -i /tmp/door/key -o ProxyCommand='socat - UNIX-CONNECT:/run/rassist/login.sock' rassist@door "$@"
}
opened() {
	rassist open --for "$1" && rm -rf /tmp/door && install -d -m 700 /tmp/door && field code | rassist key sn123 --out /tmp/door/key &&
		chown -R rassist-agent: /tmp/door
}
is_open() { rassist status; }
inside() { pgrep -u rassist -x sleep; }
closed() { ! rassist status && ! inside && [ ! -e /run/rassist/window ] && [ ! -S /run/rassist/login.sock ]; }
between() { [ "$(left)" -ge "$1" ] && [ "$(left)" -le "$2" ] || { echo "$(left) s are left"; return 1; }; }
live_session() { by_key sleep 1000 >/dev/null 2>&1 & soon 60 inside; }

check "a window of two hours" opened 2h
check "support is in" live_session
date -s '+1 hour' >/dev/null
check "clock forward an hour: what is left is what the wall clock says" between 3300 3600
date -s '-1 day' >/dev/null
check "back a day: never more than was granted at the beginning" between 1 7200
check "... and the session lives" inside
date -s '+1 day +1 hour +5 minutes' >/dev/null
check "forward past the deadline: closed, session and all" soon 20 closed
never "... nobody gets in" by_key true
date -s '-1 hour' >/dev/null
never "the clock set right again does not reopen it" is_open

check "a window of 40 s" opened 40s
begun=$(uptime_s)
check "support is in" live_session
date -s '-1 day' >/dev/null
check "back a day: still open" is_open
check "closed all the same, session and all" soon 60 closed
took=$(($(uptime_s) - begun))
tell "     from its opening to its end by the boot clock: $took s"
check "not later than granted (and a few seconds for a slow machine)" [ "$took" -le 50 ]
never "... nobody gets in" by_key true
date -s '+1 day' >/dev/null

finds() { rassist doctor device --json | jq -re '.findings[] | select(.check == "clock") | .what' | grep -- "$1"; }
check "doctor: no time server keeps this clock" finds 'not kept by a time server'
real=$(date +%s)
date -s '2001-01-01' >/dev/null
check "... and a clock from before rassist was built" finds 'before rassist was built'
date -s "@$real" >/dev/null
