# shellcheck shell=bash
# The one who ends sessions begins at once, and where he cannot work he neither runs hot nor gives up: mended, he goes on by himself.
starts_from ready
announces relay 'rassist-enforce.service'

opened device --for 30m
master() { as support ssh -o BatchMode=yes -M -S /home/sam/.ssh/master -N rassist-relay; }
starts() { on relay journalctl -u rassist-enforce.service -o cat --since="@$STORY_SINCE" | grep -c 'mode 0777'; }
state() { on relay systemctl show -P ActiveState "$1"; }
as support cat .ssh/id_ed25519.pub >"$NOTES/sam.pub"

say "His spool cannot be trusted: he says so, once a second at most"
background sam master
that "sam is in"                               within 5 says sam on relay rassist sessions
that "he has nothing to do"                    within 30 says '^inactive$' state rassist-enforce.service
on relay chmod 777 /run/rassist/enforce
background remove on relay rassist staff remove sam
that "he says what is wrong"                   within 5 says '/run/rassist/enforce: mode 0777' on relay journalctl -u rassist-enforce.service -o cat
first=$(starts)
that "who watches for work is up"              during 6 says '^active$' state rassist-enforce.path
tries=$(($(starts) - first))
figure "tries of an enforcer that cannot work, in six seconds" "$tries" tries
that "not more than one a second"              works test "$tries" -le 7
that "nor has he given up"                     works test "$tries" -ge 2
ends remove within 10 with 69
that "the verb says that it was not done, and what was" says 'removed 1 key: 1 live session not looked at yet' output remove
that "a new login is refused all the same"     fails with 255 saying 'Permission denied' as support ssh -o BatchMode=yes rassist-relay list
on relay chmod 755 /run/rassist/enforce
ends sam within 5
that "who watches for work is up"              says '^active$' state rassist-enforce.path
that "the spool is worked off"                 within 5 fails on relay sh -c 'ls /run/rassist/enforce | grep .'

say "Many changes in a row do not wear him out"
for _ in {1..8}; do
	on relay rassist staff add sam --key - --devices 'sn*' <"$NOTES/sam.pub" >/dev/null
	background sam master
	that "sam is in"                             within 30 says sam on relay rassist sessions
	that "and out"                               says '1 session ended' on relay rassist staff remove sam
	ends sam within 2
done
for _ in {1..15}; do on relay touch /etc/rassist/rassist.conf; done
for unit in rassist-enforce.path rassist-everybody.path; do
	that "$unit is up"                           says '^active$' state $unit
done
