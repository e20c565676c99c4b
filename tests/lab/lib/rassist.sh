# shellcheck shell=bash
# Words for what people do with rassist, used by states and stories. They only type the commands a person would type.

# installed HOST: what a package does after its files are in place.
installed() { on "$1" sh -c 'systemd-sysusers && systemd-tmpfiles --create && systemctl daemon-reload && journalctl --update-catalog'; }

relay_host_key() { on "${1:-relay}" cat /var/lib/rassist/relay_host_ed25519_key.pub; }

# activate DEVICE SERIAL: the relay's admin registers it, the device's admin types the token.
activate() {
	local token
	on "$1" rassist setup device relay --host-key "$(relay_host_key)"
	token=$(on relay rassist device add "$2" | sed -n 's|^Activation token: ||p')
	on "$1" rassist activate "$2" <<<"$token"
}

# code_of DEVICE: the code as the customer reads it.
code_of() { on "$1" rassist show --json | jq -r .code; }
# fingerprint_of DEVICE: of the door's host key, as a pattern.
fingerprint_of() { on "$1" rassist show --json | jq -r .host_key | sed 's/[+.]/\\&/g'; }

# tunnel_of DEVICE: its state as the customer sees it.
tunnel_of() { on "$1" rassist status --json | jq -r .tunnel.state; }

# opened DEVICE [--for 2h]: opens the window and waits until the relay has it ready; sets CODE.
opened() {
	local device=$1; shift
	on "$device" rassist open "$@" >/dev/null
	CODE=$(code_of "$device")
	secret "$CODE"
	secret "${CODE//-/}"
	that "the tunnel of $device comes up" within 15 says '^up$' tunnel_of "$device"
}

# keyed SERIAL [CODE]: sam gives the code to `rassist key`, with an ssh-agent of his own.
AGENT="SSH_AUTH_SOCK=/home/sam/.agent"
keyed() {
	as support sh -c '[ -S ~/.agent ] || ssh-agent -a ~/.agent >/dev/null'
	as support env "$AGENT" rassist key "$1" <<<"${2:-$CODE}"
}
# reaching SERIAL [ssh's words…]: plain ssh after `keyed`.
reaching() { local serial=$1; shift; as support env "$AGENT" ssh -o BatchMode=yes "$serial.rassist" "$@"; }

# login_key_of SERIAL [CODE]: the private half of the code's login key, the line of an OpenSSH key file that holds it: what nobody but support may have.
login_key_of() {
	as support sh -c 'umask 077; rm -f ~/.derived; rassist key "$0" --out ~/.derived >/dev/null; sed -n 5p ~/.derived; rm ~/.derived' "$1" <<<"${2:-$CODE}"
}
# hexadecimal <<<LINE: the 32 bytes in that line.
hexadecimal() { cut -c3- | base64 -d | od -An -v -tx1 | tr -d ' \n' | cut -c5-68; }

# noted NAME cmd…: keeps what it says now. same NAME cmd…: works if it says the same now, and shows the difference if not.
noted() { local name=$1; shift; "$@" >"$NOTES/noted.$name"; }
same() { local name=$1; shift; diff "$NOTES/noted.$name" <("$@"); }

# Support with nothing but stock ssh, which asks about the host key first: typed_in CODE SERIAL command…
STOCK=(ssh -F none -o UserKnownHostsFile=/dev/null -J rassist-support@relay:443 -p 10022)
knows_relay() { as support sh -c 'mkdir -p ~/.ssh; ssh-keygen -F "[relay]:443" >/dev/null 2>&1 || ssh-keyscan -p 443 relay >>~/.ssh/known_hosts 2>/dev/null'; }
typed_in() {
	local code=$1 serial=$2; shift 2
	knows_relay
	as support typing yes at "fingerprint" then "$code" at "code" -- "${STOCK[@]}" "rassist@$serial.rassist" "$@"
}
