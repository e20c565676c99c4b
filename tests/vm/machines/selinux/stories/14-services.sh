# shellcheck shell=bash
# What process 1 runs by itself: the enforcer by its timer, the guard once more, the sweep after a window that had no end, tidying.
check "the enforcer" systemctl start rassist-enforce.service
check "somebody edits the configuration: all are looked at" systemctl start rassist-everybody.service
check "and the guard's rules" systemctl start rassist-guard-reload.service

guard() { systemctl show -P MainPID rassist-guard.service; }
again() { [ "$(guard)" != 0 ] && [ "$(guard)" != "$before" ] && systemctl -q is-active rassist-relay.service; }
before=$(guard)
check "the guard's nft is killed" systemctl kill --signal=KILL rassist-guard.service
check "another takes its place, and the door opens again" soon 60 again

install -o rassist -g rassist /dev/null /tmp/left
touch /var/lib/rassist/unswept && restorecon /var/lib/rassist/unswept
check "the sweep after a power cut" systemctl start rassist-sweep.service
never "what support left is gone" ls /tmp/left

rassist device add sn777 >/dev/null
token=$(find /var/lib/rassist/activations -maxdepth 1 -type f ! -name '.*')
check "a token is old" sed -i 's/^expires = .*/expires = 1700000001/' "$token"
check "tidying" systemctl start rassist-tidy.service
never "it is gone" ls "$token"
rassist device remove sn777 >/dev/null
never "nothing of ours was refused" refused
