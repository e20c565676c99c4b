# shellcheck shell=bash
# "Why can I not get in?": desk show answers each case, and tells nothing of what is not in the person's scope.
starts_from ready

desk() { as support ssh -o BatchMode=yes rassist-relay "$@"; }
show() { desk show "${1:-sn123}"; }
shown() { { desk show sn123 --json || :; } | jq -r "$1"; }    # what is not open ends with 69
say "Never opened, never activated, unknown, out of scope"
on relay rassist device add sn777 >/dev/null
on relay rassist device add other1 >/dev/null
that "never opened"                             fails with 69 saying 'sn123 is closed: no window of it was seen here lately' saying 'rassist open' show
that "never activated"                          fails with 69 saying 'sn777 was never activated' saying 'rassist device token sn777' show sn777
that "not in my scope"                          fails with 68 saying 'not registered here, or is not in your scope' show other1
that "reads as what there is not"               works diff <(desk show other1 | sed s/other1/X/) <(desk show other2 | sed s/other2/X/)
that "in JSON, too"                             works diff <(desk show other1 --json | sed s/other1/X/) <(desk show other2 --json | sed s/other2/X/)

say "Open, then closed by the customer before its time"
opened device --for 30m
that "open"                                     says 'sn123 is open' saying 'get in +ssh sn123.rassist' show
on device rassist close >/dev/null
that "not connected since, and both reasons it can have" within 10 fails with 69 saying 'is not connected since 20..-' saying 'the customer closed it' saying 'ended +20.*rassist why' show
WHY=$(shown .ended.id)
that "the id it names leads to the relay's journal" says 'tunnel up' saying 'tunnel down' on relay rassist why "$WHY"

say "A window whose time on the relay is over"
opened device --for 15s
that "it ends"                                  within 40 fails with 3 on device rassist status
that "closed at a time"                         within 15 fails with 69 saying 'its last window ended at 20..-..-..T' show

say "Blocked: the customer's agent asks and is refused"
on relay rassist device block sn123 >/dev/null
that "blocked"                                  fails with 69 saying 'is blocked on this relay' show
on device rassist open --for 10m >/dev/null
that "the refusal is named, with its id"        within 15 fails with 69 saying 'refused +20.*sn123 is blocked on this relay .on the relay: rassist why' show
WHY=$(shown .refused.id)
that "the relay has its story"                  says 'enrolment refused: sn123 is blocked' on relay rassist why "$WHY"
that "and the device under the same id"         says 'refuses this device .blocked.' on device rassist why "$WHY"
that "root reads it in device show"             says "Last refused .*rassist why $WHY" on relay rassist device show sn123
on relay rassist device unblock sn123 >/dev/null
on device rassist close >/dev/null

say "The device lost its network"
opened device --for 30m
link device down
that "not connected since"                      within 40 fails with 69 saying 'is not connected since' saying 'lost its network' show
that "with why its tunnel ended"                fails with 69 saying 'ended +20.*nothing heard from the device' show
link device up
that "back, nothing of that is left"            within 40 says 'sn123 is open' without 'refused' without 'ended' show
