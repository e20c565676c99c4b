# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # shared: tests/module/run sources checks.sh, host.sh and the parts into one shell
# A device and a relay in one: this machine's system under overlays, with the product installed.
# `scratch` is an empty folder of ours, a tmpfs from here on.

accounts="rassist rassist-device rassist-tunnel rassist-support rassist-keys"

overlay() {
	mkdir -p "$scratch/over$1/upper" "$scratch/over$1/work"
	mount -t overlay overlay -o "lowerdir=$1,upperdir=$scratch/over$1/upper,workdir=$scratch/over$1/work" "$1"
}

make_host() {
	mount -t tmpfs -o mode=0755 tmpfs "$scratch" || return 1
	for folder in /etc /usr /var; do overlay "$folder" || return 1; done
	mount -t tmpfs -o mode=0755 tmpfs /run || return 1
	mkdir -p /run/sshd /run/systemd/journal /run/lock
	ip link set lo up
	make -s install >/dev/null || return 1
	(cd systemd/sysusers.d && systemd-sysusers -- *.conf) >"$scratch/sysusers.log" 2>&1 || { cat "$scratch/sysusers.log" && return 1; }
	for account in $accounts; do id "$account" >/dev/null || return 1; done
	(cd systemd/tmpfiles.d && systemd-tmpfiles --create -- *.conf) || return 1
	install -d -o rassist -m 0700 /run/rassist/home
	configure ""
	make_programs || return 1

	# what would go to the journal
	: >"$scratch/journal"
	socat -u UNIX-RECV:/run/systemd/journal/socket,mode=0666 OPEN:"$scratch/journal",append &
	soon test -S /run/systemd/journal/socket
}

# configure LINE: rassist.conf with this line more in [device]
configure() {
	printf '[device]\nserial = sn123\nrelays = relay.example.com\n%s\n' "$1" >"$scratch/conf"
	install -m 0644 "$scratch/conf" /etc/rassist/rassist.conf
}

make_programs() {
	local flags=(-std=c++20 -I. -O1 -g -Wall -Wextra -Werror)
	mkdir -p "$scratch/bin" "$scratch/asan" "$scratch/release" "$scratch/keys" "$scratch/trials"
	g++ "${flags[@]}" tests/module/world.cpp build/release/libcommon.a -lcrypto -linih -o "$scratch/bin/world" &&
		g++ "${flags[@]}" tests/module/pam_driver.cpp -lpam -o "$scratch/release/pam_driver" &&
		g++ "${flags[@]}" tests/module/nss_driver.cpp -o "$scratch/release/nss_driver" &&
		g++ "${flags[@]}" -fsanitize=address,undefined tests/module/pam_driver.cpp -lpam -o "$scratch/asan/pam_driver" &&
		g++ "${flags[@]}" -fsanitize=address,undefined tests/module/nss_driver.cpp -o "$scratch/asan/nss_driver" || return 1
	for flavour in release asan; do
		install -m 0755 "build/$flavour/bin/authkeys" "build/$flavour/lib/pam_rassist.so" "build/$flavour/lib/libnss_rassist.so.2" "$scratch/$flavour/"
		# the services as shipped, but for where the module is
		mkdir -p "$scratch/$flavour/pam.d"
		for service in rassist-login rassist-relay; do
			sed "s, pam_rassist.so, $scratch/$flavour/pam_rassist.so," "sshd/pam.d/$service" >"$scratch/$flavour/pam.d/$service"
		done
		# alone: the module's answer counts; bystander: somebody else's stack with the module put into it
		for kind in auth account session password; do
			echo "$kind required $scratch/$flavour/pam_rassist.so" >>"$scratch/$flavour/pam.d/alone"
			printf '%s required %s\n%s required pam_permit.so\n' "$kind" "$scratch/$flavour/pam_rassist.so" "$kind" >>"$scratch/$flavour/pam.d/bystander"
		done
	done
	install -m 0755 tests/lab/layer/usr/local/bin/typing "$scratch/bin/"
}

use_flavour() {
	artefacts=$scratch/$1
	export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=halt_on_error=1:exitcode=99
}

world() { "$scratch/bin/world" "$@"; }
# as_account ACCOUNT COMMAND…
as_account() {
	local account=$1
	shift
	setpriv --reuid "$account" --regid "$account" --clear-groups "$@"
}
# open_window SECONDS [REACH…]: its code in $scratch/code, its login key in $scratch/key and key.pub
open_window() {
	local seconds=$1
	shift
	world window sn123 "$seconds" "$scratch/key" "$scratch/code" "$@"
	ssh-keygen -y -f "$scratch/key" >"$scratch/key.pub"
	echo "sn123 $(cat "$scratch/key.host.pub")" >"$scratch/known_hosts"
}
close_window() { rm -f /run/rassist/window /run/rassist/secret/* /run/rassist/grants/* /run/rassist/grants/.subjects/* /run/rassist/wrong-codes; }
# new_key NAME: a key pair; its parts for the helper in key_type, key_text, key_print
new_key() {
	[ -e "$scratch/keys/$1" ] || ssh-keygen -q -t "${2:-ed25519}" -N '' -C '' -f "$scratch/keys/$1"
	key_of "$scratch/keys/$1.pub"
}
key_of() {
	read -r key_type key_text _ <"$1"
	key_print=$(ssh-keygen -l -E sha256 -f "$1" | cut -d' ' -f2)
	key_name=$(cut -d: -f2 <<<"$key_print" | tr '+/' '-_')
}

# open_door: the device's door, as rassist-login.socket and rassist-login@.service open it; it stays open, the window decides
open_door() {
	[ ! -S /run/rassist/login.sock ] || return 0
	export -f ssh_door by_key
	export scratch
	cat >"$scratch/door" <<'END'
#!/bin/bash
# what rassist-login@.service does: @/usr/sbin/sshd rassist-login -i -f …
exec -a rassist-login /usr/sbin/sshd -i -e -f /usr/share/rassist/sshd/device.conf 2>>"${0%/*}/door.log"
END
	chmod 0755 "$scratch/door"
	: >"$scratch/door.log"
	socat UNIX-LISTEN:/run/rassist/login.sock,fork,mode=0600 EXEC:"$scratch/door",nofork &
	soon test -S /run/rassist/login.sock
}

# ssh_door [OPTION…] WHO [COMMAND]: through the socket, with what $scratch/known_hosts pins; `agent`: an agent's socket, whose keys are offered then
ssh_door() {
	timeout --foreground 30 ssh -F none -o ProxyCommand="socat - UNIX-CONNECT:/run/rassist/login.sock" -o StrictHostKeyChecking=yes \
		-o HostKeyAlias=sn123 -o "UserKnownHostsFile=$scratch/known_hosts" -o GlobalKnownHostsFile=none -o UpdateHostKeys=no \
		-o "IdentityAgent=${agent:-none}" -o "IdentitiesOnly=$([ -n "${agent:-}" ] && echo no || echo yes)" -o ExitOnForwardFailure=yes "$@"
}
by_key() { ssh_door -i "$scratch/key" -o BatchMode=yes "$@"; }
# by_code FILE WHO [COMMAND]: what is in the file is typed at the prompt
by_code() {
	local file=$1
	shift
	timeout 60 "$scratch/bin/typing" "$(cat "$file")" at "Assistance code of sn123" -- bash -c 'ssh_door "$@"' ssh "$@"
}
