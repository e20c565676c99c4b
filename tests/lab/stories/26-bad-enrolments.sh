# shellcheck shell=bash
# A device that asks for what it must not have, or in words that are none, gets an answer that says so. Nothing is stored, and nobody else notices.
needs device2
starts_from ready

installed device2
activate device2 sn200 >/dev/null
opened device2 --for 10m
keyed sn200 >/dev/null
background session as support env "$AGENT" ssh -o BatchMode=yes sn200.rassist 'while sleep 0.1; do date; done'
opened device --for 10m

KEY="-F none -i /var/lib/rassist/identity -o IdentitiesOnly=yes -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay -p 443"
# asking: sends its stdin as an enrolment, with the device's true identity key
asking() { on device sh -c "exec ssh $KEY rassist-device@relay"; }
public_key() { on "$1" ssh-keygen -yf "$2" | cut -d' ' -f2; }
on device ssh-keygen -q -t ed25519 -N '' -f /root/tunnel
WINDOW=$(on device sed -n 's/^id = //p' /run/rassist/window) OWN=$(public_key device /root/tunnel)
# good [LINE]: a request as the agent writes it, with that line in the place of the one that begins alike, or as one more
good() {
	local line=${1:-} name text="[enroll]
version = 1
window = $WINDOW
sequence = 1
seconds = 600
key-type = ssh-ed25519
key = $OWN
id = 0000000001"
	name=${line%% *}
	if [[ -z $line ]]; then
		echo "$text"
	elif grep -q "^$name = " <<<"$text"; then
		awk -v name="$name" -v line="$line" '$1 == name { $0 = line } { print }' <<<"$text"
	else
		awk -v line="$line" '$1 == "id" { print line } { print }' <<<"$text"
	fi
}
stored() { on relay sh -c 'cd /var/lib/rassist && find windows identities devices activations -type f ! -name ".*lock" -exec sha256sum {} + | sort'; }
holds() { on relay pgrep -a hold; }
refusals() { journal relay --since="@$STORY_SINCE" -o cat -t rassist-enroll RASSIST_SERIAL=sn123 "RASSIST_REASON=$1" | grep -c .; }

announces relay 'sn123: enrolment refused: the relay got no whole request'
mkfifo "$NOTES/silence"
silent() { asking <>"$NOTES/silence"; }
background silent silent
that "a good request is granted"             says '^result = ok' asking < <(good)
that "with the device's own serial, too"     says '^result = ok' asking < <(good "serial = sn123")
OTHER=$(on relay rassist device show sn200 --json | jq -r .address)
noted store stored
noted holds holds
MALFORMED=0

say "What is another's"
that "another's serial"                      fails with 77 saying '^code = serial-mismatch' saying '^message = the request names "sn200", but the key is sn123' \
	asking < <(good "serial = sn200")
that "another device's tunnel key"           fails with 77 saying '^code = key-taken' saying 'by another device' \
	asking < <(good "key = $(public_key device2 /run/rassist-agent/tunnel_key)")
that "another device's identity key"         fails with 77 saying '^code = key-taken' asking < <(good "key = $(public_key device2 /var/lib/rassist/identity)")
that "its own identity key"                  fails with 77 saying '^code = key-taken' asking < <(good "key = $(public_key device /var/lib/rassist/identity)")
that "a support person's key"                fails with 77 saying '^code = key-taken' asking < <(good "key = $(as support cut -d' ' -f2 .ssh/id_ed25519.pub)")

