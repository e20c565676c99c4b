# shellcheck shell=bash
# S20: open is what answers, end to end. The desk and the relay's root see how the device's own ssh answers through the tunnel, and how old that is.
needs device2
starts_from ready
on relay sh -c 'printf "[relay]\nheartbeat = 20s\nheartbeat-limit = 60s\n" >/etc/rassist/rassist.conf.d/60-slow.conf'
installed device2
activate device2 sn200 >/dev/null

desk() { as support ssh -o BatchMode=yes rassist-relay "$@"; }
shown() { { desk show "$1" --json || :; } | jq -r "$2"; }    # what is not open ends with 69
state_of() { shown "$1" .state; }
probed() { shown "$1" .probe.result; }
seen_by_root() { on relay rassist windows --json | jq -r '.[] | "\(.serial) \(.probe.result)"'; }
tunnel_ssh() { on "$1" pgrep -u rassist-agent -x ssh; }

opened device2 --for 30m
opened device --for 30m

say "Both answer"
that "the desk shows both, and that their ssh answers"  says 'sn123 +answers' saying 'sn200 +answers' desk list
that "with how long ago that was"                       says '^answers [0-9]+ [0-9]+$' eval "desk list --json | jq -r '.devices[] | select(.serial == \"sn123\") | .probe | \"\(.result) \(.age) \(.took_ms)\"'"
that "the relay's root as well"                         says 'sn123 answers' saying 'sn200 answers' seen_by_root
that "for one device alone"                             says 'sn123' without 'sn200' on relay rassist windows 'sn12*'
that "and in device show"                               says 'Its ssh +answers, ' on relay rassist device show sn123
that "the answer is kept for a while, not asked for at each look" says "^$(on relay sed -n 's/^at = //p' /run/rassist/probes/sn123)$" \
	on relay sed -n 's/^at = //p' /run/rassist/probes/sn123
that "desk show says how to get in"                     says 'sn123 is open' saying 'get in +ssh sn123.rassist' saying 'in use +0 connections' desk show sn123

say "What a probe leaves on the device"
PROBES=$(journal device --since="@$STORY_SINCE" -o cat | grep -c 'Connection closed by UNKNOWN' || :)
that "sshd's line of one connection that went away"     works test "$PROBES" -ge 1
that "and no error"                                     fails eval "journal device --since=@$STORY_SINCE -p err -o cat | grep -E 'kex_exchange|banner'"
figure "lines in the device's journal for a probe" "$(journal device --since="@$STORY_SINCE" -o cat | grep -cE 'rassist-login@|Connection closed by UNKNOWN' | awk -v n="$PROBES" '{ printf "%.0f", $1 / n }')" lines

say "Somebody is in"
keyed sn123 >/dev/null
background session as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'echo in; sleep 1000'
that "support is in"                                    within 10 says '^in$' output session
that "the desk says how many use it"                    says 'in use +1 connection to its ssh' desk show sn123
stop session || :

say "The device's ssh is stopped: its sockets stand, nothing answers"
on device sh -c 'kill -STOP $(pgrep -u rassist-agent -x ssh)'
began=$(now_ms)
that "the tunnel still stands by its socket"            works on relay sh -c 'ss -Hltn | grep -q 127.64.0.1:10022'
that "the desk no longer calls it open"                 within 40 says '^no-answer$' state_of sn123
figure "stopped device: until the desk tells" $(($(now_ms) - began)) ms
that "it says what it sees"                             fails with 69 saying 'sn123 does not answer: its tunnel stands since' saying 'no answer, ' desk show sn123
that "in the list, too, and the other answers"          says 'sn123 +no answer' saying 'sn200 +answers' desk list
that "root sees the same"                               within 10 says 'sn123 no-answer' saying 'sn200 answers' seen_by_root
on device sh -c 'kill -CONT $(pgrep -u rassist-agent -x ssh)'
that "continued, it is open again soon"                 within 15 says '^open$' state_of sn123

say "The device is black-holed"
blackhole device on
that "the desk says no answer"                          within 45 says '^no-answer$' state_of sn123
blackhole device off
that "and open when it is back"                         within 30 says '^open$' state_of sn123

say "The device's door is shut, the tunnel stands"
on device2 systemctl stop rassist-login.socket
that "the desk says that nobody is there"               within 45 says '^closed$' probed sn200
that "and does not call it open"                        says '^no-answer$' state_of sn200

say "Who may not connect there asks in vain"
that "probe, run as somebody else, says refused"        says '^result = refused' on relay sh -c 'rm -f /run/rassist/probes/sn123; echo sn123 | /usr/libexec/rassist/probe; cat /run/rassist/probes/sn123'
