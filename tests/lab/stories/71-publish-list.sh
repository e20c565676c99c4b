# shellcheck shell=bash
# The list of support's networks before published ports: a change counts for the next connection and for those that stand, and restarts nothing; a broken
# configuration changes nothing; at no moment is there no filter.
starts_from ready

publishes "$ADDRESSES" "$PORTS" 'support-from = 203.0.113.20, 2001:db8::/64'
consents device ssh,http
that "the device is published"                 within 5 says 'port 20001' on relay rassist device publish sn123 ssh http
opened device --for 20m
opens "support's address gets in"              203.0.113.20 203.0.113.10 20000
resets "another does not"                      203.0.113.21 203.0.113.10 20000
started() { on relay systemctl show -P ExecMainStartTimestampMonotonic rassist-guard rassist-relay; on relay nft -a list chain inet rassist_guard input; }
noted started started

say "Somebody keeps knocking from an address that is on no list, while the list changes again and again"
background knocker as support sh -c 'n=0; while :; do n=$((n + 1)); echo $n >~/knocks; curl -sS -m 1 --interface 203.0.113.21 http://203.0.113.10:20001/ && echo "in after $n"; done'
for i in $(seq 10); do
	publishes "$ADDRESSES" "$PORTS" "support-from = 203.0.113.2$((i % 2 * 2)), 203.0.113.$((100 + i)), 2001:db8::/64"
	that "change $i is there"                  within 5 says "203.0.113.$((100 + i))" on relay nft list set inet rassist_guard support4
done
stop knocker
that "it has knocked often enough"             says '^[0-9][0-9]' as support cat knocks
that "and was refused each time"               says 'Failed to connect' without 'hello|in after|timed out' output knocker

say "A connection that stands ends when its address leaves the list"
publishes "$ADDRESSES" "$PORTS" 'support-from = 203.0.113.20'
opens "support is let in again"                203.0.113.20 203.0.113.10 20000
that "IPv6 is no longer"                       within 5 fails with 1 saying 'Connection refused' knocks 2001:db8::20 2001:db8::10 20000
keyed sn123 >/dev/null
background shell as support env "$AGENT" ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -b 203.0.113.20 -p 20000 \
	rassist@203.0.113.10 'while echo here; do sleep 0.2; done'
that "support is in, and it talks"             within 10 says 'here' output shell
publishes "$ADDRESSES" "$PORTS" 'support-from = 203.0.113.21'
ends shell within 5 with 255
that "the device's end of it is gone as well"  within 10 fails on device sh -c 'ss -Hxp | grep -q rassist-login@; pgrep -u rassist -x sleep'
opens "who is on the list now gets in"         203.0.113.21 203.0.113.10 20000
resets "who was does not"                      203.0.113.20 203.0.113.10 20000

say "A configuration that cannot be used: what runs goes on, and the journal says so"
announces relay 'Reload failed for rassist-guard.service'
announces relay 'broken.conf:2: support-from: .*; the guard goes on as it was'
on relay sh -c 'printf "[relay]\nsupport-from = nonsense\n" >/etc/rassist/rassist.conf.d/70-broken.conf'
expect_journal relay '70-broken.conf:2: support-from: "nonsense" is not a network.*; the guard goes on as it was'
opens "the list is as it was"                  203.0.113.21 203.0.113.10 20000
resets "for everybody"                         203.0.113.20 203.0.113.10 20000
on relay rm /etc/rassist/rassist.conf.d/70-broken.conf
publishes "$ADDRESSES" "$PORTS" 'support-from = 203.0.113.20'
opens "mended, it counts"                      203.0.113.20 203.0.113.10 20000

say "Publishing is switched off in the relay's configuration, in the middle of a window"
publishes "$PORTS" 'support-from = 203.0.113.20'
that "nobody is answered any more"             within 5 fails knocks 203.0.113.20 203.0.113.10 20000
that "the listeners are gone"                  within 15 fails public_listeners
that "the tunnel is back without them"         within 15 says '^device$' from_the_list sn123 hostname
that "no service was restarted for all this, no rule changed" works same started started
