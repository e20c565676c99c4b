# shellcheck shell=bash
# What the policy adds to sshd's domain, as the kernel answers; the same for the domain that newer policies give to a connection (sshd_session.cil).
types=$(grep -oE 'rassist_[a-z_]*_t\b' /etc/selinux/default/contexts/files/file_contexts | sort -u)
# DOMAIN TYPE CLASS PERMISSION…: has one of these
may() {
	local allowed permission
	allowed=$(compute_av "system_u:system_r:$1:s0" "system_u:object_r:$2:s0" "$3" | sed -n 's/^allowed= *//p')
	for permission in "${@:4}"; do [[ " $allowed " != *" $permission "* ]] || return 0; done
	return 1
}
# DOMAIN CLASS PERMISSION…: those of our types it may do one of these to
of_ours() {
	local type
	for type in $types; do ! may "$1" "$type" "${@:2}" || echo "$type"; done | tr '\n' ' '
}
is() { [ "$1" = "$2" ] || { echo "$2"; return 1; }; }
becomes() { [[ "$(compute_create "system_u:system_r:$1:s0" "system_u:object_r:$2:s0" process)" == *:"$3":* ]]; }

check "there are such types" [ "$(wc -w <<<"$types")" -gt 15 ]
for domain in sshd_t sshd_session_t; do
	check "$domain: the helper gets its domain" becomes $domain rassist_authkeys_exec_t rassist_authkeys_t
	check "the forced commands, too" becomes $domain rassist_hold_exec_t rassist_hold_t
	check "reads the records" may $domain rassist_record_t file read
	check "of our files writes sessions and the count of wrong codes" is "rassist_session_t " "$(of_ours $domain file write append create unlink rename setattr)"
	check "of our folders changes these, and the one with the count" is "rassist_run_t rassist_session_t " "$(of_ours $domain dir write add_name remove_name)"
	check "binds our ports" may $domain rassist_port_t tcp_socket name_bind
	check "signals forced commands" may $domain rassist_hold_t process sigkill
	ours=(signal ptrace)
	[ $domain = sshd_t ] || ours+=(sigkill)    # Debian's policy itself has sshd_t kill whom it likes
	for other in authkeys agent window guard service; do never "not $other" may $domain "rassist_${other}_t" process "${ours[@]}"; done
done
check "under NoNewPrivileges a connection gets its domain" may sshd_t sshd_session_t process2 nnp_transition
never "the helper signals nobody" may rassist_authkeys_t sshd_t process signal sigkill
