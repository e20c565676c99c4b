# shellcheck shell=bash
# A library comes in a new version, and needrestart(1) restarts what runs on the old one: not the tunnel, support's sessions, nor the relay's door.
starts_from ready

opened device
keyed sn123 >/dev/null
background inside reaching sn123 'echo inside; exec sleep 3000'
that "support is inside" within 10 says '^inside$' output inside
ours_of() {
	on "$1" systemctl show --no-pager -p Id -p MainPID -p ExecMainStartTimestampMonotonic rassist-agent.service rassist-tunnel.service \
		'rassist-login@*.service' rassist-relay.service rassist-guard.service
}
own_sshd_of() { on "$1" systemctl show -p MainPID ssh.service; }
for host in device relay; do
	noted "ours.$host" ours_of "$host"
	noted "own.$host" own_sshd_of "$host"
	on "$host" sh -c 'set -e; for lib in $(ldconfig -p | sed -n "s/.*libcrypto\.so\.3 .*=> //p"); do cp -p "$lib" "$lib.new"; mv "$lib.new" "$lib"; done'
done
that "needrestart sees that the tunnel and the session run on it, and leaves both" \
	works saying '^ systemctl restart rassist-tunnel.service$' saying '^ systemctl restart rassist-login@' on device needrestart -r a </dev/null
that "and the relay's door" works saying '^ systemctl restart rassist-relay.service$' on relay needrestart -r a </dev/null
for host in device relay; do
	that "ours on $host are the same processes" works same "ours.$host" ours_of "$host"
	that "the machine's own sshd is another"    fails same "own.$host" own_sshd_of "$host"
done
that "who was inside is" works running inside
that "the tunnel is up"  says '^up$' tunnel_of device
