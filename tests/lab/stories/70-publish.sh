# shellcheck shell=bash
# S11: a device's ssh and web page on the relay's public address, for the window only, and for support's networks only. Off by default: three switches, the
# relay's configuration, its registry and the customer's own configuration, have to agree.
needs device2
starts_from ready

say "The first switch: the relay's configuration"
publish() { on relay rassist device publish "$@"; }
that "by default nothing can be published"     fails with 78 saying 'publishing is off on this relay: publish-address' publish sn123 ssh http
publishes "$ADDRESSES" "$PORTS"
that "nor before support's networks are named" within 5 fails with 78 saying 'publishing is off on this relay: support-from' publish sn123 ssh http
publishes "$ADDRESSES" "$PORTS" 'support-from = 203.0.113.20, 2001:db8::20'
that "the guard has it without a restart"      within 5 works guards '^addresses = 203.0.113.10 2001:db8::10'

say "The second: the relay's registry; the customer consents already"
consents device ssh,http
opened device --for 20m
that "the device is not published"             fails public_listeners
that "as its relay knows"                      says '^Published    no$' on relay rassist device show sn123
on device rassist close >/dev/null
that "the admin publishes it"                  says 'ssh -p 20000 rassist@203.0.113.10' saying 'http://\[2001:db8::10\]:20001/' publish sn123 ssh http
that "it shows"                                says '"ssh": 20000' saying '"http": 20001' on relay rassist device list --json

say "The third: the customer's consent"
consents device none
opened device --for 20m
that "without it nobody listens"               fails public_listeners
that "and the relay's admin sees it"           says 'ssh=203.0.113.10:20000 nobody listens there' on relay rassist device show sn123
expect_journal relay 'sn123: not published: ssh=203.0.113.10:20000: the device does not ask for it'
that "the customer's page does not tell of it" says 'sn123' without '20000' on device rassist show
consents device ssh
that "the customer agrees to one, while the window is open" within 15 says '203.0.113.10:20000' without ':20001' public_listeners
consents device http,ssh
that "to both"                                 within 15 says ':20000' saying ':20001' public_listeners
that "the customer is told where"              within 5 says 'ssh -p 20000 rassist@203.0.113.10' saying 'http://203.0.113.10:20001/' on device rassist show
that "and sees it in the status"               says 'Published .* ssh=203.0.113.10:20000' on device rassist status
that "the relay's admin sees it up"            says 'ssh=203.0.113.10:20000 up' saying 'http=\[2001:db8::10\]:20001 up' on relay rassist device show sn123

say "Support reaches it from its networks, with nothing but ssh and curl"
direct() { as support env "$AGENT" ssh -F none -4 -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/home/sam/.ssh/window -b "$1" -p 20000 rassist@203.0.113.10 "${@:2}"; }
keyed sn123 >/dev/null
that "the host key there is the window's"      says "$(fingerprint_of device)" as support sh -c 'ssh-keyscan -p 20000 203.0.113.10 2>/dev/null >~/.ssh/window; ssh-keygen -lf ~/.ssh/window'
that "ssh"                                     says '^device$' direct 203.0.113.20 hostname
opens "ssh over IPv6"                          2001:db8::20 2001:db8::10 20000
that "http"                                    says 'hello from device' as support curl -sS -m 5 --interface 203.0.113.20 http://203.0.113.10:20001/
that "http over IPv6"                          says 'hello from device' as support curl -sS -g -m 5 --interface 2001:db8::20 'http://[2001:db8::10]:20001/'

say "Nobody else does: a reset, at once"
resets "another address of the same workstation" 203.0.113.21 203.0.113.10 20000
resets "its web page"                          203.0.113.21 203.0.113.10 20001
resets "over IPv6"                             2001:db8::21 2001:db8::10 20000
resets "its web page over IPv6"                2001:db8::21 2001:db8::10 20001
that "a customer's machine"                    fails with 1 saying 'Connection refused' on device2 nc -v -w 3 203.0.113.10 20001
for account in root rassist-support rassist-tunnel nobody; do
	for place in '203.0.113.10 20001' '2001:db8::10 20000'; do
		# shellcheck disable=SC2086
		that "$account on the relay itself: $place" fails with 1 saying 'Connection refused' \
			on relay setpriv --reuid "$account" --regid "$(on relay id -g "$account")" --clear-groups nc -v -w 3 $place
	done
	that "$account by way of loopback"         fails with 1 saying 'Connection refused' \
		on relay setpriv --reuid "$account" --regid "$(on relay id -g "$account")" --clear-groups nc -v -w 3 -s 127.0.0.1 203.0.113.10 20001
done

say "The ports end with the window, with the block, and with the registry's word"
free_after() { that "$1: the port is free within a second" within 1 fails public_listeners; }
on device rassist close >/dev/null
free_after "closed"
resets "and nobody answers there"              203.0.113.20 203.0.113.10 20000
opened device --for 20m
keyed sn123 >/dev/null
opens "the next window has the same port"      203.0.113.20 203.0.113.10 20000
on relay rassist device block sn123 >/dev/null
free_after "blocked"
on relay rassist device unblock sn123 >/dev/null
on device sh -c 'systemctl restart rassist-tunnel'
opens "unblocked, it is back"                  203.0.113.20 203.0.113.10 20000
that "the admin takes http back"               says 'may publish ssh on port 20000; its tunnel was cut' publish sn123 ssh
opens "ssh is back by itself"                  203.0.113.20 203.0.113.10 20000
that "without http"                            says ':20000' without ':20001' public_listeners
that "the admin takes all back"                says 'sn123 publishes nothing; its tunnel was cut' publish sn123 --none
free_after "unpublished"
that "the tunnel as such is back"              within 15 says '^device$' from_the_list sn123 hostname
that "without a public port"                   fails public_listeners
publish sn123 http >/dev/null
that "a port that was given back is given out again" says '"http": 20000' on relay rassist device show sn123 --json
on relay rassist device remove sn123 >/dev/null
free_after "removed"
that "and its port is another's to have"       fails on relay test -e /var/lib/rassist/published/sn123
