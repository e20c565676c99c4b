# shellcheck shell=bash
# Whatever happens to the relay's records: the logins that rest on them are refused with the reason in the journal, nothing hangs, the admin's login at the
# relay's own sshd does not notice; and a record of one device or person harms that one alone.
needs device2
starts_from ready
step_seconds=10   # nothing here may hang

announces relay 'login to "rassist-(device|tunnel|support)" refused: /(var/lib|run)/rassist'
announces relay 'sn(123|456): (enrolment|activation) refused'
announces relay 'connect_to sn123.rassist: unknown host'
announces relay 'its sessions are not looked at'
announces relay 'rassist-enforce.service'

OTHERS='root relay-root'
on relay sh -c 'echo "PermitRootLogin yes" >/etc/ssh/sshd_config.d/admin.conf && systemctl reload ssh'
installed device2
activate device2 sn456
as support ssh-keygen -q -t ed25519 -N '' -f /home/sam/.ssh/night
as support cat .ssh/night.pub | on relay rassist staff add night-shift --key - --devices 'sn*' >/dev/null
as_night() { as support ssh -o BatchMode=yes -o IdentitiesOnly=yes -i /home/sam/.ssh/night rassist-relay list; }
opened device --for 1h
keyed sn123 >/dev/null
opened device2 --for 1h
keyed sn456 >/dev/null

STATE=/var/lib/rassist RUN=/run/rassist
record_of() { on relay grep -l "^subject = $1$" -r "$STATE/$2"; }
both_reached() {
	that "sn123 is reached" within 20 says inside by_key sn123
	that "sn456 is reached" within 20 says inside by_key sn456
}
both_reached
# refused WHO PATH HOW REASON [TEXT]: that one is refused for that reason while the file is spoilt so; UNHARMED are others, who get in.
UNHARMED=()
refused() {
	local one
	spoil relay "$2" "$3" "${5:-}"
	that "$2, $3: refused ${1/_/ }, and the journal says why" fails saying "$4" without '^inside' tried relay $1
	if [[ $3 == fifo ]]; then   # what might hang
		that "root logs in as ever" says 'root is in' others_log_in relay
		for one in "${UNHARMED[@]}"; do that "unharmed: $one" says 'sn456|malformed' lets_in $one; done
	fi
	mend relay "$2"
}
lets_in() { "$@" || (($? == 65)); }
refused_file() {
	refused "$1" "$2" garbage  ':[0-9]+: '
	refused "$1" "$2" symlink  'a symbolic link'
	refused "$1" "$2" fifo     'not a regular file'
	refused "$1" "$2" huge     '3221225472 bytes, at most [0-9]+ are read'
	refused "$1" "$2" nobodys  'belongs to uid 65534, must belong to uid'
}
refused_folder() {
	refused "$1" "$2" symlink  'not a folder'
	refused "$1" "$2" fifo     'not a folder'
	refused "$1" "$2" nobodys  'must belong to uid'
}

say "The record of one person"
UNHARMED=(as_night "as_device device")
refused_file as_staff "$(record_of sam staff)"
refused as_staff "$(record_of sam staff)" missing 'no record of key'
refused as_staff "$(record_of sam staff)" text    'missing' '[grant]\nversion = 1\nrole = staff\n'

say "The records of one device: identity, tunnel, registry"
UNHARMED=(as_staff "as_device device2")
refused_file "as_device device" "$(record_of sn123 identities)"
refused "as_device device" "$(record_of sn123 identities)" missing 'no record of key'
refused_file "as_tunnel device" "$(record_of sn123 windows)"
refused_file "as_device device" $STATE/devices/sn123
both_reached

say "Whole folders"
UNHARMED=()
refused_folder as_staff           $STATE/staff
refused_folder "as_device device" $STATE/identities
refused_folder "as_tunnel device" $STATE/windows
refused_folder "as_device device" $STATE/devices
refused "as_device device" $STATE/devices missing 'devices: No such file'
refused_folder as_staff           $RUN/sessions
refused_folder "as_device device" $RUN/sessions
both_reached

say "Activation: a token is not lost by it"
token=$(on relay rassist device token sn123 | sed -n 's|^Activation token: ||p')
secret "$token"
activated() { on device rassist activate sn123 <<<"$token"; }
refused activated "$(record_of sn123 activations)" garbage ':[0-9]+: '
refused activated "$(record_of sn123 activations)" fifo    'not a regular file'
refused activated $STATE/activations symlink  'not a folder'
refused activated $STATE/identities  writable 'must not be writable'
that "mended, the token is good"   works activated

say "Sessions of one person, the list of who is ready, the spool"
UNHARMED=(as_night)
refused as_staff $RUN/sessions/staff.sam fifo    'staff.sam: not a folder'
spoil relay $RUN/sessions/staff.sam writable
that "others' sessions are shown"  says 'tunnel +sn123' saying 'tunnel +sn456' saying 'staff.sam: mode 0777' on relay rassist sessions
that "and looked at"               works on relay rassist sessions --enforce
mend relay $RUN/sessions/staff.sam
UNHARMED=("as_device device")
refused as_staff $RUN/ready symlink 'ready: not a folder'
refused as_staff $RUN/ready fifo    'ready: not a folder'
spoil relay $RUN/ready missing
that "without it no device is open" says 'No device' as_staff
mend relay $RUN/ready
refused "as_tunnel device" $RUN/enforce file    'cannot be watched: .*enforce'
refused "as_tunnel device" $RUN/enforce fifo    'cannot be watched: .*enforce'
both_reached

say "A device that is taken for closed, and one that is taken for removed"
spoil relay $RUN/ready/sn123 fifo
that "sn123 is refused"            fails with 255 by_key sn123
that "sn456 is reached"            says inside by_key sn456
mend relay $RUN/ready/sn123
UNHARMED=()
refused "as_device device" $STATE/devices/sn123 missing 'sn123 is not registered on this relay'
that "sn456 is reached"            says inside by_key sn456
