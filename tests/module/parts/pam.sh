# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # shared: tests/module/run sources checks.sh, host.sh and the parts into one shell
# The built module inside libpam, with the services as shipped: each step's answer, what is asked and told, what is written.

# drive SERVICE USER [NAME=VALUE…] STEP…: answers come on standard input
drive() { timeout 20 "$artefacts/pam_driver" "$artefacts/pam.d" "$@"; }
typing() {
	local file=$1
	shift
	drive rassist-login rassist "$@" <"$file"
}
count() { cat /run/rassist/wrong-codes 2>/dev/null || echo 0; }
prompt="prompt: Assistance code of sn123: "
nl=$'\n'

# ---- auth
open_window 600
world code "$scratch/wrong"
is "the right code" "$prompt${nl}auth: PAM_SUCCESS" typing "$scratch/code" auth
is "... is not counted" 0 count
tr '[:upper:]' '[:lower:]' <"$scratch/code" | tr -d '-' >"$scratch/sloppy"
is "the right code, written carelessly" "$prompt${nl}auth: PAM_SUCCESS" typing "$scratch/sloppy" auth
echo "no idea" >"$scratch/garbage"
like "garbage is told so" "^$prompt${nl}message: That is not a code: .*${nl}auth: PAM_AUTH_ERR$" typing "$scratch/garbage" auth
is "... and does not count" 0 count
is "nobody there to type" "$prompt${nl}auth: PAM_AUTH_ERR" typing /dev/null auth
like "a wrong code" "^$prompt${nl}message: That is not the code of sn123\. \(attempt [0-9a-z]{10}\)${nl}auth: PAM_AUTH_ERR$" typing "$scratch/wrong" auth
is "... counts" 1 count
for _ in 2 3 4; do typing "$scratch/wrong" auth >/dev/null; done
forget_journal
like "the fifth is the last" "auth: PAM_MAXTRIES$" typing "$scratch/wrong" auth
journal_says "... and the journal says that typing is off" "MESSAGE=wrong code 5 of 5 was typed: typed codes are off"
journal_says "... as a warning" "PRIORITY=4"
like "now the right one is refused without asking" "^message: Too many wrong codes.*${nl}auth: PAM_MAXTRIES$" typing "$scratch/code" auth
is "the account step is as before" "account: PAM_SUCCESS" typing /dev/null account
for mode in 0666 0644; do
	chmod "$mode" /run/rassist/secret/code
	rm -f /run/rassist/wrong-codes
	is "a code file of mode $mode is not believed" "$prompt${nl}auth: PAM_AUTH_ERR" typing "$scratch/code" auth
done
is "no secret is in the journal" "" grep -aF -e "$(cat "$scratch/code")" -e "$(tr -d '-' <"$scratch/code")" -e "$(cat "$scratch/wrong")" -e "no idea" "$scratch/journal"
open_window 600
configure "typed-code = no"
like "typed-code = no: nothing is asked" "^message: The code cannot be typed here.*${nl}auth: PAM_MAXTRIES$" typing "$scratch/code" auth
configure ""
close_window
is "closed: nothing is asked or told" "auth: PAM_AUTH_ERR" typing "$scratch/code" auth

# ---- the other steps
is "setcred" "cred: PAM_SUCCESS" typing /dev/null cred
like "no password of ours can be changed" "password: PAM_(AUTHTOK_ERR|PERM_DENIED|[0-9]+)$" typing /dev/null password
is "... by the module itself" "password: PAM_AUTHTOK_ERR" drive alone rassist password
like "account while closed" "^message: The assistance window is closed\. \(attempt [0-9a-z]{10}\)${nl}account: PAM_ACCT_EXPIRED$" typing /dev/null account
open_window 600
is "account while open" "account: PAM_SUCCESS" typing /dev/null account
for account in rassist-device rassist-tunnel rassist-support; do
	is "$account: account" "account: PAM_SUCCESS" drive rassist-relay "$account" account
	is "$account: nothing to type" "auth: PAM_AUTH_ERR" drive rassist-relay "$account" auth
done

