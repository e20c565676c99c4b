# shellcheck shell=bash
# The machine's own sshd beside our doors: it is stopped, another version is installed, and it is no second way in for support.
starts_from ready

say "The relay's own sshd is stopped, and takes the folder away that every sshd needs"
opened device
keyed sn123 >/dev/null
on relay systemctl stop ssh.service
that "the folder is there again"           within 10 works on relay test -d /run/sshd
that "the relay's door goes on"            says device reaching sn123 hostname
on relay systemctl start ssh.service

# This sshd says that it is OpenSSH 10.0. It is not, and does not know the settings of 9.8: whoever gives them to it is refused, and nobody gets in without.
pretends() {
	on "$1" sh -c 'cp -p /usr/sbin/sshd /usr/local/sbin/sshd.real; cat >/usr/local/sbin/pretends; chmod 755 /usr/local/sbin/pretends; mount --bind /usr/local/sbin/pretends /usr/sbin/sshd' <<'HERE'
#!/bin/bash
[ "$1" != -V ] || { echo "OpenSSH_10.0p1, OpenSSL 3.5.1" >&2; exit; }
exec -a "$0" /usr/local/sbin/sshd.real "$@"
HERE
}
is_itself() { on "$1" umount /usr/sbin/sshd; }
case $(on device /usr/sbin/sshd -V 2>&1) in *OpenSSH_9.[0-7]*) older=1 ;; *) older= ;; esac
if [[ $older ]]; then
	say "Another sshd is installed on the device while its window is open: its settings are asked for at each connection"
	announces device 'Bad configuration option: PAMServiceName|terminating, 1 bad'
	pretends device
	that "it does not let in without our PAM service" fails with 255 reaching sn123 true
	is_itself device
	that "the former one does, as before"             says device reaching sn123 hostname

	say "Another sshd is installed on the relay while its door is open"
	announces relay 'Bad configuration option: P|terminating, 2 bad|Reload failed|Control process exited'
	pretends relay
	that "a reload gives it its settings, and is refused" fails with 1 on relay systemctl reload rassist-relay
	that "they are linked"                            works on relay test -e /run/rassist-relay/relay-9.8.conf
	that "the door that runs goes on"                 says device reaching sn123 hostname
	is_itself relay
	that "the former one again: reloaded"             works on relay systemctl reload rassist-relay
	that "without them"                               fails with 1 on relay test -e /run/rassist-relay/relay-9.8.conf
	that "and the door is open"                       says device reaching sn123 hostname
fi
on device rassist close >/dev/null

say "Support may become nobody else, and leaves a key for the machine's own sshd"
on device sh -c 'printf "[device]\nsudo = no\n" >/etc/rassist/rassist.conf.d/99-sudo.conf; ssh-keygen -q -t ed25519 -N "" -f /root/second'
opened device
keyed sn123 >/dev/null
for name in authorized_keys authorized_keys2; do
	that "$name is not support's to write"  fails with 1 reaching sn123 "echo x >~/.ssh/$name"
	that "... to remove"                       fails with 1 reaching sn123 "rm -f ~/.ssh/$name"
	that "... or to have another in its place" fails with 1 reaching sn123 "echo x >~/.ssh/mine && mv -f ~/.ssh/mine ~/.ssh/$name"
done
that "nor its folder"                      fails with 1 reaching sn123 'mv ~/.ssh ~/other'
announces device 'Connection closed by authenticating user rassist'
that "the machine's own sshd lets nobody in" fails with 255 saying 'Permission denied' \
	on device ssh -o BatchMode=yes -o StrictHostKeyChecking=no -i /root/second rassist@127.0.0.1 true
that "support's own ssh has a place for host keys" works reaching sn123 'ssh -o BatchMode=yes -o StrictHostKeyChecking=no 127.0.0.1 true; ssh-keygen -F 127.0.0.1'
that "support works in its home"           says '^x$' reaching sn123 'cd && echo x >file && cat file && rm file'
