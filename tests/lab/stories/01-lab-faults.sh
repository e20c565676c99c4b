# shellcheck shell=bash
# The lab tested by itself: faults of the network, restarts, states.
needs device2 relay2
starts_from lab-test

# A relay that greets by the address it sees.
serve() {
    on "$1" systemd-run --quiet --unit=greeter socat -U TCP-LISTEN:7000,reuseaddr,fork SYSTEM:'echo you are $SOCAT_PEERADDR'
    that "$1 serves" within 5 works on "$1" sh -c 'ss -tln | grep -q :7000'
}
greeting() { on "$1" nc -dw1 "${2:-relay}" 7000; }

say "A state is where the story begins"
that "what was written is there"  says '^kept$' on device cat /etc/kept
that "what was removed is gone"   fails on device test -e /etc/issue
that "what was masked is masked"  fails on device systemctl --quiet is-active atd.service
that "a host unknown to the state is new" fails on device2 test -e /etc/kept
that "hosts have their own identity" fails on device sh -c "grep -q $(on device2 cat /etc/machine-id) /etc/machine-id"

say "The cable, a black hole, another address"
serve relay
serve relay2
that "device is seen as its NAT"   says 'you are 203.0.113.50$' greeting device
that "device2 is seen as its own"  says 'you are 203.0.113.51$' greeting device2 relay2
link device down
that "with the cable out nothing passes" fails greeting device
that "device2 is not touched" works greeting device2
link device up
that "with the cable in it works again" within 5 says 'you are' greeting device
blackhole device on
that "in a black hole nothing passes, nothing is refused" fails without 'refused|unreachable' greeting device
blackhole device off
that "out of it, it works again" within 5 says 'you are' greeting device
blackhole relay on
that "the relay can be in it too" fails greeting support
blackhole relay off

background talk on device nc relay 7000 -w 30
new_address device
that "the NAT has another address" says 'you are 203.0.113.100$' greeting device
new_address device 203.0.113.77
that "or a chosen one" says 'you are 203.0.113.77$' greeting device
stop talk

loss device 99
that "hardly a packet passes" fails greeting device
loss device off
slow device 64kbit
on device sh -c 'head -c 16000 /dev/zero >/tmp/some'
start=$(now_ms)
on relay systemd-run --quiet --unit=sink socat -u TCP-LISTEN:7001,reuseaddr OPEN:/dev/null
that "the sink listens" within 5 works on relay sh -c 'ss -tln | grep -q :7001'
on device sh -c 'nc -N relay 7001 </tmp/some'
took=$(($(now_ms) - start))
that "16 kB need more than a second at 64 kbit/s" works test "$took" -gt 1000
slow device off

say "Restarts"
on device sh -c 'echo kept >/root/kept; touch /run/old /tmp/old'
reboot device
that "the disk stays"              works on device test -e /root/kept
that "/run and /tmp are new"       fails on device sh -c 'test -e /run/old || test -e /tmp/old'
that "the journal goes on"         says 'Journal started' journal device -u systemd-journald
that "the network is there"        within 5 says 'you are' greeting device
power_cut device
that "the disk stays after a power cut too" works on device test -e /root/kept
that "the network is there again"  within 5 says 'you are' greeting device
background listener on device2 nc -l 9
reboot device2
ends listener within 5
