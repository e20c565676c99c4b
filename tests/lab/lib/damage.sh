# shellcheck shell=bash
# Words for what may happen to a file, and for those who must not notice.

# What spoil has put aside: on the same file system, the very file where it can be, so that a lock on it stays.
ASIDE='case $1 in /run/*) aside=/run/aside ;; *) aside=/root/aside ;; esac; mkdir -p "$aside"; good=$aside/$(echo "$1" | tr / _)'

# spoil HOST PATH HOW [TEXT]: a file or folder becomes: missing, garbage, text (that one), a symlink (to what was there), a fifo, a folder, a file, huge,
# writable (by everybody), nobodys (a stranger's); a file does so in one step. mend HOST PATH puts it back as it was.
spoil() {
	on "$1" sh -euc "$ASIDE"'; rm -rf "$good" "$1.spoilt"
	if [ -d "$1" ]; then
		case $2 in
			writable) stat -c "chmod %a" "$1" >"$good.was" && chmod a+w "$1" ; exit ;;
			nobodys) stat -c "chown %u:%g" "$1" >"$good.was" && chown nobody "$1"; exit ;;
		esac
		mv "$1" "$good"
	else
		ln "$1" "$good" 2>/dev/null || cp -a "$1" "$good"
	fi
	case $2 in
		missing) ;;
		garbage) head -c 3000 /dev/urandom >"$1.spoilt" ;;
		text) printf "%b" "$3" >"$1.spoilt" ;;
		symlink) ln -s "$good" "$1.spoilt" ;;
		fifo) mkfifo "$1.spoilt" ;;
		folder) mkdir "$1.spoilt" ;;
		file) : >"$1.spoilt" ;;
		huge) cp -a "$good" "$1.spoilt" && truncate -s 3G "$1.spoilt" ;;
		writable) cp -a "$good" "$1.spoilt" && chmod a+w "$1.spoilt" ;;
		nobodys) cp -a "$good" "$1.spoilt" && chown nobody "$1.spoilt" ;;
		*) echo "spoil: what is $2?"; exit 2 ;;
	esac
	case $2 in garbage | text | fifo) chmod --reference="$good" "$1.spoilt" && chown --reference="$good" "$1.spoilt" ;; esac
	case $2 in missing | folder) rm -rf "$1" ;; esac
	[ $2 = missing ] || mv -T "$1.spoilt" "$1"' sh "$2" "$3" "${4:-}"
}
mend() {
	on "$1" sh -euc "$ASIDE"'
	if [ -e "$good.was" ]; then $(cat "$good.was") "$1" && rm "$good.was"; exit; fi
	if [ -d "$good" ] || [ -d "$1" ]; then rm -rf "$1"; fi
	mv -T "$good" "$1"' sh "$2"
}

# others_log_in HOST: root and alice (OTHERS: a line with name and password each) log in by password at the machine's own sshd.
OTHERS=$'root device-root\nalice wonderland'
others_log_in() {
	local host=$1 user password pid pids=()
	while read -r user password; do
		on "$host" typing "$password" at password -- ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "$user@localhost" 'echo "$USER is in"' </dev/null &
		pids+=($!)
	done <<<"$OTHERS"
	for pid in "${pids[@]}"; do wait "$pid" || return; done
}

# support_keeps_its_jump: one connection to the relay for all of sam's logins of a story in which the relay is well.
support_keeps_its_jump() { as support sh -c 'printf "Host rassist-relay\n\tControlMaster auto\n\tControlPath ~/.ssh/jump\n\tControlPersist yes\n" >~/.ssh/config'; }

# by_key SERIAL and by_code SERIAL: the two ways in, after `keyed`.
by_key() { reaching "$1" echo inside; }
by_code() {
	as support env "$AGENT" typing "$CODE" at "Assistance code of $1: " -- \
		ssh -o PreferredAuthentications=keyboard-interactive -o NumberOfPasswordPrompts=1 "$1.rassist" echo inside
}

# Ways in at the relay. as_staff: sam asks the desk. as_device: a device's identity key, with an empty request; let in it is told `malformed` (65).
# as_tunnel: the window's tunnel key, which takes the agent's tunnel down where it is let in.
as_staff() { as support ssh -o BatchMode=yes rassist-relay list; }
as_device() { as_agent "${1:-device}" rassist-device /var/lib/rassist/identity; }
as_tunnel() { as_agent "${1:-device}" rassist-tunnel /run/rassist-agent/tunnel_key hold 0123456789; }
as_agent() {
	on "$1" setpriv --reuid rassist-agent --regid rassist-agent --init-groups ssh -F none -T -o BatchMode=yes -o IdentitiesOnly=yes \
		-o "IdentityFile=$3" -o UserKnownHostsFile=/etc/rassist/known_hosts -o HostKeyAlias=relay -p 443 "$2@relay" "${@:4}" </dev/null
}

# tried HOST WAY…: tries that way in; says what ssh and what rassist in the journal of HOST say of it.
tried() {
	local host=$1 since=$EPOCHREALTIME status=0; shift
	"$@" || status=$?
	journal "$host" --since="@$since" -o cat -p debug -t pam_rassist -t rassist-authkeys -t rassist-enroll -t rassist-hold -t rassist-desk
	return "$status"
}
