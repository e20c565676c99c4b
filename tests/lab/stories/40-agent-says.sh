# shellcheck shell=bash
# S18: the agent tries relays and ports in their order, and says plainly, in status and journal, what is wrong.
starts_from ready
announces device 'rassist-agent'
announces device 'host key|refused|blocked|reach|accept|not the pinned'

agent_says() { on device rassist status --json | jq -r '[.tunnel.state, .tunnel.trouble, .tunnel.last_error] | map(. // "") | join(" | ")'; }
relays() { on device sh -c 'sed -i "s/^relays = .*/relays = $1/" /etc/rassist/rassist.conf.d/40-relay.conf' sh "$1"; }

say "A relay that has no name, a port that is closed, then the right one"
relays 'nowhere.invalid relay:4444,2222'
opened device --for 20m
that "it is up through the third way" says 'relay:2222' on device rassist status --json
keyed sn123 >/dev/null
that "and support gets in"            says '^rassist$' reaching sn123 id -un

say "The device is blocked on the relay: cut at once, and told why"
relays 'relay:443,2222'
that "it goes on with the relay alone" within 15 says '^rassist$' reaching sn123 id -un
on relay rassist device block sn123
that "support is refused"             within 3 fails reaching sn123 true
that "the customer reads why"         within 20 says 'blocked' agent_says
that "systemctl status says it too"   within 3 says 'Status:.*blocked' on device systemctl status rassist-tunnel
expect_journal device 'blocked'
expect_journal relay 'blocked'
on relay rassist device unblock sn123
on device rassist extend --for 30m >/dev/null
that "unblocked, it is back at the next change of the window" within 20 says '^rassist$' reaching sn123 id -un

say "The relay's host key is not the pinned one: nothing is trusted on first use"
on device sh -c 'cp /etc/rassist/known_hosts /root/; ssh-keygen -q -t ed25519 -N "" -f /root/other; sed -i "s|ssh-ed25519 .*|$(cut -d" " -f1,2 /root/other.pub)|" /etc/rassist/known_hosts'
on device sh -c 'kill $(pgrep -u rassist-agent -x ssh)'
that "the customer reads why"         within 20 says 'host key' agent_says
expect_journal device 'host key'
that "it is not tried on in a hurry"  during 2 fails on device pgrep -u rassist-agent -x ssh
on device cp /root/known_hosts /etc/rassist/known_hosts
that "pinned again, it is back"       within 20 says '^rassist$' reaching sn123 id -un

say "The relay cannot be reached"
on relay systemctl stop rassist-relay
that "the customer reads why"         within 20 says '(refused|reach)' agent_says
on relay systemctl start rassist-relay
on device rassist extend --for 30m >/dev/null
that "it comes back by itself"        within 30 says '^rassist$' reaching sn123 id -un

say "The relay has forgotten the device"
on relay rassist device remove sn123
that "support is refused"             within 3 fails reaching sn123 true
that "the customer reads why"         within 20 says '(not know|unknown|not accept|removed)' agent_says
that "the window itself is the customer's, and still open" works on device rassist status
