# shellcheck shell=bash disable=SC2034
# A machine under SELinux, enforcing: the distribution's policy and our module (selinux/) in force, all files labelled. It is device, relay and support in one.
MACHINE_NEEDS=(checkmodule semodule_package setfiles)
MACHINE_PACKAGES=(selinux-policy-default selinux-utils policycoreutils semodule-utils auditd)
MACHINE_KERNEL="security=selinux selinux=1 enforcing=${VM_ENFORCING:-1} audit=1"

# machine_root ROOT
machine_root() {
	make -s -C "$REPO" selinux
	sed -i 's/^SELINUX=.*/SELINUX=enforcing/' "$1/etc/selinux/config"
	install -d "$1/usr/share/selinux/packages"
	install -m 644 "$REPO"/build/selinux/rassist.pp "$REPO"/selinux/rassist_ports.cil machines/selinux/try.cil "$1/usr/share/selinux/packages/"
	chroot "$1" semodule -n -s default -i /usr/share/selinux/packages/{rassist.pp,rassist_ports.cil,try.cil}
	install -D -m 644 /dev/stdin "$1/etc/systemd/system/vm-story.service.d/selinux.conf" <<-END
		[Service]
		SELinuxContext=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023
	END
	# made by a package's script, outside SELinux; the policy has no label for it
	chcon -h system_u:object_r:user_cron_spool_t:s0 "$1/var/spool/cron/atjobs/.SEQ"
	setfiles -F -r "$1" "$1/etc/selinux/default/contexts/files/file_contexts" "$1"
}
