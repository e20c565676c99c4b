# shellcheck shell=bash
# rassist doctor: a host that is well, and planted faults; it names exactly the one that is there, and says so to monitoring.
starts_from ready

# A container has no clock of its own: whether its host keeps time is not ours to say.
TIME='select(.check != "clock")'
doctor() { on "$1" rassist doctor "${@:2}"; } # exit code: 0, 1, 2
found() { { on "$1" rassist doctor --json || :; } | jq -r "[.findings[] | $TIME | .check] | join(\" \")"; }
what() { { on "$1" rassist doctor --json || :; } | jq -r ".findings[] | $TIME | .what"; }

# planted SENTENCE HOST CHECK PATTERN CODE -- plant -- undo: both are commands of a shell there
planted() {
	local sentence=$1 host=$2 check=$3 pattern=$4 code=$5 plant=$7 undo=$9
	on "$host" sh -c "$plant"
	that "$host: $sentence"              says "^$check\$" found "$host"
	that "... in words"                  says "$pattern" what "$host"
	that "... and to monitoring"         fails with "$code" doctor "$host"
	on "$host" sh -c "$undo"
}
# mended SENTENCE HOST CHECK PATTERN -- plant: --fix undoes it
mended() {
	local sentence=$1 host=$2 check=$3 pattern=$4 plant=$6
	on "$host" sh -c "$plant"
	that "$host: $sentence"              says "^$check\$" found "$host"
	that "... in words"                  says "$pattern" what "$host"
	that "... --fix mends it"            says '^Done: ' on "$host" sh -c 'rassist doctor --fix 2>&1 || :'
	that "... and it is well"            says '^$' found "$host"
}

say "Hosts that are well"
for host in relay device support; do
	that "$host is well"                 says '^$' found "$host"
done
opened device --for 30m
that "a device with its window open, too" says '^$' found device
that "as the person support is"          works as support rassist doctor support
that "a host where nothing is set up says so" fails with 78 saying 'nothing of rassist is set up' on device sh -c 'mv /var/lib/rassist/identity /etc/rassist/known_hosts /root/; rassist doctor; s=$?; mv /root/identity /var/lib/rassist/; mv /root/known_hosts /etc/rassist/; exit $s'

announces relay 'rassist'
announces device 'rassist|sudo'
say "The relay"
planted 'a word in rassist.conf that nobody knows' relay config 'broken.conf:2: ' 2 -- \
	'printf "[relay]\nsuport-from = any\n" >/etc/rassist/rassist.conf.d/99-broken.conf' -- 'rm /etc/rassist/rassist.conf.d/99-broken.conf'
planted 'devices are to be published, to everybody' relay config 'support-from lets support come from anywhere' 1 -- \
	'printf "[relay]\npublish-address = 203.0.113.9\n" >/etc/rassist/rassist.conf.d/99-publish.conf' -- 'rm /etc/rassist/rassist.conf.d/99-publish.conf'
mended 'the key helper may be written by a group' relay ownership '/usr/libexec/rassist/authkeys has mode 0775' -- 'chmod 775 /usr/libexec/rassist/authkeys'
planted 'a folder above it is somebody else'"'"'s' relay ownership '/usr/libexec is owned by nobody' 2 -- 'chown nobody /usr/libexec' -- 'chown root /usr/libexec'
planted 'the PAM module is gone' relay ownership 'pam_rassist.so is not where PAM looks for modules' 2 -- \
	'm=$(find /usr/lib* -name pam_rassist.so); echo "$m" >/root/where; mv "$m" /root/' -- 'mv /root/pam_rassist.so "$(cat /root/where)"'
planted 'a forced command is gone' relay ownership '/usr/libexec/rassist/hold: No such file' 2 -- 'mv /usr/libexec/rassist/hold /root/' -- 'mv /root/hold /usr/libexec/rassist/'
mended 'a store has another owner' relay folders '/var/lib/rassist/windows is owned by root, must be rassist-device' -- 'chown root /var/lib/rassist/windows'
mended 'a store is missing' relay folders '/var/lib/rassist/revoked is missing' -- 'rmdir /var/lib/rassist/revoked'
planted 'a store is no folder' relay folders '/var/lib/rassist/published is not a folder' 2 -- 'mv /var/lib/rassist/published /root/; touch /var/lib/rassist/published' -- 'rm /var/lib/rassist/published; mv /root/published /var/lib/rassist/'
planted 'the list of folders is gone' relay folders '/usr/lib/tmpfiles.d/rassist-relay.conf' 2 -- \
	'mv /usr/lib/tmpfiles.d/rassist-relay.conf /root/' -- 'mv /root/rassist-relay.conf /usr/lib/tmpfiles.d/'
