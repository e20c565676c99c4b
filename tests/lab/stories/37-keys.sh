# shellcheck shell=bash
# S6: a tunnel key is made fresh for each window and overwrites the last, only the agent can read it, and it never leaves the device; nothing secret is anywhere
# else while support is in by both ways.
starts_from ready
announces device 'rassist-tunnel.service'

key_facts() { on device stat -c '%U %a' "$1"; }
# the lines of a private key's file that are its own (the first two are the same in all)
private_lines() { on device sed -n '4,5p' "$1"; }
keep_secret() { local line; for file in "$@"; do while read -r line; do secret "$line"; done < <(private_lines "$file"); done; }

opened device --for 20m
that "the tunnel key is the agent's alone"    says '^rassist-agent 600$' key_facts /run/rassist-agent/tunnel_key
that "so is the device's identity"            says '^rassist-agent 600$' key_facts /var/lib/rassist/identity
that "the door's host key is root's alone"    says '^root 600$' key_facts /run/rassist/secret/host_key
that "so is the code"                         says '^root 600$' key_facts /run/rassist/secret/code
keep_secret /run/rassist-agent/tunnel_key /var/lib/rassist/identity /run/rassist/secret/host_key
first=$(on device sha256sum /run/rassist-agent/tunnel_key)
private_lines /run/rassist-agent/tunnel_key >"$NOTES/private"

say "Support is in by both ways, and the agent crashes"
keyed sn123 >/dev/null
background shell as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'sleep 1000'
that "by the typed code" says '^rassist$' typed_in "$CODE" sn123 id -un
that "by the key" within 5 works on device pgrep -u rassist -x sleep
no_secret_leaked
on device sh -c 'kill -SEGV $(systemctl show -P MainPID rassist-tunnel)'
that "no core dump is left" works on device sh -c '! find / -xdev -type f \( -name core -o -name "core.[0-9]*" \) -size +0 -newer /run/rassist/window 2>/dev/null | grep .'
announces device 'SEGV|dumped'
that "it comes back with the same window's key" within 15 says '^up$' tunnel_of device
that "the key is the same within a window"     works test "$first" = "$(on device sha256sum /run/rassist-agent/tunnel_key)"

say "The private half is nowhere on the relay and with support"
for host in relay support; do
	that "not on the disk of $host" fails with 1 on "$host" grep -rqsFf - /etc /home /root /run /srv /tmp /usr/local /var <"$NOTES/private"
done
that "but the same search finds it on the device" works on device grep -rqsFf - /run/rassist-agent <"$NOTES/private"

say "The end of the window takes it away, and the next window has another"
on device rassist close >/dev/null
left_on_device() { on device grep -rqsFf - /etc /home /root /run /srv /tmp /usr/local /var <"$NOTES/private"; }
that "nothing of it is left on the device" within 5 fails with 1 left_on_device
opened device --for 20m
that "it is another key"                   fails test "$first" = "$(on device sha256sum /run/rassist-agent/tunnel_key)"
that "and another code"                    works on device sh -c '[ -s /run/rassist/secret/code ]'
