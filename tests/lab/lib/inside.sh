#!/bin/bash
# The first process of a lab: process 1 of its namespaces. When it ends, the kernel ends every process, mount and network of the lab.
# Environment from `lab`: LAB_DIR LAB_CGROUP LAB_BASE LAB_HOSTS LAB_STATE LAB_STORY (empty: stay up) LAB_SAVE (keep as a state there).
set -euo pipefail

LAB_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=network.sh
. "$LAB_SOURCE/lib/network.sh"
# shellcheck source=hosts.sh
. "$LAB_SOURCE/lib/hosts.sh"
# shellcheck source=journals.sh
. "$LAB_SOURCE/lib/journals.sh"

read -ra all_hosts <<<"$LAB_HOSTS"
story_pid=""

report() {
    local host
    for host in "${all_hosts[@]}"; do
        [[ -d $HOSTS/$host/root/etc ]] || continue
        echo "---- $host: the end of its journal"
        timeout 10 chroot "$HOSTS/$host/root" journalctl --quiet --no-pager --since="@$TOLD_SINCE" | tail -n "${RASSIST_LAB_TAIL:-40}" || true
    done
}

out_of_time() {
    echo "FAIL the story takes too long; it was ended"
    if [[ -n $story_pid ]]; then kill_tree "$story_pid"; fi
    trap - EXIT
    report
    exit 1
}

trap out_of_time TERM
trap report EXIT   # until the systems are up

mount --make-rprivate /
mount -t tmpfs -o mode=755 lab-run /run
# shellcheck disable=SC2154
eval "$mount_cgroup2"
mkdir -p "$HOSTS" /run/netns "/sys/fs/cgroup/$LAB_CGROUP"

STORY_SINCE=$EPOCHREALTIME TOLD_SINCE=$EPOCHREALTIME
export STORY_SINCE
network_up
for host in "${all_hosts[@]}"; do host_prepare "$host"; done
hosts_boot "${all_hosts[@]}"
trap - EXIT

if [[ -z $LAB_STORY ]]; then
    touch "$LAB_DIR/ready"
    sleep infinity &
    wait
    exit
fi

status=0 TOLD_SINCE=$EPOCHREALTIME
bash "$LAB_SOURCE/story.sh" "$LAB_STORY" </dev/null &
story_pid=$!
wait "$story_pid" || status=$?
if ((status != 0)); then
    report
elif [[ -n $LAB_SAVE ]]; then
    hosts_save "$LAB_SAVE"
fi
exit "$status"
