# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # shared: tests/module/run sources checks.sh, host.sh and the parts into one shell
# The relay's door with the helper, the module and the resolver behind it: what each kind of key can do there with stock ssh, and the whole way to a device.

# ssh_relay KEY WHO [OPTION…]: to the relay's door; a program and no function, for ssh to run it as a ProxyCommand by whatever shell there is
cat >"$scratch/ssh_relay" <<'END'
#!/bin/bash
scratch=${0%/*} key=$1 who=$2
shift 2
exec timeout --foreground 30 ssh -F none -p 2222 -o StrictHostKeyChecking=yes -o HostKeyAlias=relay -o "UserKnownHostsFile=$scratch/relay_known_hosts" \
	-o GlobalKnownHostsFile=none -o UpdateHostKeys=no -o IdentityAgent=none -o IdentitiesOnly=yes -o BatchMode=yes -o ExitOnForwardFailure=yes \
	-i "$scratch/keys/$key" "$@" "$who@127.0.0.1"
END
chmod 0755 "$scratch/ssh_relay"
ssh_relay() { "$scratch/ssh_relay" "$@"; }
# the same with a command behind the address
run_relay() {
	local key=$1 who=$2
	shift 2
	ssh_relay "$key" "$who" -o "RemoteCommand=$*"
}

ssh-keygen -q -t ed25519 -N '' -C '' -f /var/lib/rassist/relay_host_ed25519_key
echo "relay $(cat /var/lib/rassist/relay_host_ed25519_key.pub)" >"$scratch/relay_known_hosts"
cp /etc/nsswitch.conf "$scratch/nsswitch.conf"
sed -i 's/^hosts:.*/hosts: files rassist [NOTFOUND=return] dns/' /etc/nsswitch.conf
/usr/libexec/rassist/rassist-relay -D -e -f /usr/share/rassist/sshd/relay.conf 2>"$scratch/relay.log" &
listens() { ss -ltn | grep -q " $1 "; }
becomes "the relay's door is open" listens 0.0.0.0:2222
socat TCP-LISTEN:10022,bind=0.0.0.0,fork,reuseaddr SYSTEM:'echo a service of the relay' &
service=$!
open_door

world device sn123 127.64.0.7 no
world device sn124 127.64.0.8 no
world device other 127.64.0.9 no
for key in identity tunnel second pat sam far; do new_key "$key"; done
world grant identity sn123 "$scratch/keys/identity.pub" 0
world grant tunnel sn123 "$scratch/keys/tunnel.pub" 600
world grant staff pat "$scratch/keys/pat.pub" 0 'sn*' 127.0.0.0/8
world grant staff sam "$scratch/keys/sam.pub" 0 'other'
world grant staff far "$scratch/keys/far.pub" 0 '*' 203.0.113.0/24
forget_journal

# ---- which key for which account
for key in identity tunnel; do fails "the $key key is not support's" 255 run_relay $key rassist-support list; done
fails "a staff key is no device's" 255 run_relay pat rassist-device list
for user in root rassist rassist-keys; do fails "nobody is $user here" 255 run_relay pat $user true; done
fails "a staff key from another network than its own" 255 run_relay far rassist-support list

# ---- identity: enroll and nothing else
like "an identity key can only enrol, whatever it asks for" "^\[(refusal|enroll|answer|refused)" run_relay identity rassist-device id </dev/null
journal_says "... and is registered as that" "MESSAGE=identity session 1 of sn123 from 127.0.0.1 [0-9]+"
fails "... no -R" 255 ssh_relay identity rassist-device -N -R 127.64.0.7:10022:127.0.0.1:22
fails "... no -W" 255 ssh_relay identity rassist-device -W 127.0.0.1:2222

# ---- tunnel: its own address and ports
for listener in 127.64.0.8:10022 127.64.0.7:10023 127.64.0.7:22 0.0.0.0:10022 :10022 '*:10022' localhost:10022 127.0.0.1:10088 /run/rassist/evil.sock; do
	fails "a tunnel key does not listen on $listener" 255 ssh_relay tunnel rassist-tunnel -N -R "$listener:127.0.0.1:22"
done
fails "... no -W" 255 ssh_relay tunnel rassist-tunnel -W 127.0.0.1:2222
tunnel() {
	local key=$1
	while sleep 1; do echo beat; done | ssh_relay "$key" rassist-tunnel -T -R 127.64.0.7:10022:/run/rassist/login.sock -R 127.64.0.7:10088:127.0.0.1:8088 \
		-o RemoteCommand="hold 0123456789" >"$scratch/$key.log" 2>&1
	echo "ended with ${PIPESTATUS[1]}" >>"$scratch/$key.log"
}
# nothing else on 10022 while the tunnel binds: the service of the relay has to be away
kill $service
becomes "the port is free" not listens 0.0.0.0:10022
tunnel tunnel &
becomes "a tunnel is up: hold says so" grep -q "^ready" "$scratch/tunnel.log"
is "... on its own address" "127.64.0.7:10022 127.64.0.7:10088 " bash -c "ss -ltnH | awk '{print \$4}' | grep 127.64 | sort | tr '\n' ' '"

# ---- staff: devices that are open and in scope
like "support sees the device" "sn123" run_relay pat rassist-support list
fails "... and runs nothing but desk" 64 run_relay pat rassist-support id
open_window 600
through() {
	local key=$1 name=$2
	shift 2
	timeout 30 ssh -F none -o ProxyCommand="$scratch/ssh_relay $key rassist-support -W $name:10022" -o StrictHostKeyChecking=yes -o HostKeyAlias=sn123 \
		-o "UserKnownHostsFile=$scratch/known_hosts" -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -i "$scratch/key" "$@"
}
is "the whole way: through the relay into the device by the code's key" rassist through pat sn123.rassist rassist@sn123 id -un
fails "not to a device that is closed" 255 through pat sn124.rassist rassist@sn123 true
fails "not to a device out of scope" 255 through sam sn123.rassist rassist@sn123 true
for target in 127.64.0.7:10022 127.0.0.1:2222 sn123.rassist:22 localhost:2222 127.64.0.8:10022; do
	fails "a staff key does not reach $target" 255 ssh_relay pat rassist-support -W "$target"
done
fails "... no -R" 255 ssh_relay pat rassist-support -N -R 127.64.0.8:10022:127.0.0.1:22
fails "... no -R of a unix socket" 255 ssh_relay pat rassist-support -N -R /run/rassist/evil.sock:127.0.0.1:22

# ---- displacement. The first is frozen: by its own look at the records it would leave as soon as there is another window
kill -STOP "$(pgrep -x hold)"
world grant tunnel sn123 "$scratch/keys/second.pub" 600
forget_journal
tunnel second &
becomes "a second tunnel of the same device is up" grep -q "^ready" "$scratch/second.log"
becomes "... the first has ended" grep -q "ended with 255" "$scratch/tunnel.log"
journal_says "... displaced before the second bound its ports" "took the place of 1 older"
is "the way leads on" rassist through pat sn123.rassist rassist@sn123 id -un
fails "the first one's key is nobody's now" 255 ssh_relay tunnel rassist-tunnel -N
works "both were put on the list of those to watch" test -e /run/rassist/enforce/tunnel.sn123.2
world device sn123 127.64.0.7 yes
fails "blocked: no new login of the device" 255 ssh_relay second rassist-tunnel -N
fails "... and none to it" 255 through pat sn123.rassist rassist@sn123 true
becomes "... and hold ends what there is" grep -q "ended with" "$scratch/second.log"
becomes "nobody listens for it any more" not listens 127.64.0.7:10022
cp "$scratch/nsswitch.conf" /etc/nsswitch.conf
