# shellcheck shell=bash
# Many devices at once: all or none of them, whatever is wrong with the file, whoever is killed, however full the disk is; and nobody waits for it.
needs only relay
timeout=600

announces relay 'rassist-tidy'
installed relay
registered() { on relay sh -c 'ls /var/lib/rassist/devices | wc -l'; }
none_of_it() { on relay sh -c '! ls -d /var/lib/rassist/devices/.import /var/lib/rassist/devices/.imported 2>/dev/null && [ "$(ls /var/lib/rassist/devices | wc -l)" = "$1" ]' sh "$1"; }
put() { on relay sh -c 'cat >/root/devices'; }

say "From a spreadsheet"
printf 'Serial,Groups,Note\r\nSN1,gold north,"cellar, left"\r\nsn2,,\r\n' | put
that "CSV"                           says 'Registered 2 devices' on relay rassist device import /root/devices
that "groups and notes came along"   says 'gold north' saying 'cellar, left' on relay rassist device show sn1
that "they have addresses"           says '127.64.0.1 ' saying '127.64.0.2 ' on relay rassist device list
that "each is given its token"       says 'Activation token: ' on relay rassist device token sn2
that "the list can be filtered"      says sn1 without sn2 on relay rassist device list @gold
on relay rassist device list --json | sed 's/sn/other/' | put
that "what the list prints, from a pipe" says 'Registered 2 devices' on relay sh -c 'cat /root/devices | rassist device import -'
that "is the same there"             says 'gold north' saying 'cellar, left' on relay rassist device show other1
that "listing is for everybody, importing is root's" fails with 77 saying 'only root' on relay setpriv --reuid nobody --clear-groups rassist device import /root/devices

say "What is wrong is told, all of it, with its line; nothing is registered"
printf 'serial,groups,note,blocked\nsn3,,,\nsn_4,,,\nsn3,,,\nsn1,,,\nsn5,a/b,,\nsn6,,a ; b,\nsn7,,,perhaps\nsn8,,\nsn9,,"not closed,\n' | put
that "nine lines, eight errors" fails with 65 saying 'line 3: serial: "sn_4" is not a serial' saying 'line 4: sn3 comes twice, first in line 2' \
	saying 'line 5: sn1 is registered already' saying 'line 6: groups' saying 'line 7: note' saying 'line 8: blocked: "perhaps" is neither yes nor no' \
	saying 'line 9: 3 fields where the first line names 4 columns' saying 'line 10: the quoted field that begins here is not closed' saying 'no device was registered' \
	on relay rassist device import /root/devices
that "none of it is there"           works none_of_it 4

say "A long import is killed: before the commit, in the middle of it"
{ echo serial,groups; seq -f 'x%06.0f,big' 1 60000; } | put
# killed_when CONDITION: kill -9 as soon as it holds
killed_when() {
	on relay sh -c 'rassist device import /root/devices & import=$!
		until eval "$1"; do kill -0 $import || exit 1; done
		kill -STOP $import; kill -9 $import; wait $import; [ $? = 137 ]' sh "$1"
}
that "killed while it writes beside" works killed_when '[ -e /var/lib/rassist/devices/.import/x000001 ]'
that "nothing is registered"         says '^4$' registered
that "killed while it registers"     works killed_when '[ "$(ls -f /var/lib/rassist/devices | wc -l)" -gt 100 ]'
that "some of them are there now"    says '^[0-9]{3,5}$' registered
that "and a commit has not been"     works on relay test -d /var/lib/rassist/devices/.import
that "the next who writes takes them back" works on relay rassist device add sn3
that "all of them"                   works none_of_it 5
that "killed once more"              works killed_when '[ "$(ls -f /var/lib/rassist/devices | wc -l)" -gt 100 ]'
that "the hourly tidying does it, too" works on relay systemctl start rassist-tidy.service
that "nothing of it is left"         works none_of_it 5

say "Nobody waits for an import"
background import on relay rassist device import /root/devices
that "while it runs"                 within 20 works on relay test -d /var/lib/rassist/devices/.import
that "a device is blocked at once"   works on relay timeout 3 rassist device block sn1
that "a second import is refused"    fails with 75 saying 'another import is at work' on relay rassist device import /root/devices
ends import within 60 with 0
that "all are registered"            says '^60005$' registered
that "the blocked one is blocked"    says 'blocked' on relay rassist device list sn1
that "the index knows them"          works on relay sh -c '[ "$(ls /var/lib/rassist/groups/big | wc -l)" = 60000 ]'
that "a look-up is as ever"          says 'closed' on relay rassist device list x059999

say "A full disk"
on relay sh -c 'mount -t tmpfs -o size=8M,mode=755 tmpfs /var/lib/rassist && systemd-tmpfiles --create'
on relay rassist device add sn1 >/dev/null
that "it says so"                    fails saying 'no device was registered: .*No space left on device' on relay rassist device import /root/devices
that "none of it is there"           works none_of_it 1
that "and there is room again"       works on relay rassist device add sn2
on relay umount /var/lib/rassist
