# shellcheck shell=bash
# Extending and shortening a window takes effect on live sessions and on the relay, and nothing reconnects.
starts_from ready
announces device 'the window was not changed: .*window-max'
announces device 'Reload failed for rassist-agent'

opened device --for 10m
keyed sn123 >/dev/null
background shell as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'while read -r line; do echo "$line"; done; sleep 1000'
that "a session is there" within 5 works on device pgrep -u rassist -f 'sleep 1000'
tunnel_pid() { on device pgrep -u rassist-agent -x ssh | sort | head -1; }
window_id() { on device rassist status --json | jq -r .window; }
# what the relay has written down, seconds from now
left_on_relay() { on relay sh -c 'now=$(date +%s); for f in /var/lib/rassist/windows/[A-Za-z0-9_-]*; do echo $(( $(sed -n "s/^expires = //p" "$f") - now )); done'; }
about() { local n; n=$("${@:3}") && ((n > $1 && n <= $2)) && echo "about right: $n"; }
tunnel=$(tunnel_pid)
window=$(window_id)

say "Two hours more"
that "extended"                                       works on device rassist extend --for 2h
that "the customer sees it"                           says 'open until' on device rassist status
that "systemd's own text says so too"                 says '2h' on device systemctl status rassist-agent
that "the relay knows it" within 5                    says 'about right' about 7100 7200 left_on_relay
that "the timer of the first deadline is gone"        works on device sh -c '[ "$(systemctl list-timers --no-legend "rassist-deadline*" | wc -l)" = 1 ]'
that "sudo's right goes with it"                      says '^root$' reaching sn123 sudo -n id -un
that "the code is the same"                           says "$CODE" code_of device
that "it is the same window and the same tunnel"      works test "$tunnel $window" = "$(tunnel_pid) $(window_id)"
that "the session lives on"                           works running shell

say "Not past what the config allows"
that "too long a wish is refused, with what would be right" fails saying '8h' on device rassist extend --for 20h
that "and changes nothing"                            says 'about right' about 7000 7200 left_on_relay

say "Shortened to three seconds: the live session and the tunnel end then"
that "shortened" works on device rassist extend --for 3s
that "the relay knows it" within 2 says 'about right' about -2 3 left_on_relay
ends shell within 6
that "the window is closed"      within 3 fails with 3 on device systemctl is-active rassist-agent
that "support is refused"        fails with 255 reaching sn123 true
that "the relay's listener is free" within 3 fails on relay sh -c 'ss -tlnH | grep -q :10022'
that "an ended window cannot be extended" fails saying 'no window is open' on device rassist extend --for 1h
