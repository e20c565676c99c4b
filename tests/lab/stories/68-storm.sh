# shellcheck shell=bash
# S20: the relay's door is started anew under 200 live tunnels, all behind one NAT address. Real agents, each with an identity, a window and folders of its
# own, in mount namespaces of one device; real sshd, enroll and hold.
starts_from ready
announces device 'rassist-agent'
announces relay 'MaxStartups throttling'

FLEET=${RASSIST_LAB_FLEET:-200}
opened device --for 30m
keyed sn123 >/dev/null

say "$FLEET devices are registered and have identity keys (their records written as a restored backup has them)"
on device bash -euc '
	for n in $(seq "$0"); do
		f=/fleet/$n serial=fl$n
		mkdir -p $f/etc $f/state $f/run $f/agent
		cp /etc/rassist/known_hosts $f/etc/
		printf "[device]\nserial = %s\nrelays = relay:443,2222\n" $serial >$f/etc/rassist.conf
		ssh-keygen -q -t ed25519 -N "" -C "" -f $f/state/identity
		sed -e "s/^id = .*/id = $(printf "f%09d" $n)/" -e "s/^serial = .*/serial = $serial/" /run/rassist/window >$f/run/window
		chown rassist-agent $f/state/identity $f/agent
	done
	chmod 711 /fleet /fleet/*' "$FLEET"
on device sh -c 'cd /fleet; for n in $(seq $0); do echo "fl$n $(cut -d" " -f2 $n/state/identity.pub) $(ssh-keygen -lf $n/state/identity.pub | cut -d" " -f2)"; done' "$FLEET" |
	on relay bash -euc '
		cd /var/lib/rassist/identities
		while read -r serial key print; do
			name=$(tr +/ -_ <<<"${print#SHA256:}")
			rassist device add $serial >/dev/null
			printf "[grant]\nversion = 1\nrole = identity\nsubject = %s\nissued = 1\nkey-type = ssh-ed25519\nkey = %s\n" $serial "$key" >"./$name"
			echo "$name" >.subjects/$serial
			chown rassist-device: "./$name" .subjects/$serial
		done'

say "All of them open, ten a second"
on device sh -c 'cat >/fleet/start' <<'SH'
for n in $(seq "$1"); do
	unshare -m --propagation private sh -c '
		mount --bind $0/etc /etc/rassist && mount --bind $0/state /var/lib/rassist && mount --bind $0/run /run/rassist && mount --bind $0/agent /run/rassist-agent &&
		exec setpriv --reuid rassist-agent --regid rassist-agent --init-groups --bounding-set=-all /usr/libexec/rassist/rassist-agent' /fleet/$n &
	sleep 0.1
done
wait
SH
up_now() { on device sh -c 'grep -lsx "state = up" /fleet/*/agent/status | wc -l'; }
# asked once a second: what asks has its share of the processor, too
all_up() { sleep 1; [[ $(up_now) == "$FLEET" ]]; }
began=$(now_ms)
background fleet on device sh /fleet/start "$FLEET"
that "all $FLEET tunnels are up" within 150 works all_up
figure "$FLEET agents started behind one address, ten a second: all up after" $(($(now_ms) - began)) ms
memory() { on relay sh -c 'cat $(printf "/proc/%s/smaps_rollup " $(pgrep -u 0 -f "^sshd: rassist-tunnel"; pgrep -u rassist-tunnel)) 2>/dev/null' | awk '/^Pss:/ { sum += $2 } END { print int(sum / 1024) }'; }
figure "memory of their connections on the relay (Pss of each one's sshd and hold, summed)" "$(memory)" MiB

say "The relay's door is started anew"
that "the real device is up" says '^up$' tunnel_of device
began=$(now_ms)
on relay systemctl restart rassist-relay
listening=$(now_ms)
figure "restart of the door" $((listening - began)) ms
# ups: milliseconds after the restart of each device's first tunnel, and its serial
ups() {
	journal relay --since="@$((began / 1000))" -o json -t rassist-hold |
		jq -r --argjson began "$began" 'select(.MESSAGE | test("tunnel up until")) | [((.__REALTIME_TIMESTAMP | tonumber) / 1000 | floor) - $began, .RASSIST_SERIAL] | select(.[0] >= 0) | @tsv' |
		sort -n | awk '!seen[$2]++'
}
back() { sleep 1; [[ $(on relay pgrep -c -u rassist-tunnel -x hold) == $((FLEET + 1)) ]]; }
that "all $((FLEET + 1)) come back" within 150 works back
# those that have not said so
silent() { sleep 1; ups >"$NOTES/ups"; { echo sn123; seq -f fl%g "$FLEET"; } | grep -vxFf <(cut -f 2 "$NOTES/ups") || :; }
that "each of them, by the relay's journal" within 60 says '^$' without '.' silent
up_after() { sed -n "$1p" "$NOTES/ups" | cut -f 1; }
figure "after the restart the first tunnel is up after" "$(up_after 1)" ms
figure "the median one" "$(up_after $((FLEET / 2 + 1)))" ms
figure "the last one" "$(up_after '$')" ms
that "each agent says so" within 20 works all_up
that "none was refused for good" says '^0$' on device sh -c 'grep -lsx "state = refused" /fleet/*/agent/status | wc -l'
that "and support gets in to the real one" within 30 says '^device$' reaching sn123 hostname