mended 'the accounts have a password' relay accounts 'rassist-tunnel has a password' -- 'echo rassist-tunnel:secret | chpasswd'
on relay cp -p /etc/passwd /etc/shadow /root/
mended 'an account is missing' relay accounts 'the account rassist-keys is missing' -- 'sed -i /^rassist-keys:/d /etc/passwd /etc/shadow'
planted 'an account is root' relay accounts 'the account rassist-keys has uid 0' 2 -- \
	'sed -Ei "s/^(rassist-keys:[^:]*):[0-9]+:/\1:0:/" /etc/passwd' -- 'cp -p /root/passwd /root/shadow /etc/'
planted 'a setting that sshd does not know' relay door 'sshd refuses.*Bad configuration option: Prot' 2 -- \
	'mkdir -p /etc/rassist/relay_sshd.d; echo Prot 22 >/etc/rassist/relay_sshd.d/x.conf' -- 'rm /etc/rassist/relay_sshd.d/x.conf'
planted 'a setting that opens the door too far' relay door 'permittty is yes and must be no' 2 -- \
	'echo PermitTTY yes >/etc/rassist/relay_sshd.d/x.conf' -- 'rm -r /etc/rassist/relay_sshd.d'
planted 'keys of our kind are refused' relay door 'does not take ssh-ed25519.*: pubkeyacceptedalgorithms is without it' 2 -- \
	'mkdir -p /etc/rassist/relay_sshd.d; echo PubkeyAcceptedAlgorithms -ssh-ed25519 >/etc/rassist/relay_sshd.d/x.conf' -- 'rm -r /etc/rassist/relay_sshd.d'
planted 'a PAM line before ours that is enough' relay pam 'rassist-relay: line 2: .account sufficient pam_permit.so. stands before pam_rassist' 2 -- \
	'cp -p /etc/pam.d/rassist-relay /root/; sed -i "1a account sufficient pam_permit.so" /etc/pam.d/rassist-relay' -- 'cp -p /root/rassist-relay /etc/pam.d/'
planted 'the PAM service is gone' relay pam '/etc/pam.d/rassist-relay is missing' 2 -- 'mv /etc/pam.d/rassist-relay /root/' -- 'mv /root/rassist-relay /etc/pam.d/'
planted 'the library of names is gone' relay names 'libnss_rassist.so.2 cannot be loaded' 2 -- \
	'mv "$(find /usr/lib* -name libnss_rassist.so.2)" /root/ && ldconfig' -- 'mv /root/libnss_rassist.so.2 "$(dirname "$(find /usr/lib* -name "libnss_dns.so.2" -o -name libnss_files.so.2 | head -n 1)")/" && ldconfig'
planted 'another program had the port first' relay ports 'the door is not open at 0.0.0.0:2222' 2 -- \
	'systemctl -q stop rassist-relay; systemd-run -q --unit=other socat TCP4-LISTEN:2222,reuseaddr,fork STDOUT; systemctl start rassist-relay' -- \
	'systemctl stop other; systemctl reset-failed other; systemctl reload rassist-relay'
planted 'firewalld lets nobody in' relay ports 'firewalld does not let port 2222/tcp in' 1 -- \
	'printf "#!/bin/sh\ncase \$1 in --query-port=*) exit 1 ;; --state | --query-service=https) ;; *) exit 252 ;; esac\n" >/usr/bin/firewall-cmd; chmod 755 /usr/bin/firewall-cmd' -- 'rm /usr/bin/firewall-cmd'
mended 'nsswitch does not know us' relay names 'the hosts line does not ask' -- 'rassist setup relay --undo'
mended 'nsswitch asks us too late' relay names 'does not ask .rassist. before .resolve. and .dns.' -- 'rassist setup relay --undo; sed -i "/^hosts:/s/$/ rassist/" /etc/nsswitch.conf'
planted 'a record of a device that does not parse' relay records '/var/lib/rassist/devices/sn9:1: .*counts for nothing' 2 -- 'echo garbage >/var/lib/rassist/devices/sn9' -- 'rm /var/lib/rassist/devices/sn9'
planted 'a staff record that somebody else owns' relay records 'staff/.*counts for nothing' 2 -- \
	'for f in /var/lib/rassist/staff/*; do chown nobody "$f"; done' -- 'for f in /var/lib/rassist/staff/*; do chown root "$f"; done'
