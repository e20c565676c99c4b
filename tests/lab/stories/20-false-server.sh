# shellcheck shell=bash
# S7: a relay that puts another sshd in the device's place gets no further than its host key: plain ssh stops there, before any authentication, and
# nothing that the false server received is a secret.
needs device2
starts_from ready

# false_server HOST-KEY: root on the relay lets `sn123.rassist` lead to an sshd of his own. It tells all it does (output server), a PAM module writes down
# what is typed at it, and socat in front keeps every byte that arrives. socat runs as rassist-tunnel: the guard rules do not see a difference.
false_server() {
	# whoever is root there can make the account that support asks for
	on relay sh -c 'id rassist >/dev/null 2>&1 || useradd --system rassist; rm -rf /root/false /run/arrived; umask 077; mkdir /root/false; install -d -o rassist-tunnel /run/arrived
		printf "#!/bin/sh\ntr -d \"\\\\0\" >>/root/false/typed\n" >/root/false/write-down; chmod 700 /root/false/write-down
		ln -s /usr/sbin/sshd /root/false/false-sshd
		printf "auth required pam_exec.so quiet expose_authtok /root/false/write-down\nauth required pam_deny.so\n" >/etc/pam.d/false-sshd; cat >/root/false/host_key' <<<"$1"
	background server on relay /root/false/false-sshd -D -e -f /dev/null -p 2200 -h /root/false/host_key -o ListenAddress=127.0.0.1 -o LogLevel=DEBUG3 -o UsePAM=yes \
		-o KbdInteractiveAuthentication=yes -o PasswordAuthentication=no
	background relayed on relay setpriv --reuid rassist-tunnel --regid rassist-tunnel --clear-groups \
		socat -r /run/arrived/bytes TCP-LISTEN:10022,bind=127.64.0.99,fork,reuseaddr TCP:127.0.0.1:2200
	that "a false server stands in the device's place" within 5 works on relay sh -c 'ss -Hltn | grep -q 127.0.0.1:2200 && ss -Hltn | grep -q 127.64.0.99:10022'
	leads_to 127.64.0.99
}
false_server_ends() { stop relayed; stop server; }
leads_to() { on relay sed -i "s/^address = .*/address = $1/" /var/lib/rassist/devices/sn123; }
address_of() { on relay rassist device show "$1" --json | jq -r .address; }

server_saw() { grep -Eq -e "$1" <(output server); }
arrived() { on relay cat /run/arrived/bytes; }
# what no server may get: the code in each spelling, and the login key's private half as text and as bytes
secret_arrived() {
	local hex
	grep -aiqF -e "$CODE" -e "${CODE//-/}" -e "$KEY" <(arrived; output server) && return
	hex=$(arrived | od -An -v -tx1 | tr -d ' \n') && [[ $hex == *"$(hexadecimal <<<"$KEY")"* ]]
}
# gives_nothing_away SENTENCE: sam calls plain ssh, as ever.
gives_nothing_away() {
	that "$1" fails with 255 saying 'Host key verification failed' without 'denied' reaching sn123 true
	that "the false server was there and showed its key"    within 5 works server_saw 'send packet: type 31'
	that "ssh turned back: nothing was encrypted"           fails server_saw 'NEWKEYS received'
	that "no authentication was begun"                      fails server_saw 'userauth-request'
	that "what it received can be looked through"           works eval 'CODE=SSH-2.0-OpenSSH secret_arrived'
	that "nothing secret is in it"                          fails secret_arrived
}

opened device --for 10m
OLD_CODE=$CODE OLD_HOST_KEY=$(on device cat /run/rassist/secret/host_key) DEVICE=$(address_of sn123)
on device rassist close >/dev/null
opened device --for 10m
keyed sn123 >/dev/null
KEY=$(login_key_of sn123)
that "plain ssh reaches the device" says '^device$' reaching sn123 hostname

say "A false sshd with a host key of the relay"
false_server "$(on relay cat /etc/ssh/ssh_host_ed25519_key)"
gives_nothing_away "plain ssh refuses it"
knows_relay
that "who believes any host key and types at it is not stopped by anybody" fails with 255 saying 'Permission denied' \
	as support typing yes at fingerprint then swordfish at Password -- "${STOCK[@]}" -o NumberOfPasswordPrompts=1 rassist@sn123.rassist true
that "and has given away what was typed: so the code is typed only after the fingerprint was compared" says '^swordfish$' on relay cat /root/false/typed
false_server_ends

say "The same with the device's host key of an older window"
false_server "$OLD_HOST_KEY"
gives_nothing_away "plain ssh refuses it: the key was that window's alone"
keyed sn123 "$OLD_CODE" >/dev/null
that "it is that key: by the old code, ssh would go on to the login" fails with 255 saying 'Permission denied' reaching sn123 true
that "which the false server sees, encrypted by then" works server_saw 'NEWKEYS received'
that "and so no check above was blind"                works server_saw 'userauth-request'
keyed sn123 >/dev/null
false_server_ends

say "Another device in the device's place"
installed device2
activate device2 sn200 >/dev/null
CODE_HERE=$CODE
opened device2 --for 10m
CODE=$CODE_HERE
leads_to "$(address_of sn200)"
that "plain ssh refuses it" fails with 255 saying 'Host key verification failed' without 'denied' reaching sn123 true
door_of_device2_told() { grep -Eq -e "$1" <(journal device2 --since="@$STORY_SINCE" -o cat -u 'rassist-login@*'); }
that "it was the other device that answered" within 5 works door_of_device2_told 'Connection closed by .*preauth'
that "nobody tried to log in there"          fails door_of_device2_told 'Accepted|Failed|userauth|pam_rassist'

say "The device in its own place again"
leads_to "$DEVICE"
that "plain ssh reaches it as before" says '^device$' reaching sn123 hostname
