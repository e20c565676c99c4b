# shellcheck shell=bash
# S20: two live machines with one identity. The one whose window was opened last has the place, each is told, and so is the desk; they do not take turns.
needs device2
starts_from ready
announces device 'another machine'
announces device2 'another machine'

trouble_of() { on "$1" rassist status --json | jq -r '"\(.tunnel.state) \(.tunnel.trouble)"'; }
takeovers() { journal relay --since="@$STORY_SINCE" -o cat -t pam_rassist | grep -c 'took the place of' || :; }
ups() { journal relay --since="@$STORY_SINCE" -o cat -t rassist-hold | grep -c 'tunnel up until' || :; }

say "A machine whose disk was copied: the same serial, the same identity key"
installed device2
on device tar -C / -c etc/rassist var/lib/rassist | on device2 tar -C / -x
opened device --for 1h
first=$CODE
keyed sn123 "$first" >/dev/null
that "support gets in to the first machine"    says '^device$' reaching sn123 hostname
opened device2 --for 30m
keyed sn123 >/dev/null
that "the second has the place: its window is the newer one" within 5 says '^device2$' reaching sn123 hostname
that "the first one's customer reads why"      within 5 says '^refused (displaced|twin)$' trouble_of device
that "in a sentence"                           says 'another machine with this device.s identity' on device rassist status
that "when it asks again it is refused, and told so" within 45 says '^refused twin$' trouble_of device
that "until when, and what to do"              says 'opened a newer window \(until 20.*rassist activate.*close its window and open it again' on device rassist status
that "the second one's customer reads that there is another" within 10 says '^up twin$' trouble_of device2
that "in a sentence"                           says 'one is a copy of the other' on device2 rassist status
expect_journal device 'superseded.*another machine'
expect_journal device2 'another machine with this device.s identity comes to relay'
expect_journal relay 'sn123: two machines use this device.s identity.*the one with the older window is refused'
that "the relay's admin sees it"               says 'two machines use this identity' on relay rassist device show sn123
that "and programs do"                         says '"twin": "20' on relay rassist device show sn123 --json
that "one tunnel each: nobody took turns"      says '^2$' ups
that "and support is where it was"             says '^device2$' reaching sn123 hostname

say "The customer of the first machine does what it says: closes the window and opens it again"
on device rassist close >/dev/null
opened device
keyed sn123 >/dev/null
that "now that is the newer one"               within 5 says '^device$' reaching sn123 hostname
that "and the second gives way"                within 15 says '^refused (displaced|twin)$' trouble_of device2
on device2 rassist close >/dev/null

say "One machine alone, whose old tunnel hangs in a network that swallows everything, closes and opens again: no twin"
on device rassist close >/dev/null
opened device
blackhole device on
on device rassist close >/dev/null
on device rassist open >/dev/null
blackhole device off
that "it is up"                                within 30 says '^up null$' trouble_of device
keyed sn123 "$(code_of device)" >/dev/null
that "support gets in"                         within 5 says '^device$' reaching sn123 hostname
that "nothing is said of two"                  says sn123 without 'two machines' on relay rassist device show sn123

say "A running machine is copied: the same window and the same tunnel key on both"
blackhole device2 on    # its own window is not for the relay
on device2 rassist open >/dev/null
that "the copy's agent is at work" within 10 works on device2 test -s /run/rassist-agent/tunnel_key
on device2 sh -c 'kill -STOP $(systemctl show -P MainPID rassist-tunnel)'
# the kernel of a copied machine goes on as the same boot; here each has its own
on device cat /run/rassist/window | on device2 sh -c 'sed "s/^boot-id = .*/boot-id = $(cat /proc/sys/kernel/random/boot_id)/" >/run/rassist/window'
on device cat /run/rassist-agent/tunnel_key | on device2 sh -c 'cat >/run/rassist-agent/tunnel_key'
before=$(takeovers)
blackhole device2 off
on device2 systemctl kill -s KILL rassist-tunnel
that "the copy takes the tunnel"               within 20 says '^up' trouble_of device2
that "the first machine is told, and gives way" within 10 says '^(refused displaced|up twin)$' trouble_of device
expect_journal device 'another machine with this device.s identity has taken the tunnel'
that "when it comes back the relay knows"      within 45 says 'two machines use this device.s identity.*take the tunnel from each other' journal relay -t rassist-enroll
that "one of the two has the tunnel, and reads that there is another" within 45 works eval '[[ $(trouble_of device) == "up twin" || $(trouble_of device2) == "up twin" ]]'
after=$(takeovers)
that "they took the tunnel from each other a few times, not all the time" works test $((after - before)) -le 8
figure "two running copies of one machine: the tunnel changed hands" $((after - before)) times
