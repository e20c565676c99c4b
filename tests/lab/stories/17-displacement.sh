# shellcheck shell=bash
# A new tunnel displaces the old one at once; two at the same moment leave one; an enrolment displaces nothing.
starts_from ready

opened device --for 20m
keyed sn123 >/dev/null
hold_pid() { on relay pgrep -u rassist-tunnel -x hold; }
enrol() {
	on device sh -c 'ssh-keygen -q -t ed25519 -N "" -f /tmp/other -C x <<<y >/dev/null 2>&1 || :'
	on device setpriv --reuid rassist-agent --regid rassist-agent --init-groups ssh -F /usr/share/rassist/sshd/agent_ssh.conf -o BatchMode=yes -o IdentitiesOnly=yes \
		-i /var/lib/rassist/identity -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay -p 443 rassist-device@relay enroll
}

say "A login to enrol, good or bad, leaves the tunnel alone"
old=$(hold_pid)
that "a bad enrolment is refused" fails saying 'malformed' enrol <<<"nonsense"
that "the tunnel is the same"     works test "$(hold_pid)" = "$old"
on device rassist extend --for 30m >/dev/null
that "an enrolment is accepted"   within 5 works on relay journalctl -q --grep 'tunnel key accepted for (30m|29m)'
that "the tunnel is the same"     works test "$(hold_pid)" = "$old"

say "The same device comes again with the same key: the old tunnel goes, the new one is there"
address=$(on relay sed -n 's/^address = //p' /var/lib/rassist/devices/sn123)
on device sh -c 'install -d -o rassist-agent /tmp/copy; cp /run/rassist-agent/tunnel_key /tmp/copy/; chown -R rassist-agent /tmp/copy'
client() {
	on device setpriv --reuid rassist-agent --regid rassist-agent --init-groups sh -c "sleep 1000 | ssh -F /usr/share/rassist/sshd/agent_ssh.conf -o BatchMode=yes -o IdentitiesOnly=yes \
	-i /tmp/copy/tunnel_key -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay -o ExitOnForwardFailure=yes -p 443 \
	-R $address:10022:/run/rassist/login.sock rassist-tunnel@relay 'hold 0123456789'"
}
# the agent itself would come back and displace it in turn: it is stopped meanwhile
on device sh -c 'kill -STOP $(systemctl show -P MainPID rassist-tunnel)'
began=$(now_ms)
background second client
that "the second is ready" within 5 says '^ready 1 ' output second
figure "new tunnel ready beside an old one, from its start" $(($(now_ms) - began)) ms
that "the first one's hold has gone" fails on relay kill -0 "$old"
that "support is served by the second" within 3 says '^rassist$' reaching sn123 id -un

say "Ten at the same moment: one is left, and it works"
for i in 1 2 3 4 5 6 7 8 9 10; do background "client$i" client; done
one_left() { [[ $(on relay pgrep -c -u rassist-tunnel -x hold) == 1 ]]; }
that "one hold is left"          within 15 works one_left
that "and support gets in by it" within 5 says '^rassist$' reaching sn123 id -un
that "one session stands in the books" says '^1$' on relay sh -c 'rassist sessions --json | jq "[.[] | select(.role == \"tunnel\")] | length"'
on device sh -c 'rm -r /tmp/copy; kill -CONT $(systemctl show -P MainPID rassist-tunnel)'
