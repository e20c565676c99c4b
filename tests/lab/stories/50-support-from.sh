# shellcheck shell=bash
# S8: support gets in from the addresses on the relay's list and from nowhere else, by whichever key, protocol and way; a person's own list narrows it.
# Whoever is refused is told why as far as sshd passes it on, and the journal has it with address and correlation id. Devices come from anywhere.
starts_from ready
announces relay 'Access denied for user rassist-support by PAM account configuration'
announces relay 'pam_open_session'

opened device --for 30m
keyed sn123 >/dev/null
LIST=/etc/rassist/rassist.conf.d/50-support.conf
# from ADDRESS ssh's words…: to the relay's door as sam
from() {
	local family=-4; [[ $1 != *:* ]] || family=-6
	as support env "$AGENT" ssh -o BatchMode=yes -o IdentityAgent=none -o IdentitiesOnly=yes -i "/home/sam/.ssh/${KEY:-id_ed25519}" "$family" -b "$@"
}
by() { local KEY=$1; shift; "$@"; }
listed() { on relay sh -c "printf '[relay]\nsupport-from = %s\n' '$1' >$LIST"; }
ONE=203.0.113.20 OTHER=203.0.113.21 ONE6=2001:db8::20 OTHER6=2001:db8::21

for name in tom eve nobody; do as support ssh-keygen -q -t ed25519 -N '' -C "$name" -f "/home/sam/.ssh/$name"; done

say "By default support comes from anywhere"
for address in $ONE $OTHER $ONE6 $OTHER6; do
	that "$address gets in"                    says sn123 from "$address" rassist-relay list
done

say "A list: nothing is restarted, the next login goes by it"
noted door on relay systemctl show -P MainPID rassist-relay
listed "$ONE, 2001:db8::20/127"
that "the address on it gets in"               says sn123 from $ONE rassist-relay list
that "the IPv6 address in a network on it, too" says sn123 from $ONE6 rassist-relay list
that "the other end of that network"           says sn123 from $OTHER6 rassist-relay list
that "another IPv4 address is disconnected, and its person told why" fails with 255 \
	saying "Refused: support may not come from $OTHER .support-from in rassist.conf" without sn123 from $OTHER rassist-relay list
listed "$ONE, 2001:db8::20"
that "another IPv6 address"                    fails with 255 saying "support may not come from $OTHER6" from $OTHER6 rassist-relay list
that "an IPv4 list lets no IPv6 in by the way" fails with 255 saying "may not come from $OTHER6" from $OTHER6 -W sn123.rassist:10022 rassist-relay
that "no connection (-W) to a device"          fails with 255 saying 'may not come from' without SSH-2.0 from $OTHER -W sn123.rassist:10022 rassist-relay
that "no idle connection (-N)"                 fails with 255 saying 'may not come from' from $OTHER -N rassist-relay
that "no forwards (-L)"                        fails with 255 saying 'may not come from' from $OTHER -N -L 8081:sn123.rassist:10088 rassist-relay
that "no ControlMaster"                        fails with 255 saying 'may not come from' from $OTHER -N -M -S /home/sam/.ssh/master rassist-relay
that "and none was left"                       fails on support test -e /home/sam/.ssh/master
expect_journal relay "login refused: support may not come from $OTHER .support-from in rassist.conf"
refusal() { on relay journalctl -o json -t pam_rassist --since="@$STORY_SINCE" | jq -r "select(.RASSIST_FROM // \"\" | startswith(\"$1 \")) | .$2 // \"\""; }
that "the entry has the reason"                says 'may not come from' refusal $OTHER RASSIST_REASON
that "the address with its port"               says "^$OTHER [0-9]+$" refusal $OTHER RASSIST_FROM
that "and what kind of entry it is"            says 3f1c7a1e5d0b4f0a9a5be6a2c0d1e002 refusal $OTHER MESSAGE_ID
that "nobody of them ever had a session"       fails on relay grep -rq "$OTHER" /run/rassist/sessions
that "an unknown key is refused from there as from anywhere" fails with 255 saying 'Permission denied' without sn123 by nobody from $OTHER rassist-relay list
that "the door was not restarted"              works same door on relay systemctl show -P MainPID rassist-relay