planted 'what was revoked does not parse' relay records '/revoked/w1:1: .*it denies that window all the same' 2 -- \
	'echo garbage >/var/lib/rassist/revoked/w1' -- 'rm /var/lib/rassist/revoked/w1'
on relay sh -c 'for i in $(seq 1 14); do echo garbage >/var/lib/rassist/devices/bad$i; done'
that "relay: of many damaged records it tells ten and counts the rest" says '4 more records' what relay
that "... and no more than that"         says '^11$' on relay sh -c 'rassist doctor --json | jq ".findings | map(select(.check == \"records\")) | length"'
on relay sh -c 'rm /var/lib/rassist/devices/bad*'
mended 'the enforcer does not look' relay units 'rassist-enforce.path is not running' -- 'systemctl stop rassist-enforce.path'
planted 'the door is not enabled' relay units 'rassist-relay.service is not enabled' 1 -- 'systemctl disable rassist-relay 2>/dev/null' -- 'systemctl enable rassist-relay 2>/dev/null'
planted 'the disk is full' relay disk '/var/lib/rassist has [0-9]+ MiB left' 2 -- \
	'cp -a /var/lib/rassist /root/stores && mount -t tmpfs -o size=4M,mode=755 tmpfs /var/lib/rassist && cp -a /root/stores/. /var/lib/rassist/' -- 'umount /var/lib/rassist'
planted '/run is full' relay disk '/run/rassist has 0 MiB left' 2 -- 'mount -t tmpfs -o size=512k,mode=755 tmpfs /run/rassist && systemd-tmpfiles --create' -- 'umount /run/rassist'
on relay sh -c 'mount -t tmpfs -o size=8M,mode=755 tmpfs /run/rassist && systemd-tmpfiles --create'
that "a small /run, where there is little memory, is enough" says '^$' found relay
on relay umount /run/rassist
planted 'the disk has no inode' relay disk 'inodes left' 2 -- 'mount -t tmpfs -o size=64M,nr_inodes=100,mode=755 tmpfs /run/rassist && systemd-tmpfiles --create' -- 'umount /run/rassist'
# says_of_itself PROGRAM VERSION: the command that puts one in its place that answers -V so, and else is what it was
says_of_itself() {
	printf '%s' "cp -p $1 /root/real && printf '#!/bin/sh\n[ \"\$1\" = -V ] || exec /root/real \"\$@\"\necho \"$2\" >&2\n' >/root/says && chmod 755 /root/says && mount --bind /root/says $1"
}
planted 'sshd is too old' relay openssh 'OpenSSH 8.0 ' 2 -- "$(says_of_itself /usr/sbin/sshd 'unknown option -- V\nOpenSSH_8.0p1, OpenSSL 1.1.1k')" -- 'umount /usr/sbin/sshd'
planted 'sshd is something else' relay openssh '/usr/sbin/sshd does not tell its version' 2 -- "$(says_of_itself /usr/sbin/sshd Dropbear)" -- 'umount /usr/sbin/sshd'
that "a relay needs no ssh"              says '^$' on relay sh -c 'mv /usr/bin/ssh /root/; rassist doctor --json | jq -r ".findings[] | select(.check == \"openssh\")"; mv /root/ssh /usr/bin/'
planted 'nft is gone' relay guard 'nft cannot be run' 2 -- 'mv /usr/sbin/nft /root/' -- 'mv /root/nft /usr/sbin/'
planted 'the guard'"'"'s rules are not there' relay guard 'rules are not in the kernel' 2 -- 'mount --bind /bin/false /usr/sbin/nft' -- 'umount /usr/sbin/nft'
planted 'a unit is gone' relay units 'rassist-tidy.timer is not-found' 2 -- \
	'systemctl stop rassist-tidy.timer; mv /usr/lib/systemd/system/rassist-tidy.timer /root/; systemctl daemon-reload' -- \
	'mv /root/rassist-tidy.timer /usr/lib/systemd/system/; systemctl daemon-reload; systemctl start rassist-tidy.timer'
