# shellcheck shell=bash
# rassist history: who was there, when, and why it ended, on the device and on the relay; each kind of end.
starts_from ready

desk() { as support ssh -o BatchMode=yes rassist-relay "$@"; }
# first HOST JQ: "what who state why" of the newest row that fits
first() { on "$1" rassist history --json | jq -r "[.[] | select($2)][0] | \"\(.what) \(.who) \(.state) \(.why)\""; }
ends_of() { journal "$1" --since="@$STORY_SINCE" -o cat MESSAGE_ID=3f1c7a1e5d0b4f0a9a5be6a2c0d1e004 "RASSIST_ROLE=$2" | grep -c .; }
stays() { background "$1" as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'echo in; sleep 1000'; that "support is in" within 10 says '^in$' output "$1"; }

say "Closed by the customer, with support inside"
opened device --for 30m
keyed sn123 >/dev/null
that "a short session"                            says '^device$' reaching sn123 hostname
that "ended by itself, says the device"           within 5 says '^session sn123 ended the connection was closed$' first device '.what == "session"'
stays inside
that "the other is live"                          says '^session sn123 live null$' first device '.what == "session"'
that "and the person's on the relay, too"         says '^session sam live null$' first relay '.what == "session"'
on device rassist close >/dev/null
that "the session ended with the window"          within 5 says '^session sn123 ended the window ended$' first device '.what == "session"'
that "the window was stopped before its end"      says '^window sn123 ended stopped 2?9m( [0-9]+s)? before its end$' first device '.what == "window"'
that "the relay has the end of the tunnel"        within 10 says '^tunnel sn123 ended ' first relay '.what == "tunnel"'
that "and of the person's session"                within 10 says '^session sam ended the connection was closed$' first relay '.what == "session"'
that "one end for each session: two here"         says '^2$' ends_of device assist
stop inside || :

say "The time was over"
opened device --for 12s
keyed sn123 >/dev/null
stays timed
that "the window ends"                            within 40 fails with 3 on device rassist status
that "its time was over"                          within 5 says '^window sn123 ended its time was over$' first device '.what == "window"'
that "the session with it"                        says '^session sn123 ended the window ended$' first device '.what == "session"'
stop timed || :

say "The person's key is taken away: cut, and why"
opened device --for 30m
keyed sn123 >/dev/null
stays cut
on relay rassist staff remove sam >/dev/null
ends cut within 10 || :
that "the relay has the end"                      within 10 says '^session sam ended ' first relay '.what == "session"'
on relay sh -c 'rm -f /root/sam.pub'
as support cat .ssh/id_ed25519.pub | on relay rassist staff add sam --key - --devices 'sn*' >/dev/null

say "sshd is killed without a goodbye"
stays killed
on relay sh -c 'kill -9 $(sed -n "s/^pid = //p" /run/rassist/sessions/staff.sam/[0-9]*)'
stop killed || :
that "the next look at the sessions tells its end, once" works on relay rassist sessions --enforce
that "as what it was"                             within 5 says '^session sam ended its sshd was killed$' first relay '.what == "session"'
that "and it is told once"                        works on relay rassist sessions --enforce
that "so each staff session has one end"          works eval '[ "$(ends_of relay staff)" = "$(journal relay --since="@$STORY_SINCE" -o cat MESSAGE_ID=3f1c7a1e5d0b4f0a9a5be6a2c0d1e003 RASSIST_ROLE=staff | grep -c .)" ]'

say "The device dies without a goodbye, and the window is swept at boot"
WINDOW=$(on device sed -n 's/^id = //p' /run/rassist/window)
power_cut device
that "its window ended without a goodbye"         within 20 says "$WINDOW.*ended without a goodbye" on device rassist history

say "The journal takes nothing for a while: what is to be told waits for it"
on relay sh -c 'kill -STOP "$(systemctl show -P MainPID systemd-journald)"'
on relay perl -MIO::Socket::UNIX -e '
	my $queue = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => "/run/systemd/journal/socket", Blocking => 0) or die;
	1 while $queue->send("MESSAGE=the queue is full\nPRIORITY=7\n")'
background late as support ssh -o BatchMode=yes rassist-relay list
that "a person waits"                             during 3 works running late
on relay sh -c 'kill -CONT "$(systemctl show -P MainPID systemd-journald)"'
ends late within 20
that "the relay knows of the session"             within 5 says '^session sam ended the connection was closed$' first relay '.what == "session"'

say "Filters"
that "by serial: no person"                       says 'tunnel +sn123' without ' sam ' on relay rassist history sn123
that "by person: no tunnel"                       says 'session +sam' without 'tunnel' on relay rassist history sam
that "somebody who was never there"               says 'Nothing of it' on relay rassist history nobody
that "--limit"                                    says '^2$' eval "on relay rassist history --json --limit 2 | jq length"
that "--since the future"                         says '^0$' eval "on relay rassist history --json --since 2099-01-01 | jq length"
that "--since a while ago"                        works eval "on relay rassist history --json --since 1h | jq -e 'length > 5'"
that "newest first"                               works eval "on relay rassist history --json | jq -e 'map(.start) == (map(.start) | sort | reverse)'"
that "what is no time"                            fails with 64 saying 'is no time' on relay rassist history --since yesterday
that "only root"                                  fails with 77 as alice@device rassist history

say "A journal in memory alone"
on relay sh -c 'mkdir -p /etc/systemd/journald.conf.d && printf "[Journal]\nStorage=volatile\n" >/etc/systemd/journald.conf.d/v.conf && systemctl restart systemd-journald && rm -rf /var/log/journal'
that "history says so"                            says 'in memory alone' on relay rassist history
that "why as well"                                says 'in memory alone' on relay rassist why
