# shellcheck shell=bash
# A window that closes in the middle of a login leaves nobody in. The login is held at a place of ours by a module in the door's PAM service, and the window
# goes while it waits there.
starts_from ready
announces device 'rassist-login|closed|window'

on device sh -c 'cat >/usr/local/bin/hold-login; chmod 755 /usr/local/bin/hold-login' <<'HERE'
#!/bin/bash
# waits, at most a minute, until the story lets the login go on
: >/run/held
for ((i = 0; i < 1200; i++)); do [[ -e /run/go ]] && exit 0; sleep 0.05; done
exit 1
HERE
on device cp /etc/pam.d/rassist-login /root/door.pam
# held_at KIND before|after: where the login waits, beside our own line of that kind
held_at() {
	on device rm -f /run/held /run/go
	on device sh -c 'awk -v kind="$1" -v place="$2" "{
		ours = (\$1 == kind && /pam_rassist/)
		if (ours && place == \"before\") print kind \" required pam_exec.so quiet /usr/local/bin/hold-login\"
		print
		if (ours && place == \"after\") print kind \" required pam_exec.so quiet /usr/local/bin/hold-login\"
	}" /root/door.pam >/etc/pam.d/rassist-login' sh "$1" "$2"
}
# log_in WORDS: a login that met the relay before the tunnel was told there is tried again, as a person would
is_held() { on device test -e /run/held; }
log_in() {
	local attempt
	for attempt in 1 2 3; do
		background login as support env "$AGENT" ssh -o BatchMode=yes "$@"
		poll 4 is_held && return
		tell_step "login $attempt did not get there: $(output login)"
		running login && stop login
	done
}
login_is_held() { that "the login waits there" within 10 works on device test -e /run/held; }
nobody_in() {
	that "no process of support's"  within 3 fails on device pgrep -au rassist
	that "no session in the books"  within 2 says '^\[\]$' on device rassist sessions --json
}

for place in "account before" "account after" "session before" "session after"; do
	read -r kind where <<<"$place"
	for way in "sleep 1000" "-N"; do
		say "Held $where our $kind step ($way); the window is closed meanwhile"
		held_at "$kind" "$where"
		opened device --for 10m
		keyed sn123 >/dev/null
		if [[ $way == -N ]]; then
			log_in -N -L 8080:127.0.0.1:80 sn123.rassist
		else
			log_in sn123.rassist "$way"
		fi
		login_is_held
		on device rassist close >/dev/null
		on device touch /run/go
		ends login within 5 with 255
		nobody_in
	done
done

say "The same where only the record goes and process 1 kills nothing: the module itself must end the connection"
for way in "sleep 1000" "-N"; do
	held_at session before
	opened device --for 10m
	keyed sn123 >/dev/null
	if [[ $way == -N ]]; then
		log_in -N sn123.rassist
	else
		log_in sn123.rassist "$way"
	fi
	login_is_held
	on device rm /run/rassist/window
	on device touch /run/go
	ends login within 5 with 255
	nobody_in
	on device systemctl stop rassist-agent
done
