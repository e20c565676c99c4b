# shellcheck shell=bash
# The old tunnel hangs in a network that swallows everything, and the device comes from another address: it has its place again at once.
starts_from ready

opened device --for 20m
keyed sn123 >/dev/null
that "support is in" says '^device$' reaching sn123 hostname
tunnel_pid() { on relay pgrep -u rassist-tunnel -x hold; }
KEY="-F /usr/share/rassist/sshd/agent_ssh.conf -o BatchMode=yes -o IdentitiesOnly=yes -i /run/rassist-agent/tunnel_key"
KEY+=" -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay -o ExitOnForwardFailure=yes -p 443"

# A plain login: the agent's own ssh with its own key, in a quiet network and with nothing in its place, until hold says ready.
address=$(on relay sed -n 's/^address = //p' /var/lib/rassist/devices/sn123)
# tunnel: what the agent runs; its stdin stays open
tunnel() {
	on device setpriv --reuid rassist-agent --regid rassist-agent --init-groups sh -c \
		"sleep 1000 | exec ssh $KEY -R $address:10022:/run/rassist/login.sock rassist-tunnel@relay 'hold 0123456789'"
}
# last_at HOST PATTERN: when its journal said so last, in milliseconds
last_at() { journal "$1" --since="@$STORY_SINCE" -o short-unix -g "$2" | tail -n 1 | cut -d' ' -f1 | awk '{ printf "%.0f", $1 * 1000 }'; }
# from_login NAME: milliseconds from that tunnel's login at the relay to the first session of support on the device; support tries without a pause
from_login() {
	background "$1" tunnel
	until reaching sn123 true 2>/dev/null; do :; done
	TOOK=$(($(last_at device 'assist session .* from tunnel') - $(last_at relay 'Accepted publickey for rassist-tunnel')))
}

say "The agent stands still (SIGSTOP): what happens is the relay's doing and ssh's"
on device sh -c 'kill -STOP $(systemctl show -P MainPID rassist-tunnel); pkill -9 -u rassist-agent -x ssh'
that "the place is free" within 10 fails tunnel_pid
measure "a support login" reaching sn123 true || :
plain=() over=()
for i in 1 2 3; do
	that "the place is free" within 10 fails tunnel_pid
	from_login "plain$i"
	plain+=("$TOOK")

	blackhole device on
	new_address device
	old=$(tunnel_pid)
	blackhole device off
	that "the old tunnel is there still, and nobody has told the relay" works test -n "$old"
	from_login "over$i"
	over+=("$TOOK")
	that "the old one is gone" within 5 fails on relay kill -0 "$old"
	stop "plain$i" || :
	stop "over$i" || :
	on device sh -c 'pkill -9 -u rassist-agent -x ssh || :'
done
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
figure "a tunnel's login to the first session of support, nothing in its place (median of 3)" "$(median "${plain[@]}")" ms
figure "the same, taking over from a black-holed tunnel (median of 3)" "$(median "${over[@]}")" ms
figure "taking over costs" $(($(median "${over[@]}") - $(median "${plain[@]}"))) ms

say "And the agent itself"
on device sh -c 'kill -CONT $(systemctl show -P MainPID rassist-tunnel)'
that "the tunnel is up" within 30 says '^up$' tunnel_of device
blackhole device on
new_address device
blackhole device off
old=$(tunnel_pid)
began=$(now_ms)
on device sh -c 'ip link set eth0 down; ip link set eth0 up; ip route add default via 192.168.50.1'
another() { local now; now=$(tunnel_pid) && [[ $now != "$old" ]]; }
that "it notices that its network is another one, and is back" within 20 works another
that "support gets in" within 5 says '^device$' reaching sn123 hostname
figure "the device's network changes, to support's login by the agent's new tunnel" $(($(now_ms) - began)) ms
