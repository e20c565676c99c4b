# shellcheck shell=bash
# Whatever of ours is killed: the window keeps its code and ends on time, and an ended one never opens again by itself.
starts_from ready
announces device 'rassist-tunnel.service'
announces device 'rassist-sweep.service'
announces device 'rassist-login'

agent_pid() { on device systemctl show -P MainPID rassist-tunnel; }
another_agent() { [[ $(agent_pid) != "$1" && $(agent_pid) != 0 ]]; }

opened device --for 10m
keyed sn123 >/dev/null
that "support is in" says '^rassist$' reaching sn123 id -un

say "kill -9 of the agent: same window, same code, tunnel back"
agent=$(agent_pid)
on device kill -9 "$agent"
that "systemd starts it again"     within 5 works another_agent "$agent"
that "the tunnel comes back"       within 15 says '^up$' tunnel_of device
that "the code is the same"        says "$CODE" code_of device
that "support gets in as before"   within 5 says '^rassist$' reaching sn123 id -un

say "kill -9 of the agent's ssh: tunnel back"
on device sh -c 'kill -9 $(pgrep -u rassist-agent -x ssh)'
that "support gets in as before"   within 15 says '^rassist$' reaching sn123 id -un

say "A stop in the middle of the agent's restart back-off closes the window"
on device sh -c 'mkdir -p /run/systemd/system/rassist-tunnel.service.d; printf "[Service]\nRestartSec=600\n" >/run/systemd/system/rassist-tunnel.service.d/slow.conf; systemctl daemon-reload'
on device kill -9 "$(agent_pid)"
that "it waits for its restart"    within 5 says auto-restart on device systemctl show -P SubState rassist-tunnel
on device systemctl stop rassist-agent
that "the window is closed"        fails with 3 on device systemctl is-active rassist-agent rassist-tunnel rassist-login.socket
that "nothing of it is left"       works on device sh -c '! ls /run/rassist/window /run/rassist/secret/code /run/rassist/login.sock 2>/dev/null'
that "it stays closed"             during 2 fails with 3 on device systemctl is-active rassist-agent rassist-tunnel
on device sh -c 'rm -r /run/systemd/system/rassist-tunnel.service.d; systemctl daemon-reload; systemctl reset-failed'

say "An opening that hangs is undone, and says so"
on device sh -c 'mkdir -p /run/systemd/system/rassist-agent.service.d; printf "[Service]\nExecStartPost=/bin/sleep 60\nTimeoutStartSec=2\n" >/run/systemd/system/rassist-agent.service.d/slow.conf; systemctl daemon-reload'
that "the admin is told"           fails with 69 saying 'failed: it took longer than the unit.s TimeoutStartSec; .* opened' on device rassist open
announces device 'Failed to start rassist-agent.service'
that "the window is closed"        fails with 3 on device systemctl is-active rassist-agent rassist-tunnel rassist-login.socket
that "nothing of it is left"       works on device sh -c '! ls /run/rassist/window /run/rassist/secret/code /run/rassist/login.sock 2>/dev/null'
on device sh -c 'rm -r /run/systemd/system/rassist-agent.service.d; systemctl daemon-reload; systemctl reset-failed'

say "kill -9 of everything of ours, again and again: access still ends at the deadline"
opened device --for 8s
keyed sn123 >/dev/null
background shell as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'sleep 1000'
that "support is in" within 5 works on device pgrep -u rassist -x sleep
background killer on device sh -c 'while :; do for name in rassist-agent window authkeys; do pkill -9 -x $name; done; done'
ends shell within 12
that "the window ends on its time" within 10 fails with 3 on device systemctl is-active rassist-agent
that "support is refused" fails reaching sn123 true
that "no process of support's is left" within 2 fails on device pgrep -au rassist
stop killer
that "it stays closed"             during 2 fails with 3 on device systemctl is-active rassist-tunnel rassist-login.socket
on device systemctl reset-failed
that "a new window is a clean one" works on device rassist open --for 10m

say "A power cut: nothing opens by itself, and what support left on disk is swept before cron can run it"
CODE=$(code_of device)
secret "$CODE"
that "the tunnel comes up" within 15 says '^up$' tunnel_of device
keyed sn123 >/dev/null
reaching sn123 'echo "* * * * * touch /tmp/cron-ran" | crontab -; cp /bin/sleep /var/tmp/left; chmod 4755 /var/tmp/left'
power_cut device
that "the window is closed"            fails with 3 on device rassist status
that "nothing of it is in /run"        works on device sh -c '! ls /run/rassist/window /run/rassist/secret/code /run/rassist/login.sock 2>/dev/null'
that "crontab and setuid file are gone" works on device sh -c '! ls /var/spool/cron/crontabs/rassist /var/tmp/left 2>/dev/null'
that "support is refused"              fails with 255 reaching sn123 true

say "A close that was killed has left the tunnel's key: the sweep takes it away"
on device sh -c 'install -d -o rassist-agent -g rassist-agent /run/rassist-agent; install -o rassist-agent -m 600 /dev/null /run/rassist-agent/tunnel_key; echo unknown >/var/lib/rassist/unswept'
that "it runs"                         works on device systemctl start rassist-sweep.service
that "the key is gone"                 fails with 1 on device test -e /run/rassist-agent/tunnel_key
that "and nothing is left to sweep"    fails with 1 on device test -e /var/lib/rassist/unswept

say "A reboot: the same, and it was said goodbye properly"
opened device --for 10m
keyed sn123 >/dev/null
background shell as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'trap "" TERM; sleep 1000; sleep 1000'
that "support is in" within 5 works on device pgrep -u rassist -x sleep
reboot device
ends shell within 5
that "the window is closed"            fails with 3 on device rassist status
that "support is refused"              fails with 255 reaching sn123 true