say "What is no request"
# malformed SENTENCE PATTERN: stdin is not one, and the message says why
malformed() {
	that "$1" fails with 65 saying '^code = malformed' saying '^retry = never' saying "^message = .*$2" asking
	MALFORMED=$((MALFORMED + 1))
}
malformed "nothing at all"            "cut short"                                    </dev/null
malformed "a line of text"            "neither \[section\], key = value nor a comment" <<<"let me in"
malformed "one without its last line" "key 'id' is missing"                          < <(good | head -n -1)
malformed "one cut within a line"     "cut short"                                    < <(good | head -c -1)
malformed "one cut in the middle"     "cut short"                                    < <(good | head -c 60)
malformed "an unknown field"          "unknown key .password."                       < <(good "password = x")
malformed "a field twice"             "key 'sequence' comes twice"                   < <(good | sed 's/^sequence.*/&\n&/')
malformed "a missing field"           "key 'window' is missing"                      < <(good | grep -v ^window)
malformed "an empty one"              "window: must not be empty"                    < <(good "window =")
malformed "another section"           "must hold one section, \[enroll\]"            < <(good | sed '1s/.*/[activate]/')
malformed "two sections"              "must hold one section, \[enroll\]"            < <(good; echo '[device]')
malformed "a later version"           "is not a version of a request"                < <(good "version = 2")
malformed "no time"                   "seconds: .* is not a number from 1"           < <(good "seconds = 0")
malformed "less than no time"         "seconds: .* is not a number from 1"           < <(good "seconds = -1")
malformed "all the time there is"     "seconds: .* is not a number from 1"           < <(good "seconds = 99999999999999999999")
malformed "a window of another form"  "is not an id"                                 < <(good "window = ../../devices/sn200")
malformed "a serial of another form"  "is not a serial"                              < <(good "serial = ../sn200")
malformed "a key that is none"        "the public key is damaged"                    < <(good "key = AAAA")
malformed "a key of a forbidden type" "not a public key of a type we accept"         < <(good "key-type = ssh-dss")
malformed "a certificate"             "certificates are not accepted"                < <(good "key-type = ssh-ed25519-cert-v01@openssh.com")
malformed "options before the key"    "not a public key of a type we accept"         < <(good 'key-type = command="id" ssh-ed25519')
malformed "bytes at random"           "enroll:[0-9]+: "                              < <(head -c 3000 /dev/urandom; echo)
malformed "a NUL among them"          "a control character"                          < <(good "note = x" | tr x '\0')
malformed "more than 4096 bytes"      "longer than 4096"                             < <(good; printf '; %.0s' {1..2100})
malformed "a hundred megabytes"       "longer than 4096"                             < <(head -c 100M /dev/zero)

say "And silence"
ends silent within 12 with 75
that "is answered after ten seconds"         says '^code = timeout' saying '^retry = later' saying 'no whole request' output silent

say "Nothing came of any of it"
that "nothing was stored"                    works same store stored
that "the tunnels are the same"              works same holds holds
that "support's session with the other device as well" works running session
that "the relay's journal has each of them: malformed" within 5 says "^$MALFORMED\$" refusals malformed
that "and key-taken, and serial-mismatch"    says '^4 1$' eval 'echo $(refusals key-taken) $(refusals serial-mismatch)'
stop session
on device2 systemctl kill -s KILL rassist-tunnel
that "the other device's tunnel is lost"     within 5 fails on relay sh -c "ss -Hltn | grep -q $OTHER:10022"
that "and comes back: its key is its own still" within 15 says '^device2$' reaching sn200 hostname

say "The relay's admin blocks the device"
trouble_of() { on "$1" rassist status --json | jq -r '"\(.tunnel.state) \(.tunnel.trouble)"'; }
that "its connection is cut"                 says '1 connection' on relay rassist device block sn123
that "the customer reads why"                within 15 says '^refused blocked$' trouble_of device
that "in a sentence"                         says 'refuses this device \(blocked\): .*sn123 is blocked on this relay' on device rassist status
expect_journal device 'refuses this device \(blocked\)'
expect_journal relay 'sn123: enrolment refused: sn123 is blocked on this relay'
that "support sees no sn123"                 says 'sn200' without 'sn123' as support ssh rassist-relay list
that "the other device is not touched"       says '^up$' tunnel_of device2
on relay rassist device unblock sn123 >/dev/null
that "unblocked, it comes back as soon as it asks again: here, as the customer extends" works on device rassist extend --for 9m
that "with the same code"                    within 15 says '^up ' trouble_of device
that "and is what it was"                    says "^$CODE\$" code_of device

say "The relay no longer knows the device"
on relay mv /var/lib/rassist/devices/sn123 /root/record
that "its tunnel ends"                       within 10 fails on relay sh -c 'ss -Hltn | grep -q 127.64.0.1:10022'
on device rassist extend --for 8m >/dev/null
that "the customer reads why"                within 15 says '^refused serial-unknown$' trouble_of device
that "in a sentence"                         says 'refuses this device \(serial-unknown\): .*sn123 is not registered on this relay' on device rassist status
expect_journal relay 'sn123: enrolment refused: sn123 is not registered on this relay'
on relay mv /root/record /var/lib/rassist/devices/sn123
on device rassist extend --for 9m >/dev/null
that "known again, it comes back"            within 15 says '^up ' trouble_of device

say "The relay's admin removes it for good"
that "with its keys"                         says 'Removed sn123' on relay rassist device remove sn123
that "the customer reads that, too"          within 15 says '^refused identity' trouble_of device
that "the other device is not touched"       says '^up$' tunnel_of device2
