# shellcheck shell=bash
# The hosts of a lab: a root of overlays, a start, an end. Runs inside the lab's namespaces.
#
#     /run/lab/hosts/HOST/root     what the host sees as /     (upper over [state] over lab layer over [product] over base)
#     /run/lab/hosts/HOST/nspawn   pid of its systemd-nspawn;  init: pid of its PID 1;  caps: what its processes may have
#     /sys/fs/cgroup/$LAB_CGROUP/HOST/payload                  the root of its cgroup tree

HOSTS=/run/lab/hosts

boot_seconds=${RASSIST_LAB_BOOT_SECONDS:-90}

host_cgroup() { echo "/sys/fs/cgroup/$LAB_CGROUP/$1"; }

# poll SECONDS cmd…: polls until it works. Only for things that give no event.
poll() {
    local deadline=$((EPOCHSECONDS + $1)); shift
    until "$@"; do
        ((EPOCHSECONDS < deadline)) || return 1
        sleep 0.03
    done
}

# gone PID SECONDS: true when that process has ended in time.
gone() { timeout "$2" tail --pid="$1" -s 0.02 -f /dev/null; }

# deadline SECONDS cmd…: runs it (a function too) with our stdin; 124 and an end for it and its children if it takes longer.
deadline() {
    local seconds=$1 pid; shift
    "$@" <&0 &
    pid=$!
    if gone "$pid" "$seconds"; then
        wait "$pid"
    else
        kill_tree "$pid"
        wait "$pid" || return 124
    fi
}

kill_tree() {
    local child children=()
    { read -ra children <"/proc/$1/task/$1/children" || true; } 2>/dev/null
    for child in "${children[@]}"; do kill_tree "$child"; done
    kill -KILL "$1" 2>/dev/null || true
}

# host_prepare HOST: mounts its root; a host that no state knows gets an identity and its role's users.
host_prepare() {
    local host=$1 dir=$HOSTS/$1 state="" lower product
    [[ -n ${LAB_STATE:-} && -d $LAB_DIR/states/$LAB_STATE/$host ]] && state=$LAB_DIR/states/$LAB_STATE/$host
    lower=${state:+$state:}$LAB_DIR/layer:
    [[ " ${LAB_PLAIN:-} " == *" $host "* ]] || for product in "$LAB_DIR/product/"{"$(role_of "$host")",all}; do [[ ! -d $product ]] || lower+=$product:; done
    mkdir -p "$dir"/{upper,work,root}
    mount -t overlay "lab-$host" -o "lowerdir=$lower$LAB_BASE,upperdir=$dir/upper,workdir=$dir/work,index=off,metacopy=off" "$dir/root"
    { host_names; echo "127.0.1.1 $host"; } >"$dir/root/etc/hosts"
    [[ -n $state ]] && return
    tr -d - </proc/sys/kernel/random/uuid >"$dir/root/etc/machine-id"
    echo "$host" >"$dir/root/etc/hostname"
    chroot "$dir/root" ssh-keygen -q -t ed25519 -N '' -C "root@$host" -f /etc/ssh/ssh_host_ed25519_key
    chroot "$dir/root" systemd-sysusers
    touch "$dir/fresh"
}

# Names are known to all: /etc/hosts.
host_names() {
    local host octet
    echo "127.0.0.1 localhost"
    echo "::1 localhost ip6-localhost"
    for host in $LAB_HOSTS; do
        [[ $(role_of "$host") == device ]] && continue
        read -r octet _ < <(public_octets "$host" | tr ' ' '\n')
        echo "203.0.113.$octet $host"
        echo "2001:db8::$octet $host"
    done
}

host_start() {
    local host=$1 dir=$HOSTS/$1 cgroup
    cgroup=$(host_cgroup "$host")
    if [[ -d $cgroup ]]; then find "$cgroup" -depth -type d -exec rmdir {} +; fi
    mkdir -p "$cgroup"
    network_plug "$host"
    rm -f "$dir/init"
    (
        echo "$BASHPID" >"$cgroup/cgroup.procs"
        exec env -i PATH="$PATH" SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --register=no --keep-unit \
            --machine="$host" --directory="$dir/root" --boot --network-namespace-path="/run/netns/$host" --capability=CAP_NET_ADMIN \
            --console=passive --resolv-conf=off --timezone=off --link-journal=no
    ) </dev/null >>"$dir/console" 2>&1 7>&- &
    echo $! >"$dir/nspawn"
}

