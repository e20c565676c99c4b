# shellcheck shell=bash
# S2: two devices open at once are told apart, and nothing of one opens the other.
needs device2
starts_from ready

say "A second customer's device, with its window open at the same time"
installed device2
activate device2 sn456
opened device
first=$CODE
opened device2
second=$CODE

keyed sn123 "$first" >/dev/null
keyed sn456 "$second" >/dev/null
that "sn123 is the first device"  says '^device$'  reaching sn123 hostname
that "sn456 is the second device" says '^device2$' reaching sn456 hostname
that "the desk shows both"        says 'sn123' saying 'sn456' as support ssh rassist-relay list

say "The code of one is nothing to the other"
knows_relay
that "the second device's code typed at the first is refused" fails with 255 saying 'Permission denied' \
	as support typing yes at fingerprint then "$second" at code -- "${STOCK[@]}" -o NumberOfPasswordPrompts=1 rassist@sn123.rassist true
that "a key made of the second's code for the first is stopped by the host key" works keyed sn123 "$second"
that "plain ssh refuses before it authenticates" fails with 255 saying 'Host key verification failed' reaching sn123 true
that "the second device's key at the first one's door is refused" fails with 255 saying 'Permission denied' \
	as support env "$AGENT" ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -J rassist-support@relay:443 -p 10022 \
	-o IdentitiesOnly=yes -i /home/sam/.ssh/rassist/sn456.rassist.pub rassist@sn123.rassist true
keyed sn123 "$first" >/dev/null
that "with its own code the first is reached again" says '^device$' reaching sn123 hostname

say "The tunnel key of one binds nothing of the other"
address=$(on relay sed -n 's/^address = //p' /var/lib/rassist/devices/sn456)
that "the first device cannot bind the second one's address" fails with 255 \
	on device setpriv --reuid rassist-agent --regid rassist-agent --init-groups ssh -F /usr/share/rassist/sshd/agent_ssh.conf -o BatchMode=yes -o IdentitiesOnly=yes \
	-i /run/rassist-agent/tunnel_key -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay -o ExitOnForwardFailure=yes -p 443 \
	-R "$address:10023:/run/rassist/login.sock" rassist-tunnel@relay "hold 0000000000"

say "The other customer's window is not touched by the first one's end"
on device rassist close
that "sn123 is refused"   within 5 fails with 255 reaching sn123 true
that "sn456 still works"  says '^device2$' reaching sn456 hostname
