# shellcheck shell=bash
# Each domain by itself: a program in the place of ours, with its label, run as the owner of what it is after (root, mostly), so that no owner and no mode
# refuses it anything.
places=/usr/local/lib/vm/places
mkdir -p $places
for domain in authkeys agent window enroll hold desk guard service; do
	install -D /usr/bin/busybox "$places/$domain/busybox"
	program=${domain/service/}
	chcon -t "rassist_${program:+${program}_}exec_t" "$places/$domain/busybox"
done
as_root() { /usr/bin/busybox "$@"; }
in_place_of() { runcon -r unconfined_r -t "rassist_$1_t" "$places/$1/busybox" "${@:2}"; }
denied() { says 'Permission denied' in_place_of "$@" </dev/null; }
# DOMAIN FOLDER: puts a file there, as the folder's owner
puts() {
	local owner file=$2/by-$1
	owner=$(stat -c %u "$2")
	setpriv --reuid "$owner" --regid "$owner" --clear-groups runcon -r unconfined_r -t "rassist_$1_t" "$places/$1/busybox" touch "$file" && rm "$file"
}
puts_not() { says 'Permission denied' puts "$@"; }
device=/var/lib/rassist/devices/sn123
check "a window" rassist open --for 1h
check "its tunnel" soon 90 up

check "root reads the shadow file, connects, writes to the store" eval \
	'as_root cat /etc/shadow >/dev/null && as_root nc -w 5 127.0.0.1 443 </dev/null | grep -q SSH && as_root touch /var/lib/rassist/devices/by-root && rm /var/lib/rassist/devices/by-root'
check "the helper is root here" says '^uid=0' in_place_of authkeys id
check "the helper reads a record" in_place_of authkeys cat $device
check "the helper may not read the shadow file" denied authkeys cat /etc/shadow
check "... nor open a connection" denied authkeys nc -w 5 127.0.0.1 443
check "... nor listen" denied authkeys nc -l -p 10022
for folder in /var/lib/rassist/{devices,staff,activations,identities,windows} /run/rassist/{grants,ready,sessions}; do
	check "... nor write to $folder" puts_not authkeys "$folder"
done
check "... nor change a record" denied authkeys touch $device
check "... nor take one away" denied authkeys rm $device
check "... nor read a secret" denied authkeys cat /run/rassist/secret/code
noted() { says "rassist_authkeys_t.*$1" refused; }
for what in shadow_t tcp_socket rassist_record_t rassist_secret_t; do
	check "SELinux's log names $what" noted $what
done

for domain in agent window enroll hold desk guard service; do
	check "$domain is root here" says '^uid=0' in_place_of $domain id
	check "$domain may not read the shadow file" denied $domain cat /etc/shadow
	check "... nor write to the configuration" puts_not $domain /etc/rassist
done
for domain in window enroll hold guard service; do check "$domain may not open a connection" denied $domain nc -w 5 127.0.0.1 443; done
for domain in agent enroll hold desk guard; do
	for folder in devices staff windows activations; do
		# enrol writes windows, and takes activations away
		[ "$domain $folder" = "enroll windows" ] || check "$domain puts nothing into $folder" puts_not $domain /var/lib/rassist/$folder
	done
done
check "enroll writes its own records" puts enroll /var/lib/rassist/windows
check "hold its own" puts hold /run/rassist/ready
check "desk its own" puts desk /run/rassist/taken
check "agent its own" puts agent /run/rassist-agent
check "agent reads the window's record" in_place_of agent cat /run/rassist/window
check "... and not the code" denied agent cat /run/rassist/secret/code
check "... nor the door's host key" denied agent cat /run/rassist/secret/host_key
# the guard lets nobody else connect there
desk_connects() {
	setpriv --reuid rassist-support --regid rassist-support --clear-groups runcon -r unconfined_r -t rassist_desk_t $places/desk/busybox nc -w 10 "$@" </dev/null
}
check "desk connects to a device" says '^SSH' desk_connects "$(rassist device show sn123 --json | jq -r .address)" 10022
check "... and to nothing else" denied desk nc -w 5 127.0.0.1 443
for domain in enroll hold desk; do
	check "$domain reads no key of the relay's" denied $domain cat /var/lib/rassist/relay_host_ed25519_key
done
rassist close >/dev/null
