# shellcheck shell=bash
# A support person's key reaches the devices that are open now and lie in the person's scope; nothing else on the relay or behind it. And on the relay
# itself nobody else reaches a device.
needs device2
starts_from ready

installed device2
activate device2 sn200 >/dev/null
ADDRESS=$(on relay rassist device show sn123 --json | jq -r .address)
relay_door() { as support ssh -o BatchMode=yes "$@"; }
through() { relay_door -W "$1" rassist-relay; }
refused='stdio forwarding failed'
# by ACCOUNT ADDRESS PORT: what answers a connection from within the relay
by() { on relay sh -c 'exec setpriv --reuid "$0" --regid "$(id -g "$0")" --clear-groups nc -w 2 "$1" "$2"' "$@" </dev/null; }

announces relay 'error: (bind \[127.64.0.1\]:10022: Address already in use|channel_setup_fwd_listener_tcpip: cannot listen to port: 10022)$'
announces relay 'error: Refused by key options$'
announces device 'error: kex_exchange_identification: Connection closed by remote host'
announces relay 'error: connect_to sn123.rassist: unknown host'

say "A service of the relay's own on every address, on the very port of the devices"
background own on relay socat TCP-LISTEN:10022,fork,reuseaddr 'SYSTEM:echo service of the relay'
that "it runs"                                 within 5 says 'service of the relay' on relay nc 127.0.0.1 10022
that "nobody meets it in a device's place"     fails with 1 without 'service' by rassist-support "$ADDRESS" 10022
on device rassist open --for 10m >/dev/null
that "a tunnel cannot be set up beside it, and the customer is told" within 10 says 'did not let the tunnel listen' on device rassist status
that "so the device is not shown as open"      says 'No device' as support ssh rassist-relay list
that "and its name does not lead to the service" fails with 255 saying "$refused" through sn123.rassist:10022
stop own
that "without that service the tunnel comes up by itself" within 15 says '^up$' tunnel_of device
CODE=$(code_of device)
secret "$CODE"
keyed sn123 >/dev/null

say "What the key is for"
that "plain ssh over the relay (-J)"           says '^device$' reaching sn123 hostname
that "-W"                                      says 'SSH-2.0' through sn123.rassist:10022
that "in upper case, too"                     says '^device$' reaching SN123 hostname
background web relay_door -N -L 8081:sn123.rassist:10088 -L 8082:sn200.rassist:10088 -L 8083:127.0.0.1:22 -L 8084:/run/dbus/system_bus_socket -D 8085 rassist-relay
that "-L to its web page"                      within 10 says 'hello from device' as support curl -sS http://127.0.0.1:8081/
that "-D to its web page"                      says 'hello from device' as support curl -sS --socks5-hostname 127.0.0.1:8085 http://sn123.rassist:10088/
that "the desk"                                says 'sn123' without 'sn200' relay_door rassist-relay list

say "What it is not for"
for place in sn200.rassist:10022 sn200.rassist:10088 sn999.rassist:10022 sn123.rassist:22 sn123.rassist:443 "$ADDRESS:10022" "$ADDRESS:10088" sn123.rassist.:10022 \
	127.0.0.1:22 localhost:22 127.0.0.1:443 '[::1]:22' relay:22 0.0.0.0:10022 203.0.113.50:22 192.168.50.2:22 203.0.113.20:22 support:22; do
	that "$place"                              fails with 255 saying "$refused" without 'SSH-2.0' through "$place"
