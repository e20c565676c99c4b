# shellcheck shell=bash
# A device whose clock is set back a day or forward an hour never lets anybody in for longer than granted. All hosts share the kernel's clock, so it is the
# deadline in the records that is moved: a clock set back by a day is a deadline a day later. tests/vm/stories/clock.sh sets a real clock.
starts_from ready
announces device 'expired|refused|closed|Authentication failure for rassist'

# the wall-clock half of the deadline, in window and grant
wall_deadline() { on device sh -c 'for f in /run/rassist/window /run/rassist/grants/[A-Za-z0-9_-]*; do
	sed -i "s/^expires = .*/expires = $(( $(sed -n "s/^expires = //p" $f) + '"$1"' ))/" $f; done'; }
# the CLOCK_BOOTTIME half
boot_deadline() { on device sh -c 'for f in /run/rassist/window /run/rassist/grants/[A-Za-z0-9_-]*; do
	sed -i "s/^expires-boot = .*/expires-boot = $(( $(sed -n "s/^expires-boot = //p" $f) + '"$1"' ))/" $f; done'; }
no_timer() { on device sh -c 'systemctl stop "rassist-deadline@*.timer"'; }

opened device --for 10m
as support sh -c 'mkdir -p ~/out' && as support rassist key sn123 --out /home/sam/out/key <<<"$CODE" >/dev/null
on device install -d -o rassist-agent -m 700 /tmp/door
as support cat /home/sam/out/key | on device sh -c 'cat >/tmp/door/key; chmod 600 /tmp/door/key; chown rassist-agent /tmp/door/key'
# Straight to the door: the agent, too, would cut the tunnel of a window whose time is over.
at_the_door() {
	on device setpriv --reuid rassist-agent --regid rassist-agent --init-groups "$@" -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o ProxyCommand='socat - UNIX-CONNECT:/run/rassist/login.sock' rassist@door id -un
}
by_key() { at_the_door ssh -o BatchMode=yes -o IdentitiesOnly=yes -i /tmp/door/key; }
by_code() { at_the_door typing "$CODE" at 'Assistance code' -- ssh -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1; }
refused() {
	that "the key is refused"        fails with 255 saying 'Permission denied' by_key
	that "the typed code is refused" fails by_code
}

that "process 1 holds both clocks in one timer" says 'OnStartupUSec' saying 'OnCalendar' \
	on device sh -c 'systemctl show -p TimersMonotonic -p TimersCalendar "rassist-deadline@*.timer"'
no_timer
that "the key is good"   says 'rassist' by_key
that "the code is good"  says 'rassist' by_code

say "Clock set forward an hour: the wall clock has passed the deadline"
wall_deadline -3600
refused
that "the customer sees it closed"   fails with 3 on device rassist status
wall_deadline 3600
that "as granted, it works"          says 'rassist' by_key

say "Clock set back a day: the boot clock has passed the deadline all the same"
wall_deadline 86400
boot_deadline -600
refused
wall_deadline -86400
boot_deadline 600

say "A record of another boot counts for nothing"
on device sh -c 'sed -i "s/^boot-id = .*/boot-id = 00000000-0000-4000-8000-000000000000/" /run/rassist/window /run/rassist/grants/[A-Za-z0-9_-]*'
refused
on device rassist close

say "Clock set back a day under a short window: process 1 ends it by the boot clock, live session included"
opened device --for 6s
keyed sn123 >/dev/null
background shell as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'sleep 1000'
that "support is in" within 4 works on device pgrep -u rassist -x sleep
wall_deadline 86400
ends shell within 9
that "no process of support's is left" within 2 fails on device pgrep -au rassist
