# shellcheck shell=bash
# Each domain by itself: a program in the place of ours, with its label, run as root, so that no owner and no mode refuses it anything.
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
	check "... nor write to $folder" denied authkeys touch "$folder/by-helper"
done
check "... nor change a record" denied authkeys touch $device
check "... nor take one away" denied authkeys rm $device
check "... nor read a secret" denied authkeys cat /run/rassist/secret/code
noted() { says "rassist_authkeys_t.*$1" refused; }
for what in shadow_t tcp_socket rassist_record_t rassist_secret_t; do
	check "SELinux's log names $what" noted $what
done

for domain in agent window enroll hold desk guard service; do
	check "$domain may not read the shadow file" denied $domain cat /etc/shadow
	check "... nor write to the configuration" denied $domain touch /etc/rassist/by-$domain
done
check "agent reads the window's record" in_place_of agent cat /run/rassist/window
check "... and not the code" denied agent cat /run/rassist/secret/code
check "... nor the door's host key" denied agent cat /run/rassist/secret/host_key
# the guard lets nobody else connect there
desk_connects() {
	setpriv --reuid rassist-support --regid rassist-support --clear-groups runcon -r unconfined_r -t rassist_desk_t $places/desk/busybox nc -w 10 "$@" </dev/null
}
check "desk connects to a device" says '^SSH' desk_connects "$(rassist device show sn123 --json | jq -r .address)" 10022
check "... and to nothing else" denied desk nc -w 5 127.0.0.1 443
check "hold writes no grant" denied hold touch /var/lib/rassist/windows/by-hold
check "enroll writes no registry" denied enroll touch /var/lib/rassist/devices/by-enroll
check "... and no activation" denied enroll touch /var/lib/rassist/activations/by-enroll
for domain in enroll hold desk; do
	check "$domain reads no key of the relay's" denied $domain cat /var/lib/rassist/relay_host_ed25519_key
done
rassist close >/dev/null
