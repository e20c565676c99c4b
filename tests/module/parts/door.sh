# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # shared: tests/module/run sources checks.sh, host.sh and the parts into one shell
# The device's door: the distribution's sshd with our configuration and PAM service behind a unix socket, and stock ssh.

open_door
forget_journal

# ---- closed
open_window 600
close_window
fails "closed: nobody gets in" 255 by_key rassist@sn123 true

# ---- open
open_window 600 127.0.0.1:8080
works "the configuration is good" /usr/sbin/sshd -t -f /usr/share/rassist/sshd/device.conf
is "by the code's key: a shell for rassist" rassist by_key rassist@sn123 id -un
becomes "... in the journal, to its end" journal_has "MESSAGE=assist session [0-9]+ of sn123 ended"
like "by the typed code: a shell for rassist" "uid=[0-9]+\(rassist\)" by_code "$scratch/code" rassist@sn123 id
journal_says "... in the journal, too" "MESSAGE=login of support to sn123 by typed code"
like "a terminal" "/dev/pts/" by_key -tt rassist@sn123 tty
like "the session is registered while it is" "^[0-9]+$" by_key rassist@sn123 ls /run/rassist/sessions/assist.sn123
no_session() { [ -z "$(find /run/rassist/sessions/assist.sn123 -name '[0-9]*')" ]; }
becomes "... and not afterwards" no_session
printf '#!/bin/bash\nby_key "$@"\n' >"$scratch/scp_ssh"
chmod 0755 "$scratch/scp_ssh"
echo "put /etc/hostname here.txt" >"$scratch/batch"
works "sftp puts a file" sftp -q -b "$scratch/batch" -F none -S "$scratch/scp_ssh" rassist@sn123
is_there() { scp -q -F none -S "$scratch/scp_ssh" rassist@sn123:/etc/hostname "$scratch/copied" && cmp /etc/hostname "$scratch/copied"; }
works "scp copies a file" is_there

# ---- nobody else
useradd -M -d /run/alice alice && install -d -o alice /run/alice
printf 'root:known-root\nalice:known-alice\nrassist-device:known-device\n' | chpasswd
mkdir -p /root/.ssh /run/alice/.ssh
ssh-keygen -y -f "$scratch/key" | tee /root/.ssh/authorized_keys >/run/alice/.ssh/authorized_keys
chown -R alice: /run/alice/.ssh
for user in root alice rassist-device nobody; do
	fails "$user: no key" 255 by_key "$user@sn123" true
	like "$user: no password, not even a prompt" "Permission denied|ended before the prompt" \
		timeout 60 "$scratch/bin/typing" "known-$user" at "password|code" -- bash -c 'ssh_door "$@"' ssh -o NumberOfPasswordPrompts=1 "$user@sn123" true
done
new_key stranger
fails "another key" 255 ssh_door -i "$scratch/keys/stranger" -o BatchMode=yes rassist@sn123 true
eval "$(ssh-agent -s)" >/dev/null
for number in {1..12}; do
	ssh-keygen -q -t ed25519 -N '' -f "$scratch/keys/many$number"
	ssh-add -q "$scratch/keys/many$number"
done
ssh-add -q "$scratch/key"
agent=$SSH_AUTH_SOCK
is "an agent full of keys, ours the last" rassist ssh_door -o BatchMode=yes rassist@sn123 id -un
agent=""
ssh-agent -k >/dev/null

# ---- what a session may and may not do
socat TCP-LISTEN:8080,bind=127.0.0.1,fork,reuseaddr SYSTEM:'echo hello from the page' &
socat TCP-LISTEN:8081,bind=127.0.0.1,fork,reuseaddr SYSTEM:'echo not for support' &
listening() { ss -ltn | grep -q "127.0.0.1:$1 "; }
soon listening 8080 && soon listening 8081
is "-W to what the window reaches" "hello from the page" by_key -W 127.0.0.1:8080 rassist@sn123
fails "-W to another port" 255 by_key -W 127.0.0.1:8081 rassist@sn123
fails "-W to another name of it" 255 by_key -W localhost:8080 rassist@sn123
socat UNIX-LISTEN:/run/page.sock,fork,mode=0666 SYSTEM:'echo not for support' &
soon test -S /run/page.sock
by_key -N -L "$scratch/here.sock:/run/page.sock" rassist@sn123 2>"$scratch/forward.log" &
forward=$!
soon test -S "$scratch/here.sock"
is "-L to a unix socket" "" socat -u -T5 "UNIX-CONNECT:$scratch/here.sock" -
like "... by sshd's word" "open failed" cat "$scratch/forward.log"
kill $forward
fails "-R" 255 by_key -R 127.0.0.1:9999:127.0.0.1:8080 rassist@sn123 true
fails "-R of a unix socket" 255 by_key -R /run/rassist/home/socket:127.0.0.1:8080 rassist@sn123 true
fails "no agent" 1 by_key -A rassist@sn123 printenv SSH_AUTH_SOCK
forwards_by_code() {
	timeout 60 "$scratch/bin/typing" "$(cat "$scratch/code")" at "Assistance code of sn123" -- bash -c 'ssh_door "$@"' ssh -W "$1" rassist@sn123
}
like "typed code: -W to what the window reaches" "hello from the page" forwards_by_code 127.0.0.1:8080
like "typed code: not to another port" "open failed|forwarding failed|prohibited" forwards_by_code 127.0.0.1:8081
cp /run/rassist/door.conf "$scratch/door.conf"
echo "PermitOpen any" >/run/rassist/door.conf
fails "the key's own limits hold even where the door's do not" 255 by_key -W 127.0.0.1:8081 rassist@sn123
rm /run/rassist/door.conf
fails "without the window's part of the configuration: no forwards" 255 by_key -W 127.0.0.1:8080 rassist@sn123
cp "$scratch/door.conf" /run/rassist/door.conf

