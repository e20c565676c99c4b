# shellcheck shell=bash
# A device gets its identity by a token that is good once: for its serial, for its time, for one of those who have it.
needs device2
starts_from ready

installed device2
on device2 rassist setup device relay --host-key "$(relay_host_key)" >/dev/null

# token SERIAL [--token-for TIME]: the relay's admin issues one; sets TOKEN.
token() {
	TOKEN=$(on relay rassist device token "$@" | sed -n 's|^Activation token: ||p')
	secret "$TOKEN"
}
token_until() { on relay rassist device show "$1" --json | jq -r .activation_until; }
activating() { on "$1" rassist activate "$2" <<<"$3"; }
identity_of() { on "$1" ssh-keygen -lf /var/lib/rassist/identity | cut -d' ' -f2; }
# what the relay takes for the device's identity
registered() { on relay rassist device show "$1" --json | jq -r .identity; }
agree() { [[ $(registered "$2") == "$(identity_of "$1")" ]]; }
# identity DEVICE KEY: logs in by it at the relay, and asks nothing
identity() {
	on "$1" ssh -F none -i "$2" -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay \
		-p 443 rassist-device@relay </dev/null
}
nothing_came_of_it() {
	that "no identity is registered"            says '^null$' registered sn200
	that "and none is left on the device"       fails on device2 sh -c 'ls /var/lib/rassist/identity* /etc/rassist/rassist.conf.d/50-serial.conf 2>/dev/null | grep .'
}

say "What is no token of this device"
first=$(on relay rassist device add sn200 | sed -n 's|^Activation token: ||p')
on relay rassist device add sn300 >/dev/null
secret "$first"
that "nothing"                              fails saying 'nothing was typed' activating device2 sn200 ""
that "something else"                       fails saying 'not a code|cannot be in|too long' activating device2 sn200 "open sesame, please"
that "a mistyped one"                       fails saying 'mistyped' activating device2 sn200 "$(tr '0-9A-TV-Z' '1-9A-TV-Z0' <<<"${first:0:1}")${first:1}"
that "one that was never issued"            fails with 77 saying 'does not accept the token' activating device2 sn200 K7QF-2M9X-TB4DE
that "another serial's"                     fails with 77 saying 'for another serial than sn300' activating device2 sn300 "$first"
that "one for a serial that is none"        fails with 64 activating device2 'sn_200' "$first"
nothing_came_of_it

say "A token whose time is over, one of a blocked device, and one that a newer one has replaced"
token sn200 --token-for 1s
that "the second passes"                    within 5 says '^null$' token_until sn200
that "it is refused"                        fails with 77 saying 'has expired' activating device2 sn200 "$TOKEN"
on relay rassist device block sn200 >/dev/null
that "no token is issued for a blocked device" fails saying 'is blocked, no token would be accepted' on relay rassist device token sn200
on relay rassist device unblock sn200 >/dev/null
token sn200
on relay rassist device block sn200 >/dev/null
that "and none accepted that it has"        fails with 77 saying 'the device is blocked there' activating device2 sn200 "$TOKEN"
on relay rassist device unblock sn200 >/dev/null
that "which is there still"                 says '^20' token_until sn200
replaced=$TOKEN
token sn200
that "the replaced one is refused, too"     fails with 77 saying 'replaced' activating device2 sn200 "$replaced"
that "and so is the very first"             fails with 77 activating device2 sn200 "$first"
nothing_came_of_it

say "The good one"
that "it is taken, as a person types"       says 'This device is sn200' activating device2 sn200 " $(tr -d - <<<"${TOKEN,,}" | sed 's/0/o/g') "
that "relay and device agree on the identity" works agree device2 sn200
that "its private half is the agent's alone" says '^600 rassist-agent$' on device2 stat -c '%a %U' /var/lib/rassist/identity
opened device2 --for 10m
on device2 cp -p /var/lib/rassist/identity /root/former
say "Used, it is dead"
that "for the same device"                  fails with 77 saying 'was used' activating device2 sn200 "$TOKEN"
that "whose identity is what it was"        works agree device2 sn200
that "on the device as well"                works on device2 cmp /root/former /var/lib/rassist/identity
that "and nothing of it is left on the relay" says '^null$' token_until sn200

say "Activated again while its window is open"
token sn200
that "the device gets another identity"     says 'This device is sn200' activating device2 sn200 "$TOKEN"
that "another than before"                  fails on device2 cmp -s /root/former /var/lib/rassist/identity
that "and the relay knows it"               works agree device2 sn200
that "the former one is dead"               fails with 255 saying 'Permission denied' identity device2 /root/former
that "the new one is good"                  fails with 65 saying 'code = malformed' identity device2 /var/lib/rassist/identity
that "the open window was not disturbed"    says '^up$' tunnel_of device2
that "and is extended by the new one"       works on device2 rassist extend --for 20m
that "which the relay knows at once"        within 5 says '^1[0-9][0-9][0-9]$' eval 'on relay rassist windows --json | jq ".[] | select(.serial == \"sn200\").left"'
on device2 rassist close >/dev/null

say "Two have the token and use it at the same moment: both are let in, both ask, and one gets it"
# The relay's door to enroll stands still until both are in front of it.
on relay sh -c 'install -d -o rassist-device /run/gate; cd /usr/libexec/rassist; mv enroll enroll.true; cat >enroll; chmod 755 enroll' <<'GATE'
#!/bin/sh
: >/run/gate/$$; until [ -e /run/gate/open ]; do sleep 0.01; done; exec /usr/libexec/rassist/enroll.true "$@"
GATE
on device2 rm /etc/rassist/rassist.conf.d/50-serial.conf
for round in one two three; do
	token sn123
	that "round $round" works on relay sh -c 'rm -f /run/gate/*'
	for host in device device2; do
		on "$host" sh -c 'umask 077; cat >/root/token; cp -p /var/lib/rassist/identity /root/former' <<<"$TOKEN"
		background "by-$host" on "$host" sh -c 'rassist activate sn123 </root/token'
	done
	that "both are let in"                  within 10 says '^2$' on relay sh -c 'ls /run/gate | grep -c .'
	on relay touch /run/gate/open
	that "one of them gets it"              within 10 says '^1$' eval 'cat <(output by-device) <(output by-device2) | grep -c "This device is sn123"'
	that "the other one is told why not"    within 10 says '^1$' eval 'cat <(output by-device) <(output by-device2) | grep -c "token was used already; a new one"'
	if grep -q 'This device' <(output by-device); then winner=device loser=device2; else winner=device2 loser=device; fi
	ends "by-$winner" within 5 with 0
	ends "by-$loser" within 5 with 77
	that "the relay has the winner's identity ($winner)" works agree "$winner" sn123
	that "the loser's is what it was"       works on "$loser" cmp /root/former /var/lib/rassist/identity
	on device2 rm -f /etc/rassist/rassist.conf.d/50-serial.conf
done
that "each round used one token up"         says '^null$' token_until sn123
on relay sh -c 'cd /usr/libexec/rassist; mv enroll.true enroll'
