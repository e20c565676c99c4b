# shellcheck shell=bash
# Packages come, are upgraded under an open window, and go: the machine is as it was, and its own sshd and those it had let in never notice. Told for debs by 81.
plain relay device support
KIND=${KIND:-rpm}
next=.2
if [[ $KIND == rpm ]]; then first_version='^0\.[0-9]+-1$' next_version='^0\.[0-9]+-1\.2$'; else first_version='^0\.[0-9]+ inst' next_version='^0\.[0-9]+\.2 inst'; fi
ROLES=(relay device support)
declare -A still=([device]='rassist: config: rassist.conf names no relay
rassist:   mend: rassist setup device RELAY --host-key KEY, as `rassist setup relay` prints it on the relay')
built_packages ""
built_packages $next

say "Three machines that know nothing of rassist, and alice, logged in at one of them all the time"
on device sh -c 'echo "[[ -z \$SSH_CONNECTION ]] || echo alice is here" >>/home/alice/.profile'
background alice on device typing yes at fingerprint then wonderland at password -- ssh alice@localhost 'echo alice is in; exec sleep 3000'
that "alice is in" within 10 says 'alice is in' output alice
for host in "${ROLES[@]}"; do
	# a lab's Debian leaves the manual out
	on "$host" mkdir -p /usr/share/man/man1 /usr/share/man/man5 /usr/share/man/man7 /usr/share/man/man8
	noted "etc.$host" etc_of "$host"
	noted "tree.$host" tree_of "$host"
	noted "running.$host" running_of "$host"
	noted "sshd.$host" sshd_of "$host"
done
all_as_ever() {
	for host in "${ROLES[@]}"; do that "$host's own sshd is the same process$1" works same "sshd.$host" sshd_of "$host"; done
	that "alice is still there$1" works on device pgrep -u alice -x sleep
	that "and so is her connection$1" works running alice
}

say "They get their packages, and nothing more is done by hand than naming relay, device and person"
for host in "${ROLES[@]}"; do
	that "$host installs" works install_packages "$host" "" rassist "rassist-$host"
	that "and says what is still to be done, if anything" works test "$(grep '^rassist: ' "$NOTES/said")" = "${still[$host]:-}"
	that "it has the version" says "$first_version" release_of "$host" "rassist-$host"
done
all_as_ever ", after installing"
that "the relay's door is open, and will be after a boot" works on relay systemctl is-active rassist-relay.service
that "it is enabled"                 says '^enabled$' on relay systemctl is-enabled rassist-relay.service
that "nothing runs on the device"    says '^$' without '[a-z]' on device systemctl list-units --no-legend --plain --state=active 'rassist*'
activate device sn123
as support cat .ssh/id_ed25519.pub | on relay rassist staff add sam --key - --devices 'sn*' >/dev/null
on support rassist setup support relay --host-key "$(relay_host_key)" >/dev/null
on relay sh -c 'printf "[relay]\nname = our-relay\n" >/etc/rassist/rassist.conf'
on device sh -c 'printf "[device]\nhttp = 127.0.0.1:80\n" >/etc/rassist/rassist.conf.d/60-page.conf'

say "A window"
opened device
keyed sn123 >/dev/null
that "support gets in"        says '^device$' reaching sn123 hostname
that "and becomes root"       says '^root$' reaching sn123 sudo -n id -un

say "The relay's OpenSSH is upgraded: its door goes on under the new one"
that "the package manager is told so" works another_sshd relay
expect_journal relay 'Received SIGHUP; restarting'
that "and the door is open"   says '^device$' reaching sn123 hostname
on device rassist close >/dev/null

say "A new version comes while a window is open and support is in"
opened device --for 2h
keyed sn123 >/dev/null
background inside reaching sn123 'echo inside; exec sleep 3000'
that "somebody is inside" within 10 says '^inside$' output inside
window_of() { on device sh -c 'set -e; cat /run/rassist/window /run/rassist/secret/code; systemctl show -p MainPID,ExecMainStartTimestampMonotonic rassist-agent.service rassist-tunnel.service'; }
door_of() { on relay systemctl show -p MainPID rassist-relay.service rassist-guard.service; on relay pgrep -x hold; }
settings_of() { on "$1" sh -c 'cd /etc/rassist && grep -r "" .'; }
# as rpm and apt see it: apt would have the role removed
upgrade_alone() {
	local FILES
	packages device $next rassist
	case $KIND in
		rpm) on device env HOME=/root rpm -U --test "${FILES[0]}" ;;
		deb) on device apt-get install --simulate --no-remove "${FILES[0]}" ;;
	esac
}
declare -A alone=([rpm]='rassist\(x86-64\) = .* is needed by \(installed\) rassist-device' [deb]='^  rassist-device$')
that "what they share is not upgraded alone: a role's package needs its own version" fails saying "${alone[$KIND]}" upgrade_alone
noted window window_of
noted door door_of
for host in "${ROLES[@]}"; do
	noted "settings.$host" settings_of "$host"
	that "$host is upgraded"  works install_packages "$host" "$next" rassist "rassist-$host"
	that "it has the version" says "$next_version" release_of "$host" "rassist-$host"
	that "its settings are what they were" works same "settings.$host" settings_of "$host"
