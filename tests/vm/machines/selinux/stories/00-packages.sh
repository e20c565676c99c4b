# shellcheck shell=bash
# The packages have brought the policy module and put it in force, and each file has its label, without a relabelling of the machine.
check "the module is in the store" says '^rassist$' semodule -l
check "the helper has its label" [ "$(label /usr/libexec/rassist/authkeys)" = rassist_authkeys_exec_t ]
check "and a folder in /run" [ "$(label /run/rassist/sessions)" = rassist_session_t ]
check "and the relay's host key" [ "$(label /var/lib/rassist/relay_host_ed25519_key)" = rassist_key_t ]
otherwise() { restorecon -Rinv /etc/rassist /var/lib/rassist /run/rassist* /usr/libexec/rassist /usr/bin/rassist | grep .; }
never "nothing has another label than the policy says" otherwise
check "each file has had it from the beginning, or by its script" [ "$(stat -c %C /usr/share/rassist/sshd/guard.nft | cut -d: -f1)" = system_u ]
check "the relay's guard has its domain" says :rassist_guard_t: cat "/proc/$(systemctl show -p MainPID --value rassist-guard.service)/attr/current"
check "the relay's door is open" soon 60 systemctl is-active rassist-relay.service
never "nothing of ours was refused" refused
