# shellcheck shell=bash
# A device's long-lived key can ask for a window's tunnel key to be accepted, and nothing else. Asking disturbs nobody.
needs device2
starts_from ready

installed device2
activate device2 sn200 >/dev/null
opened device2 --for 10m
opened device --for 10m
keyed sn123 >/dev/null
ADDRESS=$(on relay rassist device show sn123 --json | jq -r .address)
OTHER=$(on relay rassist device show sn200 --json | jq -r .address)

# identity ssh's words… : the device's key, by hand
KEY=(-F none -i /var/lib/rassist/identity -o IdentitiesOnly=yes -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay)
identity() { on device ssh "${KEY[@]}" -p 443 -l rassist-device relay "$@"; }
# asking [KEY]: an enrolment as the agent writes it, for that tunnel key
asking() {
	printf '[enroll]\nversion = 1\nwindow = %s\nsequence = 1\nseconds = 600\nkey-type = ssh-ed25519\nkey = %s\nid = 0000000001\n' \
		"$(on device sed -n 's/^id = //p' /run/rassist/window)" "${1:-$(on device ssh-keygen -yf /run/rassist-agent/tunnel_key | cut -d' ' -f2)}"
}
holds() { on relay pgrep -a hold; }

say "Asking"
background session as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'while sleep 0.1; do date; done'
that "support works on the device"          within 5 says '20' output session
noted holds holds
that "the device may ask again for its tunnel key" says '^result = ok' saying "^address = $ADDRESS" identity < <(asking)
that "three at once are answered"           says '^3$' eval 'for i in {1..3}; do identity < <(asking) & done | grep -c "^result = ok"; wait'
on device ssh-keygen -q -t ed25519 -N '' -f /root/other
that "for another key as well"              says '^result = ok' identity < <(asking "$(on device cut -d' ' -f2 /root/other.pub)")
that "no tunnel was displaced by it"        works same holds holds
that "nor did support notice"               works running session
lines_so_far() { output session | wc -l; }
noted lines lines_so_far
that "whose session goes on"                within 3 fails same lines lines_so_far
that "the agent noticed nothing"            says '^up$' tunnel_of device
that "the agent's own key is taken back"    says '^result = ok' identity < <(asking)

say "Forwarding"
for place in "$ADDRESS:10022" "$ADDRESS:10023" "$OTHER:10022" localhost:10022 '*:8080' /tmp/identity.sock; do
	that "no -R $place"                     fails with 255 saying 'remote port forwarding failed' identity -N -o ExitOnForwardFailure=yes -R "$place:127.0.0.1:80"
done
for place in 127.0.0.1:22 "$ADDRESS:10022" "$OTHER:10022" sn200.rassist:10022 203.0.113.20:22; do
	that "no -W $place"                     fails with 255 saying 'stdio forwarding failed' without 'SSH-2.0' identity -W "$place"
done
background forwards identity -N -L 9001:127.0.0.1:22 -L 9002:/run/dbus/system_bus_socket -D 9003
that "-L and -D are asked for"              within 5 works on device sh -c 'ss -Hltn | grep -q 127.0.0.1:9003'
that "no -L to the relay's sshd"            fails with 1 without 'SSH-2.0' on device sh -c 'nc -w 3 127.0.0.1 9001 </dev/null | grep .'
that "no -L to a unix socket"               fails with 1 without 'REJECTED|OK' on device sh -c 'printf "\0AUTH EXTERNAL 30\r\n" | nc -w 3 127.0.0.1 9002 | grep .'
that "no -D"                                fails with 97 on device curl -sS -m 5 --socks5 127.0.0.1:9003 http://127.0.0.1:22/
expect_journal relay 'refused local port forward: .* target 127.0.0.1 port 22'
expect_journal relay 'refused streamlocal port forward: .* target /run/dbus/system_bus_socket'
stop forwards

say "Running"
# What it asks for is not even looked at: there is one program for this key, and that reads a request.
answered="^\[answer\]"
that "no command"                           fails with 65 saying "$answered" saying '^code = malformed' without 'uid=' identity id </dev/null
that "no shell"                             fails with 65 saying '^code = malformed' without 'uid=' identity <<<id
that "no hold"                              fails with 65 saying '^code = malformed' without '^ready' identity 'hold 0000000001' </dev/null
that "no desk"                              fails with 65 saying '^code = malformed' without 'sn200' identity desk list </dev/null
that "no activation"                        fails with 65 saying '^code = malformed' identity /usr/libexec/rassist/enroll activation sn200 x </dev/null
that "no sftp"                              fails without 'sftp>' on device sh -c "sftp -q -b /dev/null ${KEY[*]} -P 443 rassist-device@relay"
that "no terminal"                          fails saying 'PTY allocation request failed' identity -tt </dev/null
that "no agent and no X11"                  fails saying 'Requesting authentication agent forwarding' saying 'X11 forwarding disabled by key options' \
	on device sh -c "ssh-agent sh -c 'DISPLAY=:0 exec ssh -v -A -Y ${KEY[*]} -p 443 rassist-device@relay </dev/null'"
that "no other account"                     fails with 255 saying 'Permission denied' on device ssh "${KEY[@]}" -o BatchMode=yes -p 443 rassist-support@relay list
that "and it opens nothing on the device"   fails with 255 saying 'rassist@device: Permission denied .publickey' \
	on device setpriv --reuid rassist-agent --regid rassist-agent --clear-groups ssh -F none -i /var/lib/rassist/identity -o IdentitiesOnly=yes -o BatchMode=yes \
	-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o 'ProxyCommand=nc -U /run/rassist/login.sock' rassist@device true
that "support has not noticed any of it"    works running session
that "and gets in as before"                says '^device$' reaching sn123 hostname
