# shellcheck shell=bash
# Words for devices that are published on the relay's public addresses.

# publishes LINE…: the relay's configuration of it, put in place in one step
publishes() { printf '%s\n' '[relay]' "$@" | on relay sh -c 'cat >/etc/rassist/.new && mv /etc/rassist/.new /etc/rassist/rassist.conf.d/50-publish.conf'; }
ADDRESSES='publish-address = 203.0.113.10, 2001:db8::10'
PORTS='publish-ports = 20000-20009'
# guards PATTERN: what the relay's guard says that it stands before
guards() { on relay grep -E -- "$1" /run/rassist-guard/guarding; }
# consents DEVICE SERVICES: the customer's word
consents() { on "$1" sh -c 'printf "[device]\npublish = %s\n" "$0" >/etc/rassist/.new && mv /etc/rassist/.new /etc/rassist/rassist.conf.d/60-publish.conf' "$2"; }
# public_listeners: what devices listen on beside their own addresses
public_listeners() { on relay sh -c 'ss -Hltn "sport >= 20000 and sport <= 20009" | grep .'; }

# knocks FROM ADDRESS PORT: from support's workstation; a reset shows at once as "refused", what is dropped would have it wait and time out
knocks() { as support sh -c 'exec nc -v -w 3 -s "$0" "$1" "$2" </dev/null' "$@"; }
# opens SENTENCE FROM ADDRESS PORT, resets SENTENCE FROM ADDRESS PORT
opens() { that "$1" within 20 says 'SSH-2.0' knocks "$2" "$3" "$4"; }
resets() { that "$1" within 5 fails with 1 saying 'Connection refused' knocks "$2" "$3" "$4"; }