# host_wait HOST: until its systemd says that the boot has ended; fails unless all is well there (or announced).
host_wait() {
    local host=$1 dir=$HOSTS/$1 cgroup said
    cgroup=$(host_cgroup "$host")/payload
    if ! poll "$boot_seconds" test -d "$cgroup/system.slice/lab.service"; then
        echo "lab: $host did not boot; its console:" >&2
        tail -n 30 "$dir/console" >&2
        return 1
    fi
    head -n 1 "$cgroup/init.scope/cgroup.procs" >"$dir/init"
    host_capabilities "$host" >"$dir/caps"
    poll 10 test -S "/proc/$(<"$dir/init")/root/run/dbus/system_bus_socket" || true
    said=$(deadline "$boot_seconds" enter "$host" root systemctl is-system-running --wait) || true
    [[ $said == running ]] && return
    [[ $said == degraded ]] && host_failures_announced "$host" && return
    echo "lab: $host is not well after the boot: ${said:-no answer}" >&2
    { enter "$host" root systemctl --failed --no-legend --plain; journal "$host" -p warning -n 30; } >&2
    return 1
}

host_failures_announced() {
    local failed
    failed=$(enter "$1" root systemctl --failed --no-legend --plain | cut -d' ' -f1)
    ! grep -Evf <(announced_patterns "$1") <<<"$failed" >/dev/null
}

# The capabilities of the host's PID 1 as setpriv wants them: what enters a host must not be able to do more there (set the kernel's clock!).
host_capabilities() {
    local mask n list=-all
    mask=0x$(sed -n 's/^CapBnd:\t//p' "/proc/$(<"$HOSTS/$1/init")/status")
    for ((n = 0; n < 64; n++)); do
        (((mask >> n) & 1)) && list+=,+cap_$n
    done
    echo "$list"
}

# enter HOST USER cmd…: that command in that host, in the cgroup of its lab.service, with a login's environment.
# Two steps, since only a child is in the host's process namespace: `timeout 0` is the parent that stays outside (it passes signals and
# death by a signal on, and unlike nsenter's own fork is not stopped for good by the SIGSTOP of a shutdown); the child moves itself into
# the cgroup, so that the host's systemd never sees a process there that it has no pid for.
enter() {
    local host=$1 user=$2 dir=$HOSTS/$1 init; shift 2
    if [[ ! -e $dir/init ]]; then
        echo "lab: $host is not up" >&2
        return 1
    fi
    init=$(<"$dir/init")
    # shellcheck disable=SC2016
    nsenter --target "$init" --pid --no-fork -- timeout --foreground 0 \
        sh -c 'echo 0 >"$0/cgroup.procs"; exec nsenter "$@"' "$(host_cgroup "$host")/payload/system.slice/lab.service" \
        --target "$init" --mount --uts --ipc --net --cgroup -- /usr/local/lib/lab/enter "$(<"$dir/caps")" "$user" "$@" 7>&- 9>&- 10>&-
}

# host_setup HOST: its role's hook, once in the life of its root.
host_setup() {
    [[ -e $HOSTS/$1/fresh ]] || return 0
    rm "$HOSTS/$1/fresh"
    enter "$1" root bash -eu "/usr/local/lib/lab/hosts/$(role_of "$1").sh" "$1"
}

# hosts_boot HOST…: all at once.
hosts_boot() {
    local host pids=() pid failed=0
    for host in "$@"; do host_start "$host"; done
    for host in "$@"; do
        { host_wait "$host" && host_setup "$host"; } &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
    return "$failed"
}

# host_stop HOST: a clean shutdown.
host_stop() {
    local pid
    pid=$(<"$HOSTS/$1/nspawn")
    kill -TERM "$pid"
    rm -f "$HOSTS/$1/init"
    if ! gone "$pid" 60; then
        echo "lab: $1 did not shut down within 60 s" >&2
        return 1
    fi
}

# host_cut HOST: the power fails. The cable first, so that no dying process can say goodbye to its peers.
host_cut() {
    local dir=$HOSTS/$1
    link "$1" down
    kill -KILL "$(<"$dir/init")"
    rm -f "$dir/init"
    gone "$(<"$dir/nspawn")" 30
    link "$1" up 2>/dev/null || true
}

reboot() {
    tell_step "reboot $1"
    host_stop "$1"
    hosts_boot "$1"
}

power_cut() {
    tell_step "power cut at $1"
    host_cut "$1"
    hosts_boot "$1"
}

# hosts_save DIR: ends all hosts cleanly and keeps what they wrote as a layer for others.
hosts_save() {
    local host
    for host in $LAB_HOSTS; do host_stop "$host" & done
    wait
    for host in $LAB_HOSTS; do
        umount "$HOSTS/$host/root"
        rm -rf "$HOSTS/$host"/upper/var/log/journal/*
        mkdir -p "$1"
        cp -a "$HOSTS/$host/upper" "$1/$host"
    done
}

# journal HOST [journalctl's arguments]: also of a host that is down.
journal() {
    local host=$1; shift
    if [[ -e $HOSTS/$host/init ]]; then enter "$host" root journalctl --sync; fi
    chroot "$HOSTS/$host/root" journalctl --quiet --no-pager "$@"
}