# ---- typed codes
open_window 600
world code "$scratch/wrong"
typed_wrongly() { by_code "$scratch/wrong" -o NumberOfPasswordPrompts=1 rassist@sn123 true; }
like "a wrong code is refused" "That is not the code of sn123" typed_wrongly
is "... and counted" 1 cat /run/rassist/wrong-codes
echo "what code" >"$scratch/garbage"
like "garbage is refused with a word of help" "That is not a code" by_code "$scratch/garbage" -o NumberOfPasswordPrompts=1 rassist@sn123 true
is "... and not counted" 1 cat /run/rassist/wrong-codes
again() {
	timeout 60 "$scratch/bin/typing" "$(cat "$scratch/wrong")" at "Assistance code" "then" "$(cat "$scratch/code")" at "Assistance code" -- \
		bash -c 'ssh_door "$@"' ssh rassist@sn123 id -un
}
like "after a wrong one the right one still works" "rassist" again
is "... and only the wrong one stays counted" 2 cat /run/rassist/wrong-codes
typed_wrongly >/dev/null
typed_wrongly >/dev/null
forget_journal
typed_wrongly >/dev/null
is "five are counted" 5 cat /run/rassist/wrong-codes
journal_says "... the customer can see it" "typed codes are off for the rest of this window, the key still works"
like "now nothing is asked any more, and support is told why" "Too many wrong codes" ssh_door -o PubkeyAuthentication=no rassist@sn123 true </dev/null
is "... while the key goes on working" rassist by_key rassist@sn123 id -un

# ---- the end
forget_journal
open_window 2
becomes "after the deadline the key is refused" not by_key rassist@sn123 true
like "... and the code is not asked for" "Permission denied" ssh_door -o PubkeyAuthentication=no -o BatchMode=no rassist@sn123 true </dev/null
# The window closes in the middle of a login: the account step has passed, then it goes. A refused session step alone would leave ssh -N connected.
printf '#!/bin/bash\nrm -f /run/rassist/window\n' >"$scratch/close_now"
chmod 0755 "$scratch/close_now"
cp /etc/pam.d/rassist-login "$scratch/rassist-login"
sed -i "/^session  *required/i session optional pam_exec.so $scratch/close_now" /etc/pam.d/rassist-login
for login in key code; do
	open_window 600
	forget_journal
	if [ $login = key ]; then
		fails "a window that closes during a login by $login: ssh -N is cut" 255 by_key -N rassist@sn123
	else
		like "a window that closes during a login by $login: ssh -N is cut" "closed|reset|[Bb]roken" \
			timeout 20 "$scratch/bin/typing" "$(cat "$scratch/code")" at "Assistance code of sn123" -- bash -c 'ssh_door "$@"' ssh -N rassist@sn123
	fi
	journal_says "... with the reason in the journal" "MESSAGE=session refused: the assistance window is closed"
done
cp "$scratch/rassist-login" /etc/pam.d/rassist-login

# ---- what is broken refuses, with the reason
refuses() {
	forget_journal
	fails "$1: support is refused" 255 by_key rassist@sn123 true
	journal_says "... with the reason in the journal" "$2"
}
open_window 600
configure "reech = any" && refuses "a bad configuration" "reech"
configure ""
chmod 0777 /run/rassist/grants && refuses "a grants folder that others may write" "must not be writable"
chmod 0755 /run/rassist/grants
chmod 0777 /usr/libexec/rassist && fails "a helper that others could replace" 255 by_key rassist@sn123 true
chmod 0755 /usr/libexec/rassist
is "all of it mended: support gets in" rassist by_key rassist@sn123 id -un
no_secrets() { ! grep -aF -e "$(cat "$scratch/code")" -e "$(tr -d '-' <"$scratch/code")" "$scratch/journal" "$scratch/door.log"; }
works "no code in the journal or in sshd's log" no_secrets
close_window
