# shellcheck shell=bash
# The relay cannot log in to a device: not with root, not with every key and record it has, not while the tunnel is open. And it never learns the code.
starts_from ready

opened device --for 10m
KEY=$(login_key_of sn123)
secret "$KEY"
keyed sn123 >/dev/null
that "support typed the code here"         says '^device$' typed_in "$CODE" sn123 hostname
background session as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist sleep 1000
that "and works on the device by its key"  within 10 works on device pgrep -u rassist -x sleep

ANY_HOST_KEY="-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
DOOR="$ANY_HOST_KEY -p 2200"   # at 127.0.0.1, see below
ADDRESS=$(on relay rassist device show sn123 --json | jq -r .address)

say "With the guard rules there is no way to the device's address, not for root"
that "root is refused"           fails with 255 saying 'Connection (refused|reset)' on relay sh -c "ssh $ANY_HOST_KEY -o BatchMode=yes -p 10022 rassist@$ADDRESS true"
say "Root goes around them as support's account, and stands before the device's door"
background around on relay setpriv --reuid rassist-support --regid rassist-support --clear-groups \
	socat TCP-LISTEN:2200,bind=127.0.0.1,fork,reuseaddr "TCP:$ADDRESS:10022"
that "it is the door of this window" within 5 says "$(fingerprint_of device)" on relay sh -c 'ssh-keyscan -t ed25519 -p 2200 127.0.0.1 2>/dev/null | ssh-keygen -lf -'

say "Each key of the relay"
mapfile -t KEYS < <(on relay sh -c 'grep -rlsaF -D skip --exclude-dir=proc --exclude-dir=sys -e "PRIVATE KEY-----" / |
	while read -r file; do ssh-keygen -y -P "" -f "$file" >/dev/null 2>&1 && echo "$file"; done')
that "the relay's own host key is one of them"   works grep -x /var/lib/rassist/relay_host_ed25519_key < <(printf '%s\n' "${KEYS[@]}")
that "none of the ${#KEYS[@]} gets in" fails with 255 saying "Offering public key: ${KEYS[-1]}" saying 'Permission denied' \
	on relay sh -c "ssh -v $DOOR -o BatchMode=yes -o IdentitiesOnly=yes $(printf ' -i %s' "${KEYS[@]}") rassist@127.0.0.1 true"

say "Keys that the relay makes, and records that it writes"
on relay ssh-keygen -q -t ed25519 -N '' -f /root/own
OWN="ssh $DOOR -o BatchMode=yes -o IdentitiesOnly=yes -i /root/own rassist@127.0.0.1 hostname"
PRINT=$(on relay sh -c "ssh-keygen -lf /root/own.pub | sed 's/.*SHA256:\([^ ]*\).*/\1/' | tr +/ -_")
RECORD=$(on device sh -c 'cat /run/rassist/grants/*' | sed "s|^key = .*|key = $(on relay cut -d' ' -f2 /root/own.pub)|")
on relay rassist staff add mallory --key /root/own.pub --devices '*' >/dev/null
that "a key it lets reach all devices is none to the device" fails with 255 saying 'Permission denied' on relay sh -c "$OWN"
for folder in /run/rassist/grants /var/lib/rassist/windows /var/lib/rassist/identities; do
	on relay sh -c 'mkdir -p "$0"; cat >"$0/$1"' "$folder" "$PRINT" <<<"$RECORD"
	that "nor with a grant in the relay's $folder"             fails with 255 saying 'Permission denied' on relay sh -c "$OWN"
done
on device sh -c 'cat >"/run/rassist/grants/$0"' "$PRINT" <<<"$RECORD"
that "that grant is a good one: had the device written it, it would open" says '^device$' on relay sh -c "$OWN"
on device rm "/run/rassist/grants/$PRINT"
that "the device has not written it"                          fails with 255 saying 'Permission denied' on relay sh -c "$OWN"
on relay sh -c "rm /run/rassist/grants/$PRINT /var/lib/rassist/windows/$PRINT /var/lib/rassist/identities/$PRINT"

say "Typing"
that "nothing, a guess and what the device's own root would type" fails with 255 saying 'Permission denied' \
	on relay typing "" at "Assistance code" then K7QF-2M9X-TB4DE at "Assistance code" then device-root at "Assistance code" -- sh -c "exec ssh $DOOR rassist@127.0.0.1 true"

say "Answers of its own to the device: what the relay says is never run there"
on relay sh -c 'cd /usr/libexec/rassist && mv enroll enroll.true && cat >enroll && chmod 755 enroll' <<'EVIL'
#!/bin/sh
id=$(sed -n 's/^id = //p')
printf '[answer]\nversion = 1\nresult = ok\nserial = sn123\nrelay = relay\naddress = %s\nssh-port = 10022\nhttp-port = 10088\n' \
	'-oProxyCommand=touch /run/rassist-agent/came-in'
printf 'seconds = 600\ntime = 1\nid = %s\n' "$id"
EVIL
on device rassist extend --for 9m >/dev/null
that "the device does not take it"    within 10 says 'is not a loopback address' on device rassist status
that "and has run nothing of it"      fails on device test -e /run/rassist-agent/came-in
on relay sh -c 'cd /usr/libexec/rassist && mv enroll.true enroll'

say "The code and the login key are nowhere on the relay"
# The key's bytes in four pieces, without those that hold a newline, at which grep stops.
key_bytes() { hexadecimal <<<"$KEY" | fold -w 16 | grep -Ev '^(..)*0a' | sed 's/../\\x&/g' | paste -sd'|'; }
# on_the_disk: the files of the relay that hold the code, in any spelling, or the key, as text or bytes; of the lab's own programs none does.
on_the_disk() {
	local disk="-rlsa -D skip --exclude-dir=proc --exclude-dir=sys"
	printf '%s\n' "$CODE" "${CODE//-/}" "$KEY" | on relay sh -c "grep $disk -iFf - /"
	on relay sh -c "LC_ALL=C grep $disk -P -f - /" <<<"$(key_bytes)"
} 2>/dev/null
in_the_journal() { journal relay -o export | grep -aciF -e "$CODE" -e "${CODE//-/}" -e "$KEY"; }
tr -d - <<<"${CODE,,}" | on relay tee /root/canary-code >/dev/null
cut -c3- <<<"$KEY" | on relay sh -c 'base64 -d >/root/canary-key'
that "had they been written anywhere, we would see it" says '/root/canary-code' saying '/root/canary-key' on_the_disk
on relay rm /root/canary-code /root/canary-key
that "or in the journal"              works eval 'CODE=sn123 in_the_journal'
that "nothing is on its disk"         fails without '^/' on_the_disk
that "nothing is in its journal"      fails saying '^0$' in_the_journal

say "Support does not notice any of it"
that "the session goes on"            works running session
that "and another one starts"         says '^device$' reaching sn123 hostname
