# shellcheck shell=bash
# Without the guard's table in the kernel nothing is published, even where the relay's door was made to open without it.
starts_from ready

publishes "$ADDRESSES" "$PORTS" 'support-from = 203.0.113.20, 2001:db8::20'
consents device ssh,http
that "the device is published"                 within 5 works on relay rassist device publish sn123 ssh http
opened device --for 20m
opens "it is reached"                          203.0.113.20 203.0.113.10 20000

say "What holds the table is killed, or leaves by itself: another takes its place, and the door opens again"
guard() { on relay systemctl show -P MainPID rassist-guard; }
for goodbye in 'systemctl kill --signal=KILL rassist-guard' 'echo quit >/run/rassist-guard/input'; do
	before=$(guard)
	on relay sh -c "$goodbye"
	that "$goodbye: it is another one"     within 20 says '^[1-9]' without "^$before\$" guard
	that "and the door is open"                    within 20 works on relay systemctl is-active rassist-guard rassist-relay
	that "and the device published"                within 60 says 'SSH-2.0' knocks 203.0.113.20 203.0.113.10 20000
done

say "The table goes, and with it the door and all tunnels"
on relay systemctl mask --quiet --runtime rassist-guard
on relay sh -c 'systemctl kill --signal=KILL rassist-guard'
that "the table is gone"                       within 5 fails on relay nft list table inet rassist_guard
that "and all ports with it"                   within 2 fails public_listeners

say "An admin opens the door all the same"
on relay sh -c 'sed "/^BindsTo=/d" /lib/systemd/system/rassist-relay.service >/etc/systemd/system/rassist-relay.service && systemctl daemon-reload && systemctl start rassist-relay'
that "the device's tunnel is back"             within 30 says '^up$' tunnel_of device
that "it is on its own address"                says '127.64.' on relay ss -Hltn
that "and not on a public one"                 fails public_listeners
expect_journal relay 'sn123: not published: the relay.s guard rules are not loaded \(rassist-guard.service\)'
that "the relay's admin is told"               says 'not now: the relay.s guard rules are not loaded' on relay rassist device show sn123
that "and publishes nothing more"              fails with 69 saying 'publishing is refused: the relay.s guard rules are not loaded' on relay rassist device publish sn123 ssh
line() { on relay sh -c 'cd /var/lib/rassist/windows && k=$(grep -h "^key = " SHA* * 2>/dev/null | head -1 | cut -d" " -f3) && f=$(ls | head -1) && setpriv --reuid rassist-keys --regid rassist-keys --clear-groups /usr/libexec/rassist/authkeys rassist-tunnel ssh-ed25519 "$k" "SHA256:$(echo "$f" | tr _- /+)"'; }
that "the helper's line permits its own address alone" says 'permitlisten="127.64.[0-9.]*:10022"' without '203.0.113' line

say "The table is back"
on relay sh -c 'rm /etc/systemd/system/rassist-relay.service; systemctl unmask --runtime rassist-guard; systemctl daemon-reload; systemctl restart rassist-relay'
# the agent may be in its back-off
that "the device is published again"           within 90 says 'SSH-2.0' knocks 203.0.113.20 203.0.113.10 20000
that "as the helper's line says"               says 'permitlisten="203.0.113.10:20000"' saying 'permitlisten="\[2001:db8::10\]:20001"' line
resets "for support's networks alone"          203.0.113.21 203.0.113.10 20000