done
that "window, code, agent and tunnel are the same"        works same window window_of
that "the relay's door, its guard and the tunnel's hold are" works same door door_of
that "who was inside is"         works running inside
that "on the device, too"        works on device pgrep -u rassist -x sleep
that "the code is what it was"   works test "$(code_of device)" = "$CODE"
that "the tunnel is up"          says '^up$' tunnel_of device
that "a new login works"         says '^device$' reaching sn123 hostname
that "the door has read its configuration again" within 5 says 'Received SIGHUP' journal relay -t rassist-relay -t sshd -o cat
all_as_ever ", after the upgrade"

say "The packages go: an open window is closed first"
that "device is rid of them" works remove_packages device rassist-device rassist
ends inside within 5
that "nothing of support is left"  fails on device pgrep -u rassist,rassist-agent,rassist-keys
that "nor any key, code or right"  works on device test ! -e /run/rassist
that "relay is rid of them"   works remove_packages relay rassist-relay rassist
that "support is rid of them" works remove_packages support rassist-support rassist
that "names resolve as before"     fails on relay grep rassist /etc/nsswitch.conf
that "the records are kept"        works on relay test -s /var/lib/rassist/devices/sn123
that "and the device's identity"   works on device test -s /var/lib/rassist/identity

say "All is as it was"
# what people wrote themselves is not ours to remove
on device rm /etc/rassist/rassist.conf.d/60-page.conf
if [[ $KIND == rpm ]]; then
	that "the relay's edited configuration is put aside" says '^name = our-relay$' on relay cat /etc/rassist/rassist.conf.rpmsave
	on relay rm /etc/rassist/rassist.conf.rpmsave
	on relay rmdir /etc/rassist
	on device rmdir /etc/rassist/rassist.conf.d /etc/rassist
	on relay rm -r /var/lib/rassist
	on device rm -r /var/lib/rassist
else
	that "purged, the records go"  works on relay dpkg --purge rassist-relay rassist
	that "the identity too"        works on device dpkg --purge rassist-device rassist
	that "and support's settings"  works on support dpkg --purge rassist-support rassist
	that "nothing is kept"         works on relay test ! -e /var/lib/rassist
	that "nor on the device"       works on device test ! -e /var/lib/rassist
fi
that "the accounts stay, locked: a uid that once owned files is not given to somebody else" says '^rassist-agent:!' on device getent shadow rassist-agent
for host in "${ROLES[@]}"; do
	that "/etc of $host is, byte for byte" works same "etc.$host" etc_of "$host"
	that "all other folders of $host are"  works same "tree.$host" tree_of "$host"
	that "units, processes, sockets and firewall of $host are" works same "running.$host" running_of "$host"
done
all_as_ever ", to the end"