say "The whole way to a device, behind plain ssh's -J"
comes_from() { as support sh -c 'printf "Host rassist-relay relay\n\tAddressFamily %s\n\tBindAddress %s\n" "$0" "$1" >~/.ssh/config' "$@"; }
STOCK[2]=/home/sam/.ssh/config    # instead of none: ssh hands it on to the jump
comes_from inet $ONE
that "from the address on the list, by key"    says '^device$' reaching sn123 hostname
that "and by the typed code"                   says '^device$' typed_in "$CODE" sn123 hostname
comes_from inet $OTHER
that "from another address, by key"            fails with 255 saying "support may not come from $OTHER" without '^device$' reaching sn123 hostname
that "and the code is not even asked for"      fails with 255 saying "may not come from $OTHER" without 'Assistance code' \
	as support "${STOCK[@]}" -o BatchMode=yes -o StrictHostKeyChecking=no rassist@sn123.rassist true
comes_from inet6 $OTHER6
that "from another IPv6 address"               fails with 255 saying "support may not come from $OTHER6" reaching sn123 hostname
that "the device has seen none of them"        fails on device grep -rq . /run/rassist/sessions/assist.sn123 --include='[0-9]*'
as support rm .ssh/config

say "A person's own list beside everybody's"
as support cat .ssh/tom.pub | on relay rassist staff add tom --key - --devices '*' --from "$ONE" >/dev/null
as support cat .ssh/eve.pub | on relay rassist staff add eve --key - --devices '*' --from "$OTHER" >/dev/null
listed any
that "tom from his address"                    says sn123 by tom from $ONE rassist-relay list
that "not from another"                        fails with 255 without sn123 by tom from $OTHER rassist-relay list
expect_journal relay "session refused: this person may not come from $OTHER"
that "the entry says who, and has an id"       says '^tom [0-9a-z]{10}$' refusal $OTHER 'RASSIST_SUBJECT + " " + .RASSIST_ID'
that "no idle connection either"               fails with 255 by tom from $OTHER -N rassist-relay
that "no connection to a device"               fails with 255 without SSH-2.0 by tom from $OTHER -W sn123.rassist:10022 rassist-relay
that "nor over IPv6"                           fails with 255 without sn123 by tom from $ONE6 rassist-relay list
that "eve from hers"                           says sn123 by eve from $OTHER rassist-relay list
listed "$ONE"
that "which everybody's list takes away"       fails with 255 saying 'support may not come from' by eve from $OTHER rassist-relay list
that "hers alone is not enough either"         fails with 255 without sn123 by eve from $ONE rassist-relay list

say "A list of garbage lets nobody in, says where it is wrong, and ends nobody"
background stays from $ONE -N rassist-relay
that "sam is there"                            within 5 says sam on relay rassist sessions
announces relay 'Access denied for user rassist-device by PAM account configuration'
announces relay "rassist-guard.*(support-from: |Reload failed)|Reload failed for rassist-guard"
listed '203.0.113.20 everywhere'
that "support is refused"                      fails with 255 without sn123 from $ONE rassist-relay list
expect_journal relay 'login refused: .*50-support.conf:2: support-from: "everywhere" is not a network'
that "an enforcer that looks leaves sam alone" works on relay rassist sessions --enforce
that "he is still there"                       works running stays
stop stays
that "an empty list is no list"                works listed ''
that "and lets nobody in"                      fails with 255 without sn123 from $ONE rassist-relay list
expect_journal relay 'support-from: no network is named: write 203.0.113.0/24, 2001:db8::/32, or any'
on relay rm $LIST
that "without it all is as before"             says sn123 from $OTHER rassist-relay list

say "Devices come from anywhere, whatever the list"
listed "$ONE"
on device rassist close >/dev/null
new_address device
opened device --for 10m
