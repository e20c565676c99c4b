# shellcheck shell=bash
# S1–S7, S10, S13, S19: the customer's click, support's login in both ways, ssh and http, the end.
starts_from ready

say "Closed: nothing of ours is there, and nobody gets in"
that "the device holds no socket, code, key or grant"  works on device sh -c '! ls /run/rassist/login.sock /run/rassist/secret/code /run/rassist/secret/host_key /run/rassist/grants/* 2>/dev/null'
that "no process of ours runs on the device"           fails on device pgrep -u rassist,rassist-agent,rassist-keys
that "the window's unit is inactive"                   fails with 3 on device systemctl is-active rassist-agent rassist-tunnel rassist-login.socket
that "rassist status says so"                          fails with 3 on device rassist status
that "the account is of no use to the machine's sshd"  fails on device typing yes at fingerprint then x at password -- ssh -o NumberOfPasswordPrompts=1 rassist@localhost true
that "support is refused"                              fails with 255 as support ssh -o BatchMode=yes sn123.rassist true
that "the desk shows no device"                        says 'No device' as support ssh rassist-relay list

say "The customer switches assistance on"
on device systemctl start rassist-agent
CODE=$(code_of device)
secret "$CODE"
that "the code is shown to root alone"  says "only root" without "$CODE" on device setpriv --reuid alice --regid alice --clear-groups rassist show
that "status tells until when"          says 'open until' on device systemctl status rassist-agent
that "the tunnel comes up"              within 15 says '^up$' tunnel_of device
that "the desk shows the device"        within 5 says 'sn123' as support ssh rassist-relay list

say "Support with nothing but stock ssh types the code"
that "ssh asks about the host key first, and shows the fingerprint the customer reads out" \
	says "$(fingerprint_of device)" typed_in "$CODE" sn123 id -un
that "it is a shell of the account rassist" says '^rassist$' typed_in "$CODE" sn123 id -un

say "Support with the derived key: the code once, then plain ssh"
that "the code is taken, in lower case and without dashes" works keyed sn123 "$(tr -d - <<<"${CODE,,}")"
that "plain ssh logs in"              says '^device$' reaching sn123 hostname
that "a second session beside it"     says '^rassist$' reaching sn123 id -un
on support sh -c 'echo "brought by support" >/tmp/notes && chmod 644 /tmp/notes'
that "scp brings a file"              works as support env "$AGENT" scp -q /tmp/notes sn123.rassist:notes
that "sftp fetches it"                works as support env "$AGENT" sftp -q -b - sn123.rassist <<<"get notes /tmp/by-sftp"
that "rsync brings it again"          works as support env "$AGENT" rsync -e ssh sn123.rassist:notes /tmp/by-rsync
that "all of it arrived"              works on support cmp /tmp/by-sftp /tmp/by-rsync
that "sudo works in the window"       says '^root$' reaching sn123 sudo -n id -un

say "The device's web page, in both ways"
background forward as support env "$AGENT" ssh -o BatchMode=yes -N -L 8080:127.0.0.1:80 sn123.rassist
that "end to end, through the device's ssh"   within 10 says 'hello from device' as support curl -sS http://127.0.0.1:8080/
background direct as support ssh -o BatchMode=yes -N -L 8081:sn123.rassist:10088 rassist-relay
that "at the device's port on the relay"      within 10 says 'hello from device' as support curl -sS http://127.0.0.1:8081/
that "support reaches nothing else through the device" fails as support env "$AGENT" ssh -o BatchMode=yes -W 192.168.50.1:22 sn123.rassist
that "the customer sees who is there"         says 'SHA256:' on device rassist sessions

say "The customer closes"
background shell as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist sleep 1000
that "the shell is there" within 5 works on device pgrep -u rassist -x sleep
measure "rassist close" on device rassist close
ends shell within 3
ends forward within 3
that "support is refused again"   fails with 255 reaching sn123 true
that "nothing of ours runs"       fails on device pgrep -u rassist,rassist-agent,rassist-keys
that "code, keys and sudo right are gone" works on device sh -c '! ls /run/rassist/login.sock /run/rassist/secret/code /run/rassist/secret/host_key /run/rassist/grants/* /run/rassist/sudoers.d/* /run/rassist-agent/* 2>/dev/null'
that "the desk shows no device"   within 5 says 'No device' as support ssh rassist-relay list
