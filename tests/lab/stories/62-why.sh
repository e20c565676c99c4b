# shellcheck shell=bash
# rassist why: one attempt, one id, on both sides as far as ssh lets us; what nobody may forge.
starts_from ready

desk() { as support ssh -o BatchMode=yes rassist-relay "$@"; }
# id_in HOST JQ: of the newest entry of history that fits
id_in() { on "$1" rassist history --json | jq -r "[.[] | select($2)][0].id"; }
why() { on "$1" rassist why "$2"; }

opened device --for 30m
WINDOW=$(on device sed -n 's/^id = //p' /run/rassist/window)

say "An enrolment and its tunnel: one id on device and relay"
ATTEMPT=$(on device sed -n 's/^attempt = //p' /run/rassist-agent/status)
that "the device tells it"                      says 'enrolled at relay' saying 'tunnel is up' saying 'under the same id' why device "$ATTEMPT"
that "the relay tells it, with the connections that carried it" says 'identity session' saying 'tunnel key accepted' saying 'tunnel session' saying 'tunnel up until' why relay "$ATTEMPT"
that "with what sshd itself said"               says 'Accepted publickey for rassist-device' why relay "$ATTEMPT"
that "in the order of their time"               works eval "on relay rassist why $ATTEMPT --json | jq -e 'map(.at) == (map(.at) | sort)'"
that "all of the window, by its id"             says 'tunnel up until' why relay "$WINDOW"
that "on the device as well"                    says "assistance window $WINDOW of sn123 opened" why device "$WINDOW"

say "A good login by key"
keyed sn123 >/dev/null
that "support is in"                            says '^device$' reaching sn123 hostname
that "the session's end is in the journal"      within 5 says '^ended$' eval "on device rassist history --json | jq -r '[.[] | select(.what == \"session\")][0].state'"
LOGIN=$(id_in device '.what == "session"')
that "the device tells it from sshd's first word to its end" says 'Accepted publickey for rassist' saying 'assist session 1 of sn123 from tunnel' saying 'ended after' why device "$LOGIN"
that "and where the other half is"              says "rassist why $WINDOW" saying 'rassist history. there' why device "$LOGIN"
DOOR=$(id_in relay '.what == "session" and .who == "sam"')
that "the relay has the person's connection"    says 'staff session .* of sam from [0-9a-f:.]+' saying 'Accepted publickey for rassist-support' saying 'ended after' why relay "$DOOR"
that "and says what it cannot know"             says 'Which device it was used for ssh does not tell the relay' why relay "$DOOR"

say "A wrong code, and then the right one, on one connection: one id"
PROMPT="Assistance code of sn123: "
prompted() { as support env "$AGENT" typing "$1" at "$PROMPT" then "$2" at "$PROMPT" -- ssh -o PreferredAuthentications=keyboard-interactive -o NumberOfPasswordPrompts=2 sn123.rassist true; }
that "the person is told the attempt's id"      says 'not the code of sn123. .attempt [0-9a-z]{10}' prompted WRNG-0000-00017 "$CODE"
that "its end is in the journal"                within 5 says '^ended$' eval "on device rassist history --json | jq -r '[.[] | select(.what == \"session\" and .key == null)][0].state'"
WRONG=$(on device rassist why --json | jq -r '[.[] | select(.message | test("wrong code"))][0].id')
that "why tells both codes and the session"     says 'wrong code 1 of 5 was typed' saying 'by typed code' saying 'assist session .* from tunnel' saying 'ended after' why device "$WRONG"
that "with what sshd said"                      says 'Accepted keyboard-interactive/pam for rassist' why device "$WRONG"

say "A refused key"
as support ssh-keygen -q -t ed25519 -N '' -f /home/sam/.ssh/stranger
that "the relay refuses it"                     fails with 255 saying 'Permission denied' as support ssh -o BatchMode=yes -o IdentitiesOnly=yes -i /home/sam/.ssh/stranger rassist-relay list
KEY=$(on support ssh-keygen -lf /home/sam/.ssh/stranger.pub | cut -d' ' -f2)
REFUSED=$(journal relay --since="@$STORY_SINCE" -o json RASSIST_FINGERPRINT="$KEY" | tail -1 | jq -r .RASSIST_ID)
that "why tells which key, and sshd's word with the address" says 'no record of key' saying 'authenticating user rassist-support [0-9a-f:.]+ port' why relay "$REFUSED"

say "A command that nobody may run is found among the last refusals"
that "the desk refuses it"                      fails as support ssh -o BatchMode=yes rassist-relay id
that "rassist why without an id shows it, with one" says '[0-9a-z]{10} .*sam: refused: "id" is nothing' on relay rassist why

say "An enrolment refused"
on relay rassist device block sn123 >/dev/null
that "the device is told"                       within 15 says '^blocked$' eval "on device rassist status --json | jq -r .tunnel.trouble"
BLOCKED=$(on device sed -n 's/^attempt = //p' /run/rassist-agent/status)
that "the relay has it under the device's id"   says 'enrolment refused: sn123 is blocked' saying 'identity session' why relay "$BLOCKED"
that "and so has the device"                    says 'refuses this device' why device "$BLOCKED"
on relay rassist device unblock sn123 >/dev/null

say "What is not there, and who may ask"
that "an id of nothing"                         fails with 66 saying 'has nothing of 0123456789' on device rassist why 0123456789
that "no id"                                    fails with 64 saying 'not an id' on device rassist why sn123
that "only root"                                fails with 77 saying 'only root|root' as alice@device rassist why "$LOGIN"

say "Anybody may send a field to the journal; nobody but our accounts is believed"
forge() { on "$1" sh -c 'printf "MESSAGE=forged\nMESSAGE_ID=3f1c7a1e5d0b4f0a9a5be6a2c0d1e003\nRASSIST_ID=%s\nRASSIST_ROLE=assist\nRASSIST_SERIAL=sn123\n" "$1" | setpriv --reuid "$0" --regid "$0" --clear-groups logger --journald' "$2" "$3"; }
forge device alice "$LOGIN"
forge device rassist "$LOGIN"
that "both are in the journal"                  within 5 says '^2$' on device sh -c "journalctl -q MESSAGE=forged -o cat | grep -c forged"
that "and not in the story"                     says 'ended after' without forged why device "$LOGIN"
that "nor in the history"                       works eval "on device rassist history --json | jq -e '[.[] | select(.from == null and .what == \"session\")] | length == 0'"