planted 'the guard is down, and the door with it' relay units 'rassist-guard.service is not running' 2 -- 'systemctl stop rassist-guard' -- 'systemctl start rassist-relay'
mended 'the guard has forgotten what it guards' relay guard 'guard has not loaded the configuration' -- 'rm /run/rassist-guard/guarding'
that "the relay is well again"           within 20 says '^$' found relay

say "The device"
that "its tunnel is back"                within 60 says '^up$' tunnel_of device
planted 'the relay is not pinned' device relays 'relay relay:443: no host key is pinned' 2 -- 'mv /etc/rassist/known_hosts /root/; install -m 644 /dev/null /etc/rassist/known_hosts' -- \
	'mv /root/known_hosts /etc/rassist/'
planted 'another key is pinned' device relays 'does not show the host key that is pinned' 2 -- \
	'cp -p /etc/rassist/known_hosts /root/; ssh-keygen -q -t ed25519 -N "" -f /root/other; echo "relay $(cut -d" " -f1,2 /root/other.pub)" >/etc/rassist/known_hosts' -- 'mv /root/known_hosts /etc/rassist/'
planted 'one of its ports is shut' device relays 'relay relay:2223: it is not reached: ' 1 -- \
	'cp -p /etc/rassist/rassist.conf.d/40-relay.conf /root/; printf "[device]\nrelays = relay:443,2223\n" >/etc/rassist/rassist.conf.d/40-relay.conf' -- 'mv /root/40-relay.conf /etc/rassist/rassist.conf.d/'
planted 'its name does not resolve' device relays 'relay nowhere.example:443: its name does not resolve' 2 -- \
	'cp -p /etc/rassist/rassist.conf.d/40-relay.conf /root/; printf "[device]\nrelays = nowhere.example:443\n" >/etc/rassist/rassist.conf.d/40-relay.conf' -- 'mv /root/40-relay.conf /etc/rassist/rassist.conf.d/'
on relay rassist device block sn123 >/dev/null
that "device: it is blocked"             says 'sn123 is blocked on this relay' what device
that "... as one finding"                says '^relays$' found device
on relay rassist device unblock sn123 >/dev/null
on relay sh -c 'mkdir /root/i; mv /var/lib/rassist/identities/[A-Za-z0-9_-]* /root/i/'
that "device: its identity is not known" says 'does not accept this device.s identity key' what device
on relay sh -c 'mv /root/i/* /var/lib/rassist/identities/'
planted 'the identity is no key' device identity 'is no private key' 2 -- \
	'cp -p /var/lib/rassist/identity /root/; echo garbage >/var/lib/rassist/identity' -- \
	'mv /root/identity /var/lib/rassist/'
planted 'the identity may be read by others' device identity 'nobody else reads' 2 -- 'chmod 644 /var/lib/rassist/identity' -- 'chmod 600 /var/lib/rassist/identity'
planted 'the device was never activated' device identity 'never activated' 2 -- 'mv /var/lib/rassist/identity /root/' -- 'mv /root/identity /var/lib/rassist/'
planted 'no relay is named' device config 'rassist.conf names no relay' 2 -- 'mv /etc/rassist/rassist.conf.d/40-relay.conf /root/' -- 'mv /root/40-relay.conf /etc/rassist/rassist.conf.d/'
planted 'sudo does not read our folder' device sudo 'does not read /etc/sudoers.d/rassist' 2 -- \
	'cp -p /etc/sudoers /root/; sed -i "/includedir/d" /etc/sudoers' -- 'mv /root/sudoers /etc/'
planted 'sudoers is broken' device sudo 'configuration broken: .*sudoers' 2 -- 'echo nonsense >/etc/sudoers.d/zz' -- 'rm /etc/sudoers.d/zz'
planted 'sudo is not there' device sudo 'visudo cannot be run' 1 -- 'mv /usr/sbin/visudo /root/' -- 'mv /root/visudo /usr/sbin/'
planted 'the window'"'"'s unit is masked' device units 'rassist-tunnel.service is masked' 2 -- 'systemctl mask rassist-tunnel 2>/dev/null' -- 'systemctl unmask rassist-tunnel 2>/dev/null'
mended 'a unit has changed on disk' device units 'units on disk are newer' -- 'touch /usr/lib/systemd/system/rassist-agent.service'
planted 'the crypto policy leaves our keys out' device door 'does not take ssh-ed25519.*: hostkeyalgorithms is without it' 2 -- \
	'd=/etc/crypto-policies/back-ends; mkdir -p $d; echo HostKeyAlgorithms rsa-sha2-512 >$d/opensshserver.config' -- 'rm -r /etc/crypto-policies'
