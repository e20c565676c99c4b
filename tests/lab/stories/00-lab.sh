# shellcheck shell=bash
# The lab tested by itself: systems, network, ways in.

say "The network is as described"
that "support reaches the relay"                       works on support ping -c1 -W2 relay
that "support reaches the relay by IPv6"               works on support ping -6 -c1 -W2 relay
that "support does not reach the device's own network" fails on support ping -c1 -W1 192.168.50.2
that "support does not get through the device's NAT"   fails on support nc -zw1 203.0.113.50 22
that "there is no way out of the lab"                  fails on support ping -c1 -W1 192.0.2.1
background listener on relay socat -u TCP-LISTEN:7000,reuseaddr SYSTEM:'cat; echo from $SOCAT_PEERADDR'
that "the relay listens" within 5 works on relay sh -c 'ss -tln | grep -q :7000'
on device sh -c 'echo hello | nc -N relay 7000'
ends listener within 5 with 0
that "the relay sees the device as its NAT" says '^from 203\.0\.113\.50$' output listener
that "the device shows its page" says 'hello from device' on device curl -sS http://127.0.0.1/

say "What goes in comes out unchanged"
that "arguments are not split again" says '^<a b><\$HOME \*><"q">$' on device printf '<%s>' 'a b' "\$HOME *" '"q"'
that "an exit status passes"         fails with 42 on device sh -c 'exit 42'
that "a death by a signal shows"     fails with 137 on device sh -c 'kill -9 $$'
that "stdin passes"                  says '^from the story$' on device cat <<<"from the story"
that "a user has a login's environment" says '^sam /home/sam /home/sam$' as support sh -c 'echo $USER $HOME $PWD'
that "commands have a unit of their own" says '/lab\.service$' on device cat /proc/self/cgroup
that "nobody can set the clock" fails on device date -s 12:00
that "a prompt is answered" says '^got K7QF$' \
    as support typing "yes" at "sure" then "K7QF" at "code" -- sh -c 'read -p "Sure? " a; stty -echo; printf "Code: "; read b; echo; echo got $b'
that "the status of a typed program passes" fails with 7 as support typing x at name -- sh -c 'echo name; read n; exit 7'
that "a login to the device's own sshd works" works \
    on device typing yes at fingerprint then wonderland at password -- ssh alice@localhost true

say "Background programs are held"
background sleeper as support sleep 1000
that "it runs" works on support pgrep -u sam -x sleep
signal sleeper KILL
ends sleeper within 2 with 137
background sleeper as support sleep 1000
stop sleeper
that "it has gone" fails on support pgrep -u sam -x sleep