# ---- sessions on the device
sessions() { find "/run/rassist/sessions/$1" -type f -name '[0-9]*' -printf '%f ' 2>/dev/null; }
connection="SSH_CONNECTION=UNKNOWN 65535 /run/rassist/login.sock 65535"
key_of "$scratch/key.pub"
auth_info="SSH_AUTH_INFO_0=publickey $key_type $key_text"
forget_journal
is "a session by key" "open: PAM_SUCCESS${nl}close: PAM_SUCCESS" typing /dev/null "$connection" "$auth_info" open close
journal_says "... is in the journal" "MESSAGE=assist session [0-9]+ of sn123 from tunnel"
journal_says "... with its key" "RASSIST_FINGERPRINT=${key_print//+/[+]}"
journal_says "... to its end" "MESSAGE=assist session [0-9]+ of sn123 ended"
is "... and leaves no record" "" sessions assist.sn123
is "a session by typed code" "open: PAM_SUCCESS" typing /dev/null "$connection" "SSH_AUTH_INFO_0=keyboard-interactive/pam" open
is "nobody says who: the connection ends" "signal: SIGTERM${nl}open: PAM_SESSION_ERR" typing /dev/null "$connection" open
# the sanitizers have a malloc of their own
[ "$flavour" = asan ] || is "there is no memory: the connection ends" "signal: SIGTERM${nl}open: PAM_SESSION_ERR" typing /dev/null "$connection" "$auth_info" starve open
rm -rf /run/rassist/sessions/*
close_window
is "the window is gone: the connection ends" "signal: SIGTERM${nl}open: PAM_SESSION_ERR" typing /dev/null "$connection" "$auth_info" open
is "... and leaves no record" "" sessions assist.sn123
is "closing it is fine" "close: PAM_SUCCESS" typing /dev/null close

# ---- sessions on the relay
relay() { drive rassist-relay "$1" "SSH_CONNECTION=203.0.113.50 5022 203.0.113.10 443" "SSH_AUTH_INFO_0=publickey $key_type $key_text" "${@:2}" </dev/null; }
world device sn123 127.64.0.7 no
for role in identity activation; do
	new_key "$role"
	world grant "$role" sn123 "$scratch/keys/$role.pub" 600
	is "$role: a session" "open: PAM_SUCCESS${nl}close: PAM_SUCCESS" relay rassist-device open close
	is "$role: nobody watches it" "" ls /run/rassist/enforce
done
new_key pat
world grant staff pat "$scratch/keys/pat.pub" 0
is "staff: a session" "open: PAM_SUCCESS${nl}close: PAM_SUCCESS" relay rassist-support open close
new_key tunnel
world grant tunnel sn123 "$scratch/keys/tunnel.pub" 600
is "the key of the other account" "signal: SIGTERM${nl}open: PAM_SESSION_ERR" relay rassist-support open
relay rassist-tunnel open wait >"$scratch/older" &
soon grep -q here "$scratch/older"
forget_journal
is "a new tunnel" "open: PAM_SUCCESS${nl}close: PAM_SUCCESS" relay rassist-tunnel open close
wait $!
is "... ended the older one first" "open: PAM_SUCCESS${nl}wait: here${nl}wait: SIGTERM" cat "$scratch/older"
journal_says "... which is in the journal" "took the place of 1 older"
is "both are on the list of those to watch" "tunnel.sn123.1${nl}tunnel.sn123.2" ls /run/rassist/enforce
is "... and no record is left" "" sessions tunnel.sn123
world device sn123 127.64.0.7 yes
is "a device that is blocked" "signal: SIGTERM${nl}open: PAM_SESSION_ERR" relay rassist-tunnel open
journal_says "... with the reason in the journal" "RASSIST_REASON=the tunnel grant of sn123: the device is blocked"
world device sn123 127.64.0.7 no
rm -rf /var/lib/rassist/windows/*
is "a grant that is gone" "signal: SIGTERM${nl}open: PAM_SESSION_ERR" relay rassist-tunnel open
rm -rf /run/rassist/enforce/* /run/rassist/sessions/* /var/lib/rassist/{activations,identities,windows,staff,devices}/{*,.subjects/*}

# ---- whatever is broken: ours are refused with the reason, everybody else does not notice
open_window 600
everybody() {
	for user in root nobody daemon "" rassist2; do
		for step in auth cred account open close password; do
			drive bystander "$user" "$step" "$step" </dev/null
			# the module's word alone: nothing is decided (libpam's own no), nothing is allowed
			drive alone "$user" "$step" </dev/null
		done
	done | sort | uniq -c | sed 's/^ *//'
}
bystanders=$(everybody)
like "another account's logins: allowed by their own stack, decided nothing by ours" "10 auth: PAM_SUCCESS" echo "$bystanders"
not_said() { grep -E "prompt|message|signal" <<<"$bystanders"; }
is "... without a word" "" not_said
without_attempt() { "$@" | sed 's/ (attempt [0-9a-z]*)$//'; }
broken() {
	forget_journal
	is "$1: support is refused" "$2" without_attempt typing "$scratch/code" auth account
	journal_says "... with the reason in the journal" "$3"
	is "... everybody else is not" "$bystanders" everybody
}
no="auth: PAM_AUTH_ERR${nl}account: PAM_PERM_DENIED"
mv /etc/rassist/rassist.conf "$scratch/away" && broken "no configuration" "$no" "rassist.conf"
head -c 2000 /dev/urandom >/etc/rassist/rassist.conf && broken "garbage in the configuration" "$no" "rassist.conf"
configure "reech = any" && broken "an unknown key" "$no" "rassist.conf:4: .*reech"
configure "" && chmod 0666 /etc/rassist/rassist.conf && broken "a configuration others may write" "$no" "must not be writable"
rm /etc/rassist/rassist.conf && mkfifo /etc/rassist/rassist.conf && broken "a FIFO" "$no" "not a regular file"
rm /etc/rassist/rassist.conf && ln -s "$scratch/away" /etc/rassist/rassist.conf && broken "a link" "$no" "rassist.conf"
rm -f /etc/rassist/rassist.conf && configure ""
mv /run/rassist /run/away && broken "no /run/rassist" "auth: PAM_AUTH_ERR${nl}message: The assistance window is closed.${nl}account: PAM_ACCT_EXPIRED" "closed"
mkfifo /run/rassist && broken "a FIFO in its place" "$no" "not a folder"
rm /run/rassist && mv /run/away /run/rassist
chmod 0777 /run/rassist && broken "a /run/rassist that others may write" "$no" "must not be writable"
chmod 0755 /run/rassist
rm -f /run/rassist/window && mkfifo /run/rassist/window && broken "a window that is a FIFO" "$no" "not a regular file"
rm -f /run/rassist/window
close_window
