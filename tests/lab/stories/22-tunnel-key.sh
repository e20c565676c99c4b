# shellcheck shell=bash
# The key of a window's tunnel is good for that tunnel and nothing else. Somebody has got it, and tries what ssh offers.
needs device2
starts_from ready

installed device2
activate device2 sn200 >/dev/null
opened device --for 10m
opened device2 --for 10m
ADDRESS=$(on relay rassist device show sn123 --json | jq -r .address)
OTHER=$(on relay rassist device show sn200 --json | jq -r .address)

# stolen DEVICE: its tunnel key; the agent is stopped, so that it does not take its place back. The window stays open, on the relay as well.
stolen() { on "$1" sh -c 'install -m 600 /run/rassist-agent/tunnel_key /root/stolen && systemctl stop rassist-tunnel && mkfifo /root/silence'; }
# thief DEVICE ssh's words… : says nothing and does not hang up either, so hold waits for its heartbeats for as long as it would for a device's
THIEF="-F none -i /root/stolen -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay"
thief() { on "$1" sh -c 'ssh="ssh $0 -p 443 -l rassist-tunnel"; exec $ssh "$@" <>/root/silence' "$THIEF" relay "${@:2}"; }
TARGET=/run/rassist/login.sock
tries() { thief device -o ExitOnForwardFailure=yes "$@" "hold 1111111111"; }
# what listens on the relay, and what sockets lie there that were not there before
listeners() { on relay sh -c 'ss -Hltn | awk "{print \$4}" | sort; find /run /tmp /var /root -xdev -type s -newer /root/begun'; }
on relay touch /root/begun
stolen device
stolen device2
that "the relay has noticed that the tunnels are gone" within 5 fails on relay sh -c 'ss -Hltn | grep -q 127.64'
noted listeners listeners

say "A connection that forwards but does not start hold has ten seconds"
background idle thief device2 -N -R "$OTHER:10022:$TARGET"
IDLE_SINCE=$(now_ms)
that "it stands" within 5 works on relay sh -c "ss -Hltn | grep -q $OTHER:10022"

say "What it is for"
background tunnel tries -R "$ADDRESS:10022:$TARGET" -R "$ADDRESS:10088:127.0.0.1:80"
that "its own address and ports are given to it" within 5 says '^ready ' output tunnel
that "they listen"        says "$ADDRESS:10022" saying "$ADDRESS:10088" listeners
stop tunnel
that "and no more"        within 5 fails on relay sh -c "ss -Hltn | grep -q $ADDRESS"

say "Listeners that are not its own"
refused="remote port forwarding failed for listen"
for place in "$OTHER:10088" 127.64.0.77:10022 "$ADDRESS:10023" "$ADDRESS:22" "$ADDRESS:8080" "$ADDRESS:0" '*:10022' 0.0.0.0:10022 :10022 \
	127.0.0.1:10022 localhost:10022 203.0.113.10:10022 '[::]:10022' '[::1]:10022' "[::ffff:$ADDRESS]:10022" localhost:0 "sn123.rassist:10022"; do
	that "$place" fails with 255 saying "$refused (port|path)" without '^ready' tries -R "$ADDRESS:10022:$TARGET" -R "$place:$TARGET"
done
that "a unix socket"            fails with 255 saying "$refused path" without '^ready' tries -R "$ADDRESS:10022:$TARGET" -R "/tmp/thief.sock:$TARGET"
that "a unix socket, without hold" fails with 255 saying "$refused" thief device -N -o ExitOnForwardFailure=yes -R "/run/rassist/ready/thief:$TARGET"
that "a SOCKS proxy there"      fails with 255 saying "$refused" without '^ready' tries -R "$ADDRESS:10023"

say "Ways through the relay"
for place in 127.0.0.1:22 localhost:443 "$OTHER:10022" "$ADDRESS:10022" sn200.rassist:10022 203.0.113.20:22 '[::1]:22'; do
	that "-W $place"        fails with 255 saying 'administratively prohibited|open failed' without 'SSH-2.0' thief device -W "$place"
done
background through thief device -L 9001:127.0.0.1:22 -L "9002:$OTHER:10022" -L 9003:/run/systemd/private -D 9004 -R "$ADDRESS:10022:$TARGET" "hold 1111111111"
that "the tunnel stands again" within 5 says '^ready ' output through
for port in 9001 9002 9003; do
	that "-L gets nothing through: $port" fails with 1 without '[^ ]' on device sh -c "nc -w 3 127.0.0.1 $port </dev/null | grep ."
done
that "nor does -D"              fails with 97 on device curl -sS -m 5 --socks5 127.0.0.1:9004 http://127.0.0.1:22/
for target in '127.0.0.1 port 22' "$OTHER port 10022" /run/systemd/private; do
	expect_journal relay "refused (local|streamlocal) port forward: .* target $target"
done
stop through

say "Programs, terminals, sockets"
not_for="is not for this key: a tunnel runs .hold ID. and nothing else"
that "a command"                fails with 255 saying "\"id\" $not_for" without 'uid=' thief device id
that "a shell"                  fails with 255 saying "$not_for" thief device
that "a command behind hold"    fails with 255 saying "$not_for" without 'uid=|ready' thief device -R "$ADDRESS:10022:$TARGET" 'hold 1111111111; id'
that "the other device's hold"  fails with 255 saying "$not_for" without 'ready' thief device -R "$ADDRESS:10022:$TARGET" 'hold 1111111111 sn200'
that "an enrolment"             fails with 255 saying "$not_for" without 'answer' thief device /usr/libexec/rassist/enroll identity sn123
that "sftp"                     fails with 255 saying "\"/usr/lib/openssh/sftp-server\" $not_for|subsystem request failed" thief device -s sftp
expect_journal relay 'sn123: tunnel refused: "id" is not for this key'
that "a terminal"               fails with 255 saying 'PTY allocation request failed' thief device -tt -R "$ADDRESS:10022:$TARGET" "hold 1111111111"
on device ssh-agent -a /root/agent >/dev/null
background greedy on device env DISPLAY=:0 SSH_AUTH_SOCK=/root/agent \
	sh -c "exec ssh $THIEF -p 443 -v -A -Y -R $ADDRESS:10022:$TARGET rassist-tunnel@relay 'hold 1111111111' <>/root/silence"
that "an agent and X11 are asked for" within 5 says 'Requesting authentication agent forwarding' saying 'X11 forwarding request failed' saying '^ready' output greedy
that "hold has got none of it"  within 5 says '^SSH_CONNECTION=' without '^(SSH_AUTH_SOCK|DISPLAY|SSH_TTY)=' on relay sh -c 'tr "\0" "\n" </proc/$(pgrep -x hold)/environ'
stop greedy

say "And the connection without hold"
ends idle within 15 with 255
cut_at() { journal relay --since="@$STORY_SINCE" -o short-unix -g 'cut tunnel session .* of sn200: it has carried nothing' | tail -n 1 | cut -d' ' -f1; }
that "the relay has cut it, and says why" within 5 says '^[0-9]' cut_at
figure "a tunnel login that never starts hold is cut after" "$(cut_at | awk -v since="$IDLE_SINCE" '{ printf "%d", $1 * 1000 - since }')" ms
that "all of it has left nothing that listens" within 5 works same listeners listeners
on device systemctl start rassist-tunnel
that "the device's own agent is back as if nothing had been" within 15 says '^up$' tunnel_of device
