# shellcheck shell=bash
# S20: a person's keys and what they reach. Less than before cuts whoever reaches more, over an old ControlMaster too; more cuts nobody. A device that
# leaves a group is out of reach for whoever reached it by that group.
needs device2
starts_from ready
announces relay 'Refused by key options'

installed device2
activate device2 acme-1 >/dev/null
opened device --for 30m
opened device2 --for 30m
for name in laptop phone; do as support ssh-keygen -q -t ed25519 -N '' -C "$name" -f "/home/sam/.ssh/$name"; done
# over: by the connection that is open and by no other
# by KEY ssh's words…
by() { as support ssh -o BatchMode=yes -o IdentityAgent=none -o IdentitiesOnly=yes -i "/home/sam/.ssh/$1" "${@:2}"; }
over() { as support ssh -o BatchMode=yes -o ControlMaster=no -o ProxyCommand=false -S "/home/sam/.ssh/master-$1" "${@:2}"; }
opened_by() {
	background "$1" by "$1" -M -S "/home/sam/.ssh/master-$1" -N rassist-relay
	that "a connection by $1 stands" within 5 works over "$1" rassist-relay list
}
reaches() { over "$1" -W "$2.rassist:10022" rassist-relay; }
print_of() { as support ssh-keygen -lf "/home/sam/.ssh/$1.pub" | cut -d' ' -f2; }
refused='[Ss]tdio forwarding (request )?failed'

say "Several keys of one person"
as support cat .ssh/laptop.pub | on relay rassist staff add pat --key - --devices 'sn*' --note laptop >/dev/null
that "a further key has the rules of the first" says '1 other key of pat as before' \
	on relay sh -c 'rassist staff add pat --key "$0" --note phone' "$(as support cat .ssh/phone.pub)"
that "both stand under the name"               says laptop saying phone on relay rassist staff show pat
keys_told() { on relay rassist staff show pat --json | jq '.keys | length'; }
that "as JSON too"                             says '^2$' keys_told
for key in laptop phone; do
	that "$key sees what it may"                 says sn123 without acme-1 by $key rassist-relay list
	that "and reaches no more"                   fails with 255 saying "$refused" by $key -W acme-1.rassist:10022 rassist-relay
done
opened_by laptop
opened_by phone
that "the session's record keeps its scope"    says 'scope = sn\*' on relay sh -c 'cat /run/rassist/sessions/staff.pat/[0-9]*'

say "More devices: nobody is cut, and it counts from the next login"
that "the verb says so"                        says '^0 sessions ended' on relay rassist staff set pat --devices 'sn*,acme-*'
that "who was there still is"                  says SSH-2.0 reaches laptop sn123
that "over it reaching what it reached before" fails with 255 saying "$refused" reaches laptop acme-1
that "a new login reaches more"                says SSH-2.0 by laptop -W acme-1.rassist:10022 rassist-relay

say "Fewer devices for all of the person's keys: what reaches more is cut"
since=$(now_ms)
that "the verb waits until they are gone"      says '^2 sessions ended' on relay rassist staff set pat --devices 'acme-1'
figure "rassist staff set, whole, with two live sessions cut" $(($(now_ms) - since)) ms
ends laptop within 2
ends phone within 2
expect_journal relay 'cut staff session [0-9]+ of pat: its scope is narrower now'
that "over the old ControlMaster nothing is reached" fails with 255 without SSH-2.0 reaches laptop sn123
that "a new login reaches what is left"        says SSH-2.0 by phone -W acme-1.rassist:10022 rassist-relay
that "and nothing else"                        fails with 255 saying "$refused" by phone -W sn123.rassist:10022 rassist-relay

say "Rules of one key alone, and one key taken away"
opened_by laptop
opened_by phone
as support cat .ssh/phone.pub | on relay rassist staff add pat --key - --devices 'sn123' >/dev/null
ends phone within 2
that "the other key goes on"                   says SSH-2.0 reaches laptop acme-1
that "taken away"                              says 'Removed 1 key of pat; 1 session ended' on relay rassist staff remove pat --key "$(print_of laptop)"
ends laptop within 2
that "it is refused"                           fails with 255 saying 'Permission denied' by laptop rassist-relay list
that "the other is as it was"                  says SSH-2.0 by phone -W sn123.rassist:10022 rassist-relay

say "A device leaves the group by which it is reached"
on relay rassist device set sn123 --join gold >/dev/null
on relay rassist device set acme-1 --join gold,north >/dev/null
on relay rassist staff set pat --devices @gold >/dev/null
opened_by phone
that "both are reached by it"                  says SSH-2.0 reaches phone acme-1
that "another group is of no matter"           says 'acme-1 is in the groups gold' without ended on relay rassist device set acme-1 --leave north
that "pat is still there"                      says SSH-2.0 reaches phone acme-1
that "the group's people are cut"              says '1 session ended' on relay rassist device set acme-1 --leave gold
ends phone within 2
that "the device is out of reach"              fails with 255 saying "$refused" by phone -W acme-1.rassist:10022 rassist-relay
that "the group's other device is reached"     says SSH-2.0 by phone -W sn123.rassist:10022 rassist-relay
opened_by phone
that "who came since is left in peace"         works on relay rassist sessions --enforce
that "and goes on"                             says SSH-2.0 reaches phone sn123
stop phone
