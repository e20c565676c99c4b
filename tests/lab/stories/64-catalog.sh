# shellcheck shell=bash
# journalctl -x explains each entry in words for people; the entry of an event has its fields.
starts_from ready

explained() { journal "$1" --since="@$STORY_SINCE" -x "MESSAGE_ID=$2"; }
opened device --for 30m
keyed sn123 >/dev/null
that "support is in"             says '^device$' reaching sn123 hostname
on device rassist extend --for 20m >/dev/null
on device rassist close >/dev/null
WINDOW=$(journal device --since="@$STORY_SINCE" -o json MESSAGE_ID=3f1c7a1e5d0b4f0a9a5be6a2c0d1e005 | tail -1 | jq -r .RASSIST_WINDOW)

that "a window opened"           says 'Subject: An assistance window was opened' saying "Assistance window $WINDOW of sn123 is open" explained device 3f1c7a1e5d0b4f0a9a5be6a2c0d1e005
that "changed"                   says 'Subject: The end of an assistance window was moved' explained device 3f1c7a1e5d0b4f0a9a5be6a2c0d1e006
that "closed, and why"           says 'Subject: An assistance window was closed' saying "$WINDOW is over: stopped " explained device 3f1c7a1e5d0b4f0a9a5be6a2c0d1e007
that "a session, with the command that tells more" within 5 says 'Subject: A session has ended' saying 'after [0-9]+ seconds: the connection was closed' saying 'rassist why [0-9a-z]{10}' \
	explained device 3f1c7a1e5d0b4f0a9a5be6a2c0d1e004
that "an enrolment"              says 'Subject: A device was enrolled' saying "tunnel key of sn123 for window $WINDOW" explained relay 3f1c7a1e5d0b4f0a9a5be6a2c0d1e009
that "a tunnel"                  says 'Subject: A tunnel is up' explained relay 3f1c7a1e5d0b4f0a9a5be6a2c0d1e00b
that "its end"                   within 10 says 'Subject: A tunnel is down' explained relay 3f1c7a1e5d0b4f0a9a5be6a2c0d1e00c

say "Each entry of ours that has an id is explained: none is left without a text"
unexplained() { journal "$1" --since="@$STORY_SINCE" -o json | jq -r 'select(.RASSIST_ID != null or .RASSIST_SERIAL != null) | .MESSAGE_ID // empty' | sort -u | while read -r id; do
	on "$1" journalctl --list-catalog "$id" 2>/dev/null | grep -q . || echo "$id"; done; }
for host in device relay; do
	that "on the $host"          works test -z "$(unexplained "$host")"
	that "and there were some"   works eval "[ \$(journal $host --since=@$STORY_SINCE -o json | jq -r 'select(.RASSIST_SERIAL != null) | .MESSAGE_ID // empty' | sort -u | wc -l) -ge 4 ]"
done