done
expect_journal relay 'to connect to host sn200.rassist port 10022, but the request was denied'
that "-L to a closed device"                   fails saying 'curl: .(52|56)' as support curl -sS -m 5 http://127.0.0.1:8082/
that "-L to the relay's own sshd"              fails without 'SSH-2.0' as support sh -c 'nc -w 3 127.0.0.1 8083 </dev/null | grep .'
that "-L to a unix socket of the relay"        fails without 'OK|REJECTED' as support sh -c 'printf "\0AUTH EXTERNAL 30\r\n" | nc -w 3 127.0.0.1 8084 | grep .'
that "-D to somewhere else"                    fails with 97 as support curl -sS -m 5 --socks5-hostname 127.0.0.1:8085 http://127.0.0.1:22/
expect_journal relay 'refused streamlocal port forward: .* target /run/dbus/system_bus_socket'
unheard='remote port forwarding failed'
listening() { relay_door -N -o ExitOnForwardFailure=yes -R "$1:127.0.0.1:22" rassist-relay; }
that "-R"                                      fails with 255 saying "$unheard" listening 9000
that "-R on a device's address"                fails with 255 saying "$unheard" listening 127.64.0.77:10022
that "-R of a unix socket"                     fails with 255 saying "$unheard" listening /tmp/sam.sock
only="is nothing this account runs: say .list"
that "a command"                               fails saying "$only" without 'uid=' relay_door rassist-relay id
that "a command behind the desk's"             fails saying "$only" without 'uid=' relay_door rassist-relay 'list; id'
that "another person's desk"                   fails saying "$only" relay_door rassist-relay desk ADkTUx2yvHNBNDAjXYb3NFxbhlJ35pFHgHhSw00mUL4
that "a device's hold"                         fails saying "$only" relay_door rassist-relay 'hold 1111111111'
that "a terminal"                              fails with 255 saying 'PTY allocation request failed' relay_door -tt rassist-relay list
that "its agent and X11"                       says 'Requesting authentication agent forwarding' saying 'X11 forwarding disabled by key options' \
	as support env "$AGENT" DISPLAY=:0 ssh -o BatchMode=yes -v -A -Y rassist-relay list
that "no agent was ever taken along"           fails on relay sh -c 'find /tmp /run -name "agent.*" | grep .'
that "sftp"                                    fails without 'sftp>' as support sftp -q -b - rassist-relay <<<ls
that "scp"                                     fails as support scp -q rassist-relay:/etc/passwd /tmp/got
that "scp, the old way"                        fails as support scp -O -q rassist-relay:/etc/passwd /tmp/got
that "nothing was got"                         fails on support test -e /tmp/got
that "the devices' account"                    fails with 255 saying 'Permission denied' relay_door -l rassist-device rassist-relay
that "root's"                                  fails with 255 saying 'Permission denied' relay_door -l root rassist-relay

say "Other people"
# another KEY ssh's words… : with a key of that name instead of sam's
another() { relay_door -o IdentitiesOnly=yes -i "/home/sam/.ssh/$1" "${@:2}"; }
for name in eve tom nobody; do as support ssh-keygen -q -t ed25519 -N '' -C "$name" -f "/home/sam/.ssh/$name"; done
as support cat .ssh/eve.pub | on relay rassist staff add eve --key - --devices 'other*,sn200' >/dev/null
as support cat .ssh/tom.pub | on relay rassist staff add tom --key - --devices '*' --from 203.0.113.20 >/dev/null
that "who is responsible for others sees nothing of it" says 'No device' without sn123 another eve rassist-relay list
that "nor by its name"                         fails without 'open|203|127' another eve rassist-relay show sn123
that "and reaches nothing"                     fails with 255 saying "$refused" another eve -W sn123.rassist:10022 rassist-relay
that "who may come from one address comes from it" says 'SSH-2.0' another tom -4 -b 203.0.113.20 -W sn123.rassist:10022 rassist-relay
that "and not from another"                    fails with 255 without 'SSH-2.0' another tom -4 -b 203.0.113.21 -W sn123.rassist:10022 rassist-relay
that "nor with the other protocol"             fails with 255 without 'No device' another tom -6 rassist-relay list
that "whose key is not on the relay is refused" fails with 255 saying 'Permission denied' another nobody rassist-relay list

say "People and programs on the relay itself"
on relay useradd --create-home mallory
that "support's account is who may connect"    says 'SSH-2.0' by rassist-support "$ADDRESS" 10022
for account in mallory root rassist-device rassist-tunnel rassist-keys nobody; do
	for port in 10022 10088; do
		that "$account does not reach port $port"  fails with 1 without '[a-zA-Z]' by "$account" "$ADDRESS" "$port"
	done
done
OTHER=$(on relay rassist device show sn200 --json | jq -r .address)
background squatter as mallory@relay socat "TCP-LISTEN:10022,bind=$OTHER,fork,reuseaddr" 'SYSTEM:echo SSH-2.0-mallory'
that "one who sits on a closed device's address" within 5 works on relay sh -c "ss -Hltn | grep -q $OTHER:10022"
that "is not heard"                            fails without mallory by rassist-support "$OTHER" 10022
stop squatter

say "The window closes while the person is connected"
on device rassist close >/dev/null
that "over the connection of before the device is not reached" within 5 fails saying 'curl: .(52|56)' as support curl -sS -m 5 http://127.0.0.1:8081/
that "that connection as such goes on"         works running web
that "nor over a new one"                      fails with 255 saying "$refused" through sn123.rassist:10022
