# shellcheck shell=bash
# Who is connected when the list changes: whoever may not come from there any more is cut, over a ControlMaster as well, by a look that the change itself
# causes, and by `rassist sessions --enforce`.
starts_from ready
announces relay 'Access denied for user rassist-support by PAM account configuration'

opened device --for 30m
keyed sn123 >/dev/null
LIST=/etc/rassist/rassist.conf.d/50-support.conf
listed() { on relay sh -c "printf '[relay]\nsupport-from = %s\n' '$1' >$LIST.new; mv $LIST.new $LIST"; }
# master ADDRESS: an open ControlMaster to the relay; over ADDRESS ssh's words: through it
socket() { echo "/home/sam/.ssh/master-${1//:/-}"; }
master() {
	local family=-4; [[ $1 != *:* ]] || family=-6
	as support ssh -o BatchMode=yes -o ControlPersist=no $family -b "$1" -M -S "$(socket "$1")" -N rassist-relay
}
over() { as support ssh -o BatchMode=yes -o ControlMaster=no -o ProxyCommand=false -S "$(socket "$1")" "${@:2}"; }
opened_by() {
	background "$2" master "$1"
	that "a connection from $1 stands" within 5 says sn123 over "$1" rassist-relay list
}
ONE=203.0.113.20 OTHER=203.0.113.21 SIX=2001:db8::21

opened_by $ONE one
opened_by $OTHER other
opened_by $SIX six
that "over it a device is reached"             says SSH-2.0 over $OTHER -W sn123.rassist:10022 rassist-relay

say "The list changes: who is not on it is cut, nobody else notices"
since=$(now_ms)
listed "$ONE, 2001:db8::/32"
ends other within 5
figure "change of support-from, to the end of a live session over a ControlMaster" $(($(now_ms) - since)) ms
expect_journal relay "cut staff session [0-9]+ of sam: support may not come from $OTHER .support-from"
that "IPv4 on the list stays"                  says sn123 over $ONE rassist-relay list
that "IPv6 on the list stays"                  says sn123 over $SIX rassist-relay list
that "the device's tunnel does not notice"     says '^up$' tunnel_of device
listed "$ONE"
ends six within 5

say "Nothing looks by itself: the admin does"
on relay systemctl stop rassist-everybody.path rassist-enforce.timer
listed any
opened_by $OTHER other
listed "$ONE"
that "who got in before is there"              during 1 says sn123 over $OTHER rassist-relay list
that "a new login is refused at once"          fails with 255 saying 'may not come from' as support ssh -o BatchMode=yes -b $OTHER rassist-relay list
that "rassist sessions --enforce"              works on relay rassist sessions --enforce
ends other within 2
that "who may stay stays"                      says sn123 over $ONE rassist-relay list

say "The same for a person's own list, which the verb enforces itself"
listed any
opened_by $OTHER other
that "sam may come from one address alone"     says '1 session ended' on relay rassist staff set sam --from $ONE
ends other within 2
that "from there he goes on"                   says sn123 over $ONE rassist-relay list
stop one
