# shellcheck shell=bash disable=SC2034,SC2154
# A machine under SELinux, enforcing: the distribution's policy, all files labelled by it. It knows nothing of rassist until its packages are installed; then
# it is device, relay and support in one.
MACHINE_NEEDS=(checkmodule semodule_package setfiles)
MACHINE_PACKAGES=(selinux-policy-default selinux-utils policycoreutils semodule-utils auditd)
MACHINE_PRODUCT=(rassist rassist-device rassist-relay rassist-support rassist-selinux)
MACHINE_KERNEL="security=selinux selinux=1 enforcing=${VM_ENFORCING:-1} audit=1"

# machine_root ROOT: first, what the packages do where SELinux is not in force: the module comes into the store, and goes.
machine_root() {
	local other
	modules() { chroot "$1" semodule -l | grep '^rassist' | tr '\n' ' '; }
	told() { if [ "$2" = "$3" ]; then echo "ok   $1"; else echo "FAIL $1: ${2:-nothing}"; fi; }
	for other in rpm deb; do
		[ "$other" = "$kind" ] || QUICK=1 make -s -C "$REPO" "$other" >"$work/packages" 2>&1
		cp "$(package_file "$other" rassist-selinux)" "$1/root/rassist-selinux.$other"
		case $other in
			rpm) chroot "$1" rpm -i --nodeps /root/rassist-selinux.rpm ;;
			deb) chroot "$1" dpkg -i /root/rassist-selinux.deb ;;
		esac >"$work/installed" 2>&1 || cat "$work/installed"
		told "$other: the module comes into the store" "$(modules "$1")" "rassist rassist_ports "
		case $other in
			rpm) chroot "$1" rpm -e rassist-selinux ;;
			deb) chroot "$1" dpkg --remove rassist-selinux ;;
		esac >"$work/removed" 2>&1 || cat "$work/removed"
		told "$other: and goes" "$(modules "$1")" ""
		rm "$1/root/rassist-selinux.$other"
	done
	ssh-keygen -A -f "$1" >/dev/null # the machine's own sshd
	sed -i 's/^SELINUX=.*/SELINUX=enforcing/' "$1/etc/selinux/config"
	install -m 644 machines/selinux/*.cil "$1/root/"
	chroot "$1" semodule -n -s default -i /root/try.cil /root/sshd_session.cil /root/rpm.cil 2>/dev/null
	install -D -m 644 /dev/stdin "$1/etc/systemd/system/vm-story.service.d/selinux.conf" <<-END
		[Service]
		SELinuxContext=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023
	END
	# made by a package's script, outside SELinux; the policy has no label for it
	chcon -h system_u:object_r:user_cron_spool_t:s0 "$1/var/spool/cron/atjobs/.SEQ"
	setfiles -F -r "$1" "$1/etc/selinux/default/contexts/files/file_contexts" "$1"
}
