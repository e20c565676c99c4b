# shellcheck shell=bash
# Clients that say nothing, talk nonsense, log in and stay silent, or enrol in a loop: they cost the others nothing but a share of the processor.
needs device2 support2
starts_from ready

SSH="ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay -p 443"
installed device2
activate device2 sn666 >/dev/null
opened device --for 20m
keyed sn123 >/dev/null
that "support gets in" says '^device$' reaching sn123 hostname
public_key() { on device2 ssh-keygen -yf /var/lib/rassist/identity | cut -d' ' -f2; }
on device2 ssh-keygen -q -t ed25519 -N '' -f /root/tunnel
# request: a good one of device2's
on device2 sh -c "printf '[enroll]\nversion = 1\nwindow = 0123456789\nsequence = 1\nseconds = 600\nkey-type = ssh-ed25519\nkey = %s\nid = 0000000001\n' \
	\$(cut -d' ' -f2 /root/tunnel.pub) >/root/request"

figure_of() { local began; began=$(now_ms); that "$2" within 20 works reaching sn123 true; TOOK=$(($(now_ms) - began)); figure "$1" "$TOOK" ms; }
figure_of "a support login, quiet relay" "support gets in, quietly"

say "Three hundred connections that say nothing, and three hundred that talk nonsense"
on support2 sh -c 'cat >/root/attack.pl' <<'PL'
use IO::Socket::INET;
$SIG{PIPE} = "IGNORE";
my ($kind, $count) = @ARGV;
my @held;
while (1) {
	for my $i (0 .. $count - 1) {
		if ($held[$i]) {
			my $said = $held[$i]->recv(my $text, 4096, 0x40);    # MSG_DONTWAIT
			next if !defined $said && $!{EAGAIN} || length $text;
		}
		$held[$i] = IO::Socket::INET->new(PeerAddr => "203.0.113.10:443", Timeout => 2) or next;
		print {$held[$i]} "SSH-2.0-x\r\n", map({ chr rand 256 } 1 .. 2000) and $held[$i]->flush if $kind eq "garbage";
	}
	select undef, undef, undef, 0.2;
}
PL
announces relay 'rassist-relay|sshd'
background silent on support2 perl /root/attack.pl silent 300
background garbage on support2 perl /root/attack.pl garbage 300
# what sshd itself says in its name of those who are not through their login
startups() { on relay sh -c 'ps -o args= -p $(systemctl show -P MainPID rassist-relay)' | sed -n 's/.*] \([0-9]*\) of .* startups.*/\1/p'; }
many() { [[ $(startups) -ge 100 ]]; }
within_share() { [[ $(startups) -le 155 ]]; }
that "they are there" within 20 works many
that "one address has no more than its 150 places of 600" during 3 works within_share
figure_of "a support login beside them" "support gets in"
that "the customer's window is extended: the device enrols" works on device rassist extend --for 25m
that "and is granted" within 10 says 'sn123: tunnel key accepted' journal relay -n 3 -t rassist-enroll
agent_pid() { on device systemctl show -P MainPID rassist-tunnel; }
old=$(agent_pid)
that "the agent is killed" works on device systemctl kill -s KILL rassist-tunnel
another_agent() { local now; now=$(agent_pid) && [[ $now != 0 && $now != "$old" ]]; }
that "the tunnel comes up anew, too" within 10 works another_agent
that "it is up" within 30 says '^up$' tunnel_of device
figure_of "a support login after that" "support gets in by it"
stop silent || :
stop garbage || :
on support2 pkill -9 perl || :

# few at a time: the attacker's processor is the relay's here
say "A device that enrols in a loop, three at a time, and as many logins that say nothing"
on device2 sh -c 'cat >/root/loop.sh' <<SH
for n in 1 2 3; do
	(while :; do $SSH -i /var/lib/rassist/identity rassist-device@relay enroll </root/request >/dev/null 2>&1; done) &
	(while :; do $SSH -N -i /var/lib/rassist/identity rassist-device@relay </dev/null >/dev/null 2>&1; done) &
done
wait
SH
background loop on device2 bash /root/loop.sh
identities() { on relay sh -c 'ls /run/rassist/sessions/identity.sn666 2>/dev/null | grep -c "^[0-9]*$" || :'; }
refused_logins() { journal relay --since="@$STORY_SINCE" -o cat -t pam_rassist | grep -c 'session refused: sn666 has 4 logins of this kind already' || :; }
some() { [[ $(refused_logins) -ge 5 ]]; }
that "those beyond its few are turned away" within 30 works some
that "it has no more than its few"          during 3 works eval '[[ $(identities) -le 12 ]]'
enrolled() { journal relay --since="@$STORY_SINCE" -o cat -t rassist-enroll | grep -c 'sn666: tunnel key accepted' || :; }
figure_of "a support login beside a device that enrols in a loop" "support gets in"
that "the other device enrols" works on device rassist extend --for 30m
that "and is granted" within 10 says 'sn123: tunnel key accepted for (29m|30m)' journal relay -n 30 -t rassist-enroll
before=$(enrolled) began=$(now_ms)
sleep 5
figure "enrolments of the one in the loop, in $((($(now_ms) - began) / 1000)) s" $(($(enrolled) - before)) times
that "that device's records are whole" says 'sn666' on relay rassist device show sn666
on device2 pkill -9 -f 'loop.sh|sleep 1000|rassist-device@relay'
stop loop || :

say "What a customer's commands may use of the relay"
limits_of() { on relay sh -c 'cat /proc/$(pgrep -u rassist-tunnel -x hold)/limits'; }
that "memory"        says 'Max address space +268435456 ' limits_of
that "open files"    says 'Max open files +256 '          limits_of
that "size of files" says 'Max file size +65536 '         limits_of
that "no core dumps" says 'Max core file size +0 '        limits_of
