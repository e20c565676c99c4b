# shellcheck shell=bash
# A device listens where the registry published it, and nowhere else; what else listens there is not heard; a port that is taken keeps no tunnel down.
needs device2
starts_from ready

publishes "$ADDRESSES" "$PORTS" 'support-from = 203.0.113.20, 2001:db8::20'
installed device2
activate device2 sn200 >/dev/null
for device in device device2; do consents "$device" ssh; done
that "both are published"                      within 5 works on relay rassist device publish sn123 ssh
on relay rassist device publish sn200 ssh >/dev/null
opened device --for 20m
opened device2 --for 20m
opens "one"                                    203.0.113.20 203.0.113.10 20000
opens "and the other"                          203.0.113.20 203.0.113.10 20001

say "Somebody who has a device's tunnel key tries other places"
ADDRESS=$(on relay rassist device show sn123 --json | jq -r .address)
on device sh -c 'install -m 600 /run/rassist-agent/tunnel_key /root/stolen && systemctl stop rassist-tunnel && mkfifo /root/silence'
THIEF="-F none -i /root/stolen -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay"
TARGET=/run/rassist/login.sock
thief() { on device sh -c 'ssh="ssh $0 -p 443 -l rassist-tunnel"; exec $ssh -o ExitOnForwardFailure=yes "$@" "hold 1111111111" <>/root/silence' "$THIEF" relay "$@"; }
refused="remote port forwarding failed for listen"
on device2 systemctl stop rassist-tunnel
for place in 203.0.113.10:20001 203.0.113.10:20005 203.0.113.10:0 '[2001:db8::10]:20001' 0.0.0.0:20000 '*:20000' ':20000' '[::]:20000' 127.0.0.1:20000 "$ADDRESS:20000" \
	'[::ffff:203.0.113.10]:20000' 203.0.113.10:22; do
	that "$place"                              fails with 255 saying "$refused" without '^ready' thief -R "$ADDRESS:10022:$TARGET" -R "$place:$TARGET"
done
background own thief -R "$ADDRESS:10022:$TARGET" -R "203.0.113.10:20000:$TARGET" -R "[2001:db8::10]:20000:$TARGET"
that "its own are given to it"                 within 5 says '^ready ' output own
stop own
on device systemctl start rassist-tunnel
on device2 systemctl start rassist-tunnel
opens "the device is back by itself"           203.0.113.20 203.0.113.10 20000

say "A process of the devices' account that listens elsewhere is not heard"
background stray on relay setpriv --reuid rassist-tunnel --regid rassist-tunnel --clear-groups socat TCP-LISTEN:9000,fork,reuseaddr 'SYSTEM:echo SSH-2.0-stray'
that "it listens"                              within 5 works on relay sh -c 'ss -Hltn | grep -q :9000'
that "support hears nothing"                   fails with 1 without 'stray' knocks 203.0.113.20 203.0.113.10 9000
stop stray

say "Another program sits on a published port while the window is closed"
on device rassist close >/dev/null
background squatter on relay socat TCP-LISTEN:20000,bind=203.0.113.10,fork,reuseaddr 'SYSTEM:echo SSH-2.0-squatter'
that "it listens"                              within 5 works public_listeners
that "nobody hears it in the device's place"   fails with 1 without 'squatter' knocks 203.0.113.20 203.0.113.10 20000
that "the relay's admin sees it"               says 'ssh=203.0.113.10:20000 held by another program \(uid 0\)' on relay rassist device show sn123
announces relay 'error: (bind \[203.0.113.10\]:20000: Address already in use|channel_setup_fwd_listener_tcpip: cannot listen to port: 20000)$'
opened device --for 20m
that "the customer is told what is missing"    says 'Not public relay relay:443 did not let ssh listen on its port 20000: another program holds it' on device rassist status
expect_journal relay 'sn123: not published: ssh=203.0.113.10:20000 is held by another program \(uid 0\)'
keyed sn123 >/dev/null
that "the tunnel goes on: support has its way" says '^device$' from_the_list sn123 hostname
that "published anew, it gets another port"    says 'ssh on port 20002' on relay sh -c 'rassist device publish sn123 --none >/dev/null && rassist device publish sn123 ssh'
opens "which works at once"                    203.0.113.20 203.0.113.10 20002
stop squatter

say "What the command line refuses"
publish() { on relay rassist device publish "$@"; }
that "no service at all"                       fails with 64 saying 'name the services, ssh or http or both, or say --none' publish sn123
that "services and none"                       fails with 64 saying 'or say --none' publish sn123 ssh --none
that "an unknown service"                      fails with 64 saying '"ftp" is not a service that can be published: ssh or http' publish sn123 ftp
that "an unknown device"                       fails saying 'sn999 is not registered' publish sn999 ssh
publishes "$ADDRESSES" 'publish-ports = 20000-20003' 'support-from = 203.0.113.20'
that "more than there are ports"               within 5 fails with 73 saying 'no port of publish-ports \(20000-20003\) is free' \
	on relay sh -c 'rassist device publish sn123 ssh http && rassist device publish sn200 ssh http && rassist device add sn300 >/dev/null; rassist device publish sn300 ssh'
publishes "$ADDRESSES" 'publish-ports = 30000-40000' 'support-from = 203.0.113.20'
that "ports of the relay's own connections"    within 5 fails with 78 saying 'publish-ports \(30000-40000\) holds ports that the kernel gives' publish sn123 ssh
