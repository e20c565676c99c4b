# shellcheck shell=bash
# Tidying takes away what has ended, and nothing that counts; nothing depends on it. Who owns a folder of the relay gains nothing by what lies in it.
starts_from ready

announces relay 'rassist-tidy'
opened device --for 1h
keyed sn123 >/dev/null
that "support gets in"                    says '^device$' reaching sn123 hostname
tunnel=$(on relay sh -c 'ls /var/lib/rassist/windows')
identity=$(on relay sh -c 'ls /var/lib/rassist/identities')
on relay rassist device add sn777 >/dev/null
tidy() { on relay rassist tidy; }

say "The timer is there, and finds nothing to do"
that "it goes with the relay's door"      works on relay systemctl is-active rassist-tidy.timer
that "the service runs in its sandbox"    works on relay systemctl start rassist-tidy.service
that "all is as it was"                   works on relay test -e "/var/lib/rassist/windows/$tunnel" -a -e "/var/lib/rassist/identities/$identity"

say "Three days later"
that "what has expired goes: a window, a token" says 'Removed 2 expired records' on relay faketime -f +3d rassist tidy
that "the window's record has gone"       fails on relay test -e "/var/lib/rassist/windows/$tunnel"
that "its subject's entry, too"           fails on relay sh -c 'ls -A /var/lib/rassist/windows/.subjects | grep sn123'
that "the token, too"                     fails on relay sh -c 'find /var/lib/rassist/activations ! -type d | grep .'
that "the identity stays"                 works on relay test -e "/var/lib/rassist/identities/$identity"
that "the device enrols again, by itself or by a new window" works on device rassist extend --for 30m
that "and support gets in"                within 100 says '^device$' reaching sn123 hostname

say "The same by the service, as the account's own folders allow"
on device rassist close >/dev/null
on relay sh -c 'for r in /var/lib/rassist/windows/[A-Za-z0-9_-]*; do sed -i "s/^expires = .*/expires = 1790000001/" $r; chown rassist-device: $r; done'
that "the service takes it away"          works on relay systemctl start rassist-tidy.service
that "nothing is left"                    fails on relay sh -c 'ls -A /var/lib/rassist/windows | grep -v subjects'
opened device --for 1h
keyed sn123 >/dev/null
that "the account can write there as ever" says '^device$' reaching sn123 hostname

say "A hold that was killed leaves its name, half written files are left by a crash"
on relay sh -c 'setpriv --reuid rassist-tunnel --clear-groups touch /run/rassist/ready/sn999; touch -d "2 hours ago" /var/lib/rassist/identities/.tmp.0123456789abcdef'
that "tidied"                             works tidy
that "the name has gone"                  fails on relay test -e /run/rassist/ready/sn999
that "the name of a tunnel that is up stays" works on relay test -e /run/rassist/ready/sn123
that "a young file stays, whatever date it was given" works on relay test -e /var/lib/rassist/identities/.tmp.0123456789abcdef
that "an old one goes"                    works on relay faketime -f +2h rassist tidy
that "it has gone"                        fails on relay test -e /var/lib/rassist/identities/.tmp.0123456789abcdef

say "Whoever has one of the devices' accounts lays traps"
trap_is_harmless() { # ACCOUNT SHELL-COMMAND
	on relay setpriv --reuid "$1" --regid "$1" --clear-groups sh -c "$2"
	on relay sh -c 'timeout 20 faketime -f +3d rassist tidy || :'
	that "the registry, staff and the key are there" works on relay sh -c 'test -s /var/lib/rassist/devices/sn123 && test -s /var/lib/rassist/relay_host_ed25519_key && ls /var/lib/rassist/staff | grep -q .'
	that "sam logs in"                    says 'device|DEVICE' as support ssh rassist-relay list
}
trap_is_harmless rassist-device 'cd /var/lib/rassist/windows && mv .subjects was && ln -s /var/lib/rassist/devices .subjects'
on relay sh -c 'cd /var/lib/rassist/windows && rm .subjects && mv was .subjects'
trap_is_harmless rassist-tunnel 'cd /run/rassist/ready && ln -s /var/lib/rassist/devices/sn123 sn998 && mkfifo sn997 && rm -f .lock && ln -s /var/lib/rassist/devices/sn123 .lock'
on relay rm /run/rassist/ready/.lock
trap_is_harmless rassist-device 'cd /var/lib/rassist/windows && mkfifo -m 644 "$(printf %043d 0 | sed s/.$/A/)"'
on relay sh -c 'rm -f /run/rassist/ready/sn99* /var/lib/rassist/windows/0*'
that "the link's target is what it was"   says '^\[device\]$' on relay head -1 /var/lib/rassist/devices/sn123