on device sh -c 'printf "openssl_conf = a\n[a]\nalg_section = b\n[b]\ndefault_properties = fips=yes\n" >/root/fips.cnf'
that "device: OpenSSL in FIPS mode"      fails with 2 saying 'no key can be derived from a code: .*\(FIPS mode\)' on device env OPENSSL_CONF=/root/fips.cnf rassist doctor --only crypto
that "the device is well again"          says '^$' found device

planted 'a proxy is set and socat is not there' device relays 'proxy is set .* /usr/bin/socat is missing' 2 -- \
	'mv /usr/bin/socat /root/; printf "[device]\nproxy = proxy.example:3128\n" >/etc/rassist/rassist.conf.d/99-proxy.conf' -- \
	'rm /etc/rassist/rassist.conf.d/99-proxy.conf; mv /root/socat /usr/bin/'

say "Support"
planted 'ssh is too old' support openssh 'OpenSSH 8.0 ' 2 -- "$(says_of_itself /usr/bin/ssh OpenSSH_8.0p1)" -- 'umount /usr/bin/ssh'
planted 'another key is pinned for the relay' support support 'does not show the host key that is pinned' 2 -- \
	'cp -p /etc/rassist/support_known_hosts /root/; sed -i "s/AAAAI[^ ]*/$(ssh-keygen -q -t ed25519 -N "" -f /root/k && cut -d" " -f2 /root/k.pub | sed s,/,.,g)/" /etc/rassist/support_known_hosts; sed -i "s,ssh-ed25519 .*,$(cut -d" " -f1,2 /root/k.pub)," /etc/rassist/support_known_hosts' -- \
	'mv /root/support_known_hosts /etc/rassist/'
planted 'no key is pinned for the relay' support support 'no host key is pinned for the relay' 2 -- \
	'mv /etc/rassist/support_known_hosts /root/; install -m 644 /dev/null /etc/rassist/support_known_hosts' -- 'mv /root/support_known_hosts /etc/rassist/'
planted 'something in ssh_config comes first' support support 'does not go through rassist-relay' 2 -- \
	'printf "Host *.rassist\n\tProxyJump elsewhere\n" >/etc/ssh/ssh_config.d/00-first.conf' -- 'rm /etc/ssh/ssh_config.d/00-first.conf'
planted 'ssh takes no keys of our kind' support support 'ssh does not take ssh-ed25519.*: hostkeyalgorithms is without it' 2 -- \
	'echo HostKeyAlgorithms -ssh-ed25519 >/etc/ssh/ssh_config.d/00-first.conf' -- 'rm /etc/ssh/ssh_config.d/00-first.conf'
planted 'ssh_config is broken' support support 'ssh cannot read its configuration' 2 -- 'echo Nonsense 1 >/etc/ssh/ssh_config.d/00-first.conf' -- 'rm /etc/ssh/ssh_config.d/00-first.conf'
planted 'the relay'"'"'s name does not resolve' support support 'name does not resolve' 2 -- \
	'cp -p /etc/ssh/ssh_config.d/51-rassist-relay.conf /root/; sed -Ei "s/(^[[:space:]]*Host[Nn]ame ).*/\1 nowhere.example/" /etc/ssh/ssh_config.d/51-rassist-relay.conf' -- 'mv /root/51-rassist-relay.conf /etc/ssh/ssh_config.d/'
planted 'the relay'"'"'s port is shut' support support 'the relay is not reached' 2 -- \
	'cp -p /etc/ssh/ssh_config.d/51-rassist-relay.conf /root/; sed -Ei "s/(^[[:space:]]*Port).*/\1 2223/" /etc/ssh/ssh_config.d/51-rassist-relay.conf' -- 'mv /root/51-rassist-relay.conf /etc/ssh/ssh_config.d/'
that "a person whose key is not known"   fails with 2 saying 'accepts none of your keys' as support sh -c 'mv ~/.ssh/id_ed25519 ~/.ssh/away; rassist doctor support; s=$?; mv ~/.ssh/away ~/.ssh/id_ed25519; exit $s'
that "a check that is named is made alone"  works saying '^  ok       door, pam$' doctor relay --only pam,door relay
that "a word that is no check"           fails with 64 saying '"dor" is no check; there are config, ' doctor relay --only door,dor
that "a word that is no role"            fails with 64 saying 'is not device, relay or support' doctor support nonsense
