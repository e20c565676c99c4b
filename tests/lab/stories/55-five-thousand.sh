# shellcheck shell=bash
# A person in whose scope 5,000 devices are open, more than a key's line can carry: logs in, and reaches any of them with one word more.
starts_from ready
timeout=600

say "5,000 devices of one customer, registered at one stroke"
{ echo serial,groups; seq -f 'aa%04g,acme' 1 4999; } | on relay sh -c 'cat >/root/devices.csv'
that "they are imported"          says 'Registered 4999 devices' on relay rassist device import /root/devices.csv
that "sn123 is one of that group" works on relay sh -c 'cd /var/lib/rassist/devices && sed -i "s/^blocked/groups = acme\nblocked/" sn123 && rassist tidy --groups'
as support cat .ssh/id_ed25519.pub | on relay rassist staff add sam --key - --devices '@acme' >/dev/null

say "All of them open: 4,999 tunnels held by one process of the tunnels' account, and one real device"
# a tunnel's grant for each, as enroll stores it, and the lock that hold has
on relay setpriv --reuid rassist-device --regid rassist-device --clear-groups perl - <<'END'
my $until = time + 3600;
umask 022;
for my $n (1 .. 4999) {
	my $serial = sprintf "aa%04d", $n;
	my $name = sprintf "%042dA", $n;
	my $key = sprintf "AAAAC3NzaC1lZDI1NTE5AAAAIA%042d", $n;
	open my $grant, ">", "/var/lib/rassist/windows/$name" or die "$name: $!";
	print $grant "[grant]\nversion = 1\nrole = tunnel\nsubject = $serial\nissued = 1790000000\nexpires = $until\nwindow = 0123456789\nsequence = 1\nrelay = relay\nkey-type = ssh-ed25519\nkey = $key\n";
	close $grant;
	open my $pointer, ">", "/var/lib/rassist/windows/.subjects/$serial" or die $!;
	print $pointer "$name\n";
	close $pointer;
}
END
on relay sh -c 'cat >/run/holds' <<'END'
use Fcntl;
my @held;
umask 022;
for my $n (1 .. 4999) {
	my $serial = sprintf "aa%04d", $n;
	open my $ready, "+>", "/run/rassist/ready/$serial" or die "$serial: $!";
	my $lock = pack("s s x4 q q i x4", F_WRLCK, 0, 0, 0, 0);
	fcntl($ready, 37, $lock) or die "F_OFD_SETLK: $!";
	push @held, $ready;
}
$| = 1;
print "held\n";
sleep;
END
background holds on relay sh -c 'ulimit -n 8192; exec setpriv --reuid rassist-tunnel --regid rassist-tunnel --clear-groups perl /run/holds'
that "they are held" within 60 says held output holds
opened device --for 1h
keyed sn123 >/dev/null

say "The desk"
began=$(now_ms)
that "sam logs in and sees them all"      says '^aa0001 ' saying '^aa4999 ' saying '^sn123 ' as support ssh rassist-relay list
figure "desk list of 5,000 open devices" $(($(now_ms) - began)) ms
that "is told that there are more than one connection carries, and what to do" \
	says '5000 devices are open to you, and one connection reaches 1000' saying 'take SERIAL' saying 'ControlMaster' as support ssh rassist-relay list

say "One that the line carries, one that it does not"
# what a tunnel's listener would say, at the address of three of them
for serial in aa0001 aa3000 aa4999; do
	address=$(on relay sed -n 's/^address = //p' "/var/lib/rassist/devices/$serial")
	background "listener.$serial" on relay setpriv --reuid rassist-tunnel --regid rassist-tunnel --clear-groups \
		socat "TCP-LISTEN:10022,bind=$address,fork,reuseaddr" "SYSTEM:echo SSH-2.0-$serial"
	that "$serial listens" within 5 works on relay sh -c "ss -Hltn | grep -q $address:10022"
done
that "the desk shows a device past the thousandth" says '^aa3000 is open' as support ssh rassist-relay show aa3000
through() { as support ssh -o BatchMode=yes -W "$1.rassist:10022" rassist-relay </dev/null; }
that "the first is reached"                 says 'SSH-2.0-aa0001' through aa0001
that "the 3,000th is not"                   fails with 255 saying 'stdio forwarding failed' through aa3000
that "nor the real one, the last by serial" fails with 255 saying 'stdio forwarding failed' reaching sn123 true

