# shellcheck shell=bash
# What process 1 runs by itself: the enforcer by its timer, the sweep after a window that had no end, tidying.
check "the enforcer" systemctl start rassist-enforce.service
check "somebody edits the configuration: all are looked at" systemctl start rassist-everybody.service
check "and the guard's rules" systemctl start rassist-guard-reload.service

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
