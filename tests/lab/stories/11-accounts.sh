# shellcheck shell=bash
# Through the tunnel no account but rassist can be tried, whatever password or key is right for it on the machine's own sshd.
starts_from ready
announces device 'PAM: (Permission denied|Authentication failure) for illegal user (root|alice)'
announces device 'rassist-login@.*(assert|Assertion|Failed to start|Dependency)'

opened device --for 10m
keyed sn123 >/dev/null
on device install -d -m 700 /root/.ssh
as support cat .ssh/id_ed25519.pub | on device tee /root/.ssh/authorized_keys >/dev/null
that "root's key is right on the machine's own sshd" works on device sh -c 'ssh-keygen -lf /root/.ssh/authorized_keys && sshd -T | grep -q "permitrootlogin yes"'

SAMS_KEY="-o IdentitiesOnly=no -i /home/sam/.ssh/id_ed25519"
that "root is refused by key"           fails with 255 saying 'Permission denied' as support env "$AGENT" sh -c "ssh $SAMS_KEY -o BatchMode=yes root@sn123.rassist true"
that "root is refused by the window's key" fails with 255 saying 'Permission denied' as support env "$AGENT" ssh -o BatchMode=yes root@sn123.rassist true
knows_relay
on support sh -c 'printf "#!/bin/sh\ncat /tmp/answer\n" >/usr/local/bin/answer; chmod 755 /usr/local/bin/answer'
# whatever is asked, this is the answer
answering() {
	local answer=$1; shift
	on support sh -c 'cat >/tmp/answer; chmod 644 /tmp/answer' <<<"$answer"
	as support env SSH_ASKPASS=/usr/local/bin/answer SSH_ASKPASS_REQUIRE=force "${STOCK[@]}" -o StrictHostKeyChecking=no "$@"
}
for account in "root device-root" "alice wonderland"; do
	read -r user password <<<"$account"
	that "$user's right password does not get in"  fails with 255 saying 'Permission denied' answering "$password" "$user@sn123.rassist" true
	that "nor does the window's code as $user's"   fails with 255 saying 'Permission denied' answering "$CODE" "$user@sn123.rassist" true
done
on support rm /tmp/answer
that "the same way of answering gets rassist in" says '^rassist$' answering "$CODE" rassist@sn123.rassist id -un
on support rm /tmp/answer
that "no session of theirs was ever made" fails on device grep -rqE 'root|alice' /run/rassist/sessions
that "support's own login still works" says '^rassist$' reaching sn123 id -un

say "Without its PAM service the door does not open: libpam would take the one called other, which knows no window"
on device mv /etc/pam.d/rassist-login /root/
that "the key is refused"  fails with 255 reaching sn123 true
on device mv /root/rassist-login /etc/pam.d/
that "put back, it works"  says '^rassist$' reaching sn123 id -un
