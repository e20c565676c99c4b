# shellcheck shell=bash
# The relay's disk is lost. The documented backup, put on a fresh relay: devices come back without anybody touching them, and so does support.
needs device2
starts_from ready

installed device2
activate device2 sn200 >/dev/null
on relay sh -c 'rassist device add sn300 --group gold --note "the third" >/dev/null; rassist device block sn300 >/dev/null'
as support ssh-keygen -q -t ed25519 -N '' -f /home/sam/.ssh/gold
as support cat .ssh/gold.pub | on relay rassist staff add kim --key - --devices '@gold' >/dev/null
opened device --for 1h
keyed sn123 >/dev/null
first=$CODE
that "support gets in"               says '^device$' reaching sn123 hostname
inventory() { on relay sh -c 'rassist device list --json; rassist staff list --json; cat /var/lib/rassist/relay_host_ed25519_key.pub /var/lib/rassist/devices/.next'; }
before=$(inventory | sed 's/"tunnel": true/"tunnel": false/')

say "The backup, as rassist(1) has it, while the relay is at work"
documented=$(sed -n 's/^\.Dl # \(flock .*tar .*\)$/\1/p' "$LAB_SOURCE/../../man/rassist.1")
restoring=$(sed -n 's/^\.Dl # \(tar .*\)$/\1/p' "$LAB_SOURCE/../../man/rassist.1")
that "the manual's commands were found" works test -n "$documented" -a -n "$restoring"
on relay sh -c "cd /root && $documented"
backup=$(on relay sh -c 'ls /root/*.tar*')
on relay cat "$backup" >"$NOTES/backup"
that "nobody else can read it"       says '^600$' on relay stat -c %a "$backup"

say "The relay dies with its disk; a fresh one is installed under its name"
on relay sh -c 'systemctl stop rassist-relay; rm -rf /var/lib/rassist /run/rassist/* /root/*'
on relay systemd-tmpfiles --create
that "nothing is left of it"         fails on relay sh -c 'ls /var/lib/rassist/devices | grep .'
on relay tee "$backup" <"$NOTES/backup" >/dev/null
on relay sh -c "cd /root && $restoring"
on relay systemctl start rassist-relay
that "it is what it was"             works test "$(inventory | sed 's/"tunnel": true/"tunnel": false/')" = "$before"

say "Nobody touches the device"
began=$(now_ms)
that "its tunnel comes back by itself" within 60 says '^up$' tunnel_of device
figure "device back after the restore" $(($(now_ms) - began)) ms
that "the window is the same"        works test "$(code_of device)" = "$first"
that "support logs in, host keys as before" says '^device$' reaching sn123 hostname
that "a device whose window was closed opens one" works on device2 rassist open --for 10m
keyed sn200 "$(code_of device2)" >/dev/null
secret "$(code_of device2)"
that "and is reached"                within 20 says '^device2$' reaching sn200 hostname
that "the blocked one is blocked"    says 'blocked' on relay rassist device list sn300
that "no address is given twice"     says '127.64.0.4\.' on relay rassist device add sn400
that "groups are found"              says 'sn300' on relay rassist device list @gold
that "a person with a group logs in" says 'No device' as support ssh -o IdentitiesOnly=yes -i /home/sam/.ssh/gold rassist-relay list

say "Without its index and its counter, as an export by hand may be, the registry mends itself"
on relay sh -c 'rm -rf /var/lib/rassist/groups /var/lib/rassist/devices/.next'
that "the next who writes does it"   says '127.64.0.5\.' on relay rassist device add sn500 --group gold
that "the index is whole"            works on relay sh -c '[ "$(ls /var/lib/rassist/groups/gold | sort | xargs)" = "sn300 sn500" ]'
