# shellcheck shell=bash
# Blocking and removing a device or a person, revoking a key or a window: live sessions end within a second, and the verb returns when they have.
needs device2
starts_from ready
announces device 'error: kex_exchange|rassist-tunnel'
announces device2 'rassist-tunnel'
announces relay 'enrolment refused'

installed device2
activate device2 sn200 >/dev/null
opened device2 --for 30m
opened device --for 30m
keyed sn123 >/dev/null
ADDRESS=$(on relay rassist device show sn123 --json | jq -r .address)
# a shell of support's on the device, over a ControlMaster to the relay
master() { as support ssh -o BatchMode=yes -M -S /home/sam/.ssh/master -N rassist-relay; }
PROXY='ProxyCommand=ssh -o ControlMaster=no -o ProxyCommand=false -S ~/.ssh/master -W %h:%p rassist-relay'
shell() { as support env "$AGENT" ssh -o BatchMode=yes -o ProxyJump=none -o "$PROXY" sn123.rassist 'sleep 1000'; }
inside() {
	[[ -n ${PROGRAM[master]:-} ]] || background master master
	that "a ControlMaster stands" within 5 works as support ssh -S /home/sam/.ssh/master -O check rassist-relay
	background shell shell
	that "support is in"          within 10 works on device pgrep -u rassist -x sleep
}
# timed SENTENCE NAME cmd…: how long after the command begins NAME has ended, and how long the command takes. The machine is shared: a figure, no check
timed() {
	local sentence=$1 name=$2 since; shift 2
	since=$(now_ms)
	background verb "$@"
	ends "$name" within 10
	figure "$sentence, to the end of the live session" $(($(now_ms) - since)) ms
	ends verb within 10 with 0
	figure "$sentence, until the verb returns" $(($(now_ms) - since)) ms
}

measure "for comparison: a plain login of support at the relay" as support ssh -o BatchMode=yes rassist-relay list >/dev/null

say "A device is blocked"
inside
timed "rassist device block" shell on relay rassist device block sn123
that "the verb said what it did"               says 'sn123 is blocked; 1 connection cut' output verb
that "the connection to the relay as such is none of the device's" works running master
that "the other device's tunnel does not notice" says '^up$' tunnel_of device2
that "over it the device is not reached"       fails with 255 as support ssh -o ControlMaster=no -o ProxyCommand=false -S /home/sam/.ssh/master -W sn123.rassist:10022 rassist-relay
expect_journal relay 'cut tunnel session [0-9]+ of sn123: the device is blocked'
on relay rassist device unblock sn123 >/dev/null
on device rassist close >/dev/null
opened device --for 30m
keyed sn123 >/dev/null

say "A person is removed, ControlMaster and all"
inside
as support cat .ssh/id_ed25519.pub >"$NOTES/sam.pub"
timed "rassist staff remove, over a ControlMaster" master on relay rassist staff remove sam
ends shell within 5
that "it said so"                              says 'Removed 1 key of sam; 1 session ended' output verb
that "sam is refused"                          fails with 255 saying 'Permission denied' as support ssh -o BatchMode=yes rassist-relay list
that "the device's tunnel does not notice"     says '^up$' tunnel_of device

say "A person's key is revoked by its fingerprint"
on relay rassist staff add sam --key - --devices 'sn*' <"$NOTES/sam.pub" >/dev/null
unset 'PROGRAM[master]'
inside
timed "rassist revoke key (a person's)" master on relay rassist revoke key "$(as support ssh-keygen -lf .ssh/id_ed25519.pub | cut -d' ' -f2)"
ends shell within 5
on relay rassist staff add sam --key - --devices 'sn*' <"$NOTES/sam.pub" >/dev/null
that "a fingerprint of nobody's"               fails with 66 saying 'no person.s and no device.s key has this fingerprint' \
	on relay rassist revoke key SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA

say "A device's window is revoked: over for good, but for the next one"
unset 'PROGRAM[master]'
inside
window=$(on relay rassist device show sn123 --json | jq -r .window)
timed "rassist revoke window" shell on relay rassist revoke window sn123
that "the customer reads why, in plain words"  within 20 says 'window was ended by the relay.s administrator' on device rassist status
that "on the device the window is open still"  says sn123 on device rassist show
that "the same window does not enrol again"    within 20 says "sn123: enrolment refused: this window was ended" journal relay --since="@$STORY_SINCE" -o cat
that "not even after the agent was restarted"  works on device systemctl restart rassist-tunnel
that "it is refused"                           within 15 says '^refused$' tunnel_of device
that "the relay keeps it in mind"              says "window = $window" on relay cat "/var/lib/rassist/revoked/$window"
that "there is no window to revoke any more"   fails with 66 saying 'sn123 has no window here' on relay rassist revoke window sn123
on device rassist close >/dev/null
opened device --for 30m
keyed sn123 >/dev/null
that "the next window is as any"               says '^device$' reaching sn123 hostname

say "A deny that cannot be read denies"
on relay sh -c 'chmod 777 /var/lib/rassist/revoked'
announces relay 'cannot tell whether this window was revoked'
announces relay 'the tunnel grant of sn200: /var/lib/rassist/revoked: mode 0777'   # it may come for its beat meanwhile
on device systemctl kill --signal=KILL rassist-tunnel
expect_journal relay '/var/lib/rassist/revoked: mode 0777, must not be writable'
that "the tunnel does not come up"             during 3 fails on relay sh -c "ss -Hltn | grep -q $ADDRESS:10022"
on relay chmod 755 /var/lib/rassist/revoked
that "mended, the tunnel comes up by itself"   within 60 says '^up$' tunnel_of device

say "A device's identity is revoked"
identity=$(on relay rassist device show sn123 --json | jq -r .identity)
background shell shell
that "support is in"                           within 10 works on device pgrep -u rassist -x sleep
timed "rassist revoke key (a device's)" shell on relay rassist revoke key "$identity"
that "the device is told to activate anew"     within 90 says '^refused$' tunnel_of device
on device rassist close >/dev/null
on device rassist activate sn123 <<<"$(on relay rassist device token sn123 | sed -n 's|^Activation token: ||p')" >/dev/null
opened device --for 30m
keyed sn123 >/dev/null

say "A device is removed"
background shell shell
that "support is in"                           within 10 works on device pgrep -u rassist -x sleep
timed "rassist device remove" shell on relay rassist device remove sn123
that "its keys are gone with it"               fails on relay grep -rq sn123 /var/lib/rassist/identities /var/lib/rassist/windows
stop master