say "One word more"
that "take"                                 says 'aa3000 is taken' saying 'ssh aa3000.rassist' as support ssh rassist-relay take aa3000
that "and it is reached"                    says 'SSH-2.0-aa3000' through aa3000
that "take another"                         works as support ssh rassist-relay take aa4999
that "both are reached"                     says 'SSH-2.0-aa4999SSH-2.0-aa3000' as support sh -c 'for one in aa4999 aa3000; do ssh -o BatchMode=yes -W $one.rassist:10022 rassist-relay </dev/null | tr -d "\n"; done'
that "take the real one"                    works as support ssh rassist-relay take sn123
that "and plain ssh logs in to it"          says '^device$' reaching sn123 hostname
that "the first is reached as before"       says 'SSH-2.0-aa0001' through aa0001

say "Over a connection of before, nothing changes; the person was told so"
background master as support ssh -o BatchMode=yes -M -S /home/sam/.master -N rassist-relay
that "a shared connection is there"         within 10 works as support ssh -S /home/sam/.master -O check rassist-relay
that "take over it"                         works as support ssh -S /home/sam/.master rassist-relay take aa0999
that "take one that it does not carry"      says 'end it with' as support ssh -S /home/sam/.master rassist-relay take aa2500
address=$(on relay sed -n 's/^address = //p' /var/lib/rassist/devices/aa2500)
background listener.aa2500 on relay setpriv --reuid rassist-tunnel --regid rassist-tunnel --clear-groups \
	socat "TCP-LISTEN:10022,bind=$address,fork,reuseaddr" "SYSTEM:echo SSH-2.0-aa2500"
that "aa2500 listens" within 5 works on relay sh -c "ss -Hltn | grep -q $address:10022"
that "the old connection does not reach it" fails with 255 as support ssh -S /home/sam/.master -W aa2500.rassist:10022 rassist-relay
that "a new one does"                       says 'SSH-2.0-aa2500' through aa2500
as support ssh -S /home/sam/.master -O exit rassist-relay

say "Taking permits nothing"
on relay rassist device add zz1 >/dev/null
that "out of scope it is refused"           fails with 68 saying 'zz1 is not registered here, or is not in your scope' as support ssh rassist-relay take zz1
on relay rassist device block aa4999 >/dev/null
that "a blocked device is refused"          fails with 69 saying 'aa4999 is blocked' as support ssh rassist-relay take aa4999
that "and is reached no more, taken or not" fails with 255 through aa4999
for text in 'garbage' "$(printf '[taken]\nversion = 1\nserials = zz1 aa4999 aa3000')"; do
	on relay sh -c 'printf "%s\n" "$0" >/run/rassist/taken/sam' "$text"
	that "with the record spoilt, login and scope are as ever" says 'zz1 is not registered here' as support sh -c 'ssh rassist-relay show zz1; true'
	that "the first is reached"             says 'SSH-2.0-aa0001' through aa0001
done
that "what was taken before a restart of the relay's door is as good as ever" works on relay systemctl restart rassist-relay

say "Rescoped and revoked in mid-session, over a ControlMaster that was made before"
that "the tunnel of device is back" within 30 says '^up$' tunnel_of device
master() {
	background master as support ssh -o BatchMode=yes -M -S /home/sam/.master -N rassist-relay
	that "a shared connection is there"     within 10 works as support ssh -S /home/sam/.master -O check rassist-relay
}
over_it() { as support ssh -o ControlMaster=no -o ProxyCommand=false -S /home/sam/.master -W aa0001.rassist:10022 rassist-relay </dev/null; }
timed() { # SENTENCE cmd…: the connection ends; printed: how long after the verb began
	local sentence=$1 since; shift
	since=$(now_ms)
	background verb "$@"
	ends master within 10 with 255
	figure "$sentence, to the end of the shared connection" $(($(now_ms) - since)) ms
	ends verb within 20 with 0
	that "nothing goes over it"             fails with 255 without SSH-2.0 over_it
}
master
that "over it a device is reached"          says 'SSH-2.0-aa0001' over_it
timed "scope of 5,000 open devices narrowed to a thousand" on relay rassist staff set sam --devices 'aa0*'
that "what is left of the scope is reached" says 'SSH-2.0-aa0001' through aa0001
that "what is not, not"                     fails with 255 through aa3000
on relay rassist staff set sam --devices '@acme' >/dev/null
master
timed "the person's key revoked" on relay rassist revoke key "$(as support ssh-keygen -lf .ssh/id_ed25519.pub | cut -d' ' -f2)"
that "and there is no new one"              fails with 255 saying 'Permission denied' as support ssh -o BatchMode=yes rassist-relay list
stop holds
