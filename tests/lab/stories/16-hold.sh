# shellcheck shell=bash
# S18: a tunnel is dead or alive, never half: in each case the relay's listener is free within seconds, and the agent is back when the network is.
starts_from ready
on relay sh -c 'printf "[relay]\nheartbeat = 1s\nheartbeat-limit = 3s\n" >/etc/rassist/rassist.conf.d/60-quick.conf'

listener() { on relay sh -c 'ss -tlnH | grep 127.64.'; }
hold_pid() { on relay pgrep -u rassist-tunnel -x hold; }
another_hold() { local now; now=$(hold_pid) && [[ $now != "$1" ]]; }
back() { that "the tunnel is back" within 25 says '^rassist$' reaching sn123 id -un; }

opened device --for 20m
keyed sn123 >/dev/null
that "support is in" says '^rassist$' reaching sn123 id -un

say "The agent's ssh is stopped (SIGSTOP), with a forwarded connection open"
background shell as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'sleep 1000'
that "support is in" within 5 works on device pgrep -u rassist -x sleep
old=$(hold_pid)
began=$(now_ms)
on device sh -c 'kill -STOP $(pgrep -u rassist-agent -x ssh)'
that "the relay ends it" within 10 fails on relay kill -0 "$old"
figure "stopped client, to the relay's end of the tunnel" $(($(now_ms) - began)) ms
back
stop shell || :

say "hold is stopped (SIGSTOP)"
old=$(hold_pid)
on relay kill -STOP "$old"
that "the agent gives it up and comes anew" within 20 works another_hold "$old"
back

say "hold is killed (SIGKILL) with a forwarded connection open"
background shell as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'sleep 1001'
that "support is in" within 5 works on device pgrep -u rassist -f 'sleep 1001'
old=$(hold_pid)
on relay kill -9 "$old"
that "the agent comes anew" within 20 works another_hold "$old"
back
stop shell || :

say "The link is black-holed: nothing comes through, nobody says so"
blackhole device on
that "the relay's listener is free" within 10 fails listener
that "the customer sees that the tunnel is down" within 15 says '"(waiting|connecting|enrolling|down)"' on device rassist status --json
blackhole device off
back

say "The link goes down and comes back under another address"
link device down
new_address device
that "the relay's listener is free" within 10 fails listener
link device up
back
