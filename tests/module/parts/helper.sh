# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # shared: tests/module/run sources checks.sh, host.sh and the parts into one shell
# The helper as sshd runs it: as rassist-keys, clean environment, no input.

ask() {
	timeout 10 setpriv --reuid rassist-keys --regid rassist-keys --clear-groups env -i PATH=/usr/bin:/bin USER=rassist-keys LOGNAME=rassist-keys HOME=/ \
		LANG=C "ASAN_OPTIONS=$ASAN_OPTIONS" "UBSAN_OPTIONS=$UBSAN_OPTIONS" "$artefacts/authkeys" "$@" </dev/null
}
ask_key() { ask "$1" "$key_type" "$key_text" "$key_print"; }
says_nothing() { [ -z "$(ask_key "$1")" ]; }

new_key stranger
is "a key nobody knows: no line" "" ask_key rassist
works "... and no failure" ask_key rassist
fails "no arguments: a usage error" 64 ask
fails "too many arguments: a usage error" 64 ask a b c d e
like "--help explains" "^usage: authkeys" ask --help

open_window 600 127.0.0.1:80
key_of "$scratch/key.pub"
is "the window's key has its line" "restrict,pty,port-forwarding,permitopen=\"127.0.0.1:80\" $key_type $key_text" ask_key rassist
is "... for its account alone" "" ask_key rassist-device
close_window
is "... only while the window is open" "" ask_key rassist

forget_journal
open_window 1
key_of "$scratch/key.pub"
becomes "a line ends with its deadline" says_nothing rassist
journal_says "... and the journal has the reason" "MESSAGE=login to \"rassist\" refused: the assist grant of sn123 ended"
close_window

world device sn123 127.64.0.7 no
exec_="command=\"exec /usr/libexec/rassist"
for role in tunnel identity activation; do
	account=rassist-device
	[ "$role" != tunnel ] || account=rassist-tunnel
	new_key "$role"
	world grant "$role" sn123 "$scratch/keys/$role.pub" 600
	case $role in
	tunnel) options="restrict,port-forwarding,permitlisten=\"127.64.0.7:10022\",permitlisten=\"127.64.0.7:10088\",$exec_/hold sn123\"" ;;
	identity) options="restrict,$exec_/enroll identity sn123\"" ;;
	activation) options="restrict,$exec_/enroll activation sn123 $key_name\"" ;;
	esac
	is "the $role key has its line" "$options $key_type $key_text" ask_key "$account"
	world device sn123 127.64.0.7 yes
	forget_journal
	if [ "$role" = identity ]; then
		# enroll itself tells a blocked device so
		is "... while the device is blocked, too" "$options $key_type $key_text" ask_key "$account"
	else
		is "... not while the device is blocked" "" ask_key "$account"
		journal_says "... with the reason in the journal" "the $role grant of sn123: the device is blocked"
	fi
	world device sn123 127.64.0.7 no
done
new_key pat
world grant staff pat "$scratch/keys/pat.pub" 0 'sn*'
is "the staff key has its line" "restrict,$exec_/desk $key_name\" $key_type $key_text" ask_key rassist-support
coproc tunnel { world tunnel sn123; }
soon grep -q OFDLCK /proc/locks
is "... with the device that is open now" "restrict,port-forwarding,permitopen=\"sn123.rassist:10022\",permitopen=\"sn123.rassist:10088\",$exec_/desk $key_name\" $key_type $key_text" \
	ask_key rassist-support
eval "exec ${tunnel[1]}>&-"
wait "$tunnel_PID"

# every kind of key that sshd may offer: the helper's fingerprint is sshd's
for type in rsa ecdsa; do
	new_key "pat-$type" "$type"
	world grant staff "pat-$type" "$scratch/keys/pat-$type.pub" 0
	is "a staff key of type $key_type has its line" "restrict,$exec_/desk $key_name\" $key_type $key_text" ask_key rassist-support
	rm -f "/var/lib/rassist/staff/$key_name"
done

# records and folders that are not as they must be: refused with the reason, at once, whatever it is
key_of "$scratch/keys/pat.pub"
record=/var/lib/rassist/staff/$key_name
cp -p "$record" "$scratch/record"
refuses() {
	forget_journal
	is "refused: $1" "" ask_key rassist-support
	journal_says "... with the reason in the journal" "refused: .*$2"
	rm -rf "$record"
	cp -p "$scratch/record" "$record"
}
echo garbage >"$record" && refuses "a record that is garbage" "/staff/$key_name"
: >"$record" && refuses "an empty record" "/staff/$key_name"
chmod 0666 "$record" && refuses "a record that others may write" "must not be writable"
chown rassist-device "$record" && refuses "a record of another owner" "belongs to uid"
rm "$record" && ln -s "$scratch/record" "$record" && refuses "a symbolic link" "symbolic link"
rm "$record" && mkfifo "$record" && refuses "a FIFO" "not a regular file"
rm "$record" && mkdir "$record" && refuses "a folder" "not a regular file"
head -c 100000 /dev/zero >"$record" && refuses "a huge record" "bytes, at most"
sed -i 's/role = staff/role = tunnel/' "$record" && refuses "a record of another role" "/staff/$key_name"
chmod 0600 "$record" && refuses "a record we may not read" "Permission denied"
chmod 0777 /var/lib/rassist/staff && refuses "a folder that others may write" "must not be writable"
chmod 0755 /var/lib/rassist/staff
mv /var/lib/rassist/staff /var/lib/rassist/elsewhere && ln -s elsewhere /var/lib/rassist/staff
forget_journal
is "refused: a link in the folder's place" "" ask_key rassist-support
journal_says "... with the reason in the journal" "not a folder"
rm /var/lib/rassist/staff && mv /var/lib/rassist/elsewhere /var/lib/rassist/staff
works "whole again, it has its line" not says_nothing rassist-support

# what the device's account could put there is not root's
key_of "$scratch/keys/activation.pub"
chown rassist-device "/var/lib/rassist/activations/$key_name"
is "refused: an activation that is not root's" "" ask_key rassist-device
rm -rf /var/lib/rassist/{activations,identities,windows,staff,devices}/{*,.subjects/*}
