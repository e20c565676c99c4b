# shellcheck shell=bash
# Labs as seen from the machine. Each has a folder $LABS/ID: lock (held by every process of it, so by the living only), product/, layer/,
# states/, ready, outer (pid of its outermost process). All else of a lab is in namespaces and goes with its last process, except the
# cgroup folders rassist-lab-ID.

# In a mount namespace of its own: cgroup2 at its usual place. (Mounting it there twice is refused.)
mount_cgroup2='[[ $(stat -f -c %T /sys/fs/cgroup) == cgroup2fs ]] || mount -t cgroup2 none /sys/fs/cgroup || exit 1
'
export mount_cgroup2

skip() {
    echo "lab: SKIP: $*" >&2
    if [[ ${RASSIST_MUST_RUN:-} == 1 ]]; then exit 1; fi
    exit 77
}

require_machine() {
    local tool missing=()
    [[ $EUID == 0 ]] || skip "the lab boots systems and must be run as root"
    for tool in mmdebstrap systemd-nspawn ip tc nft unshare nsenter setpriv flock jq make; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    ((${#missing[@]} == 0)) || skip "programs are missing here: ${missing[*]} (README.md names the packages)"
    unshare -m bash -c "$mount_cgroup2" 2>/dev/null || skip "the kernel has no cgroup2, or this container may not mount it"
    unshare -m bash -c 'mount -t tmpfs none /mnt && mkdir /mnt/{l,u,w,m} && mount -t overlay none -o lowerdir=/mnt/l,upperdir=/mnt/u,workdir=/mnt/w /mnt/m' 2>/dev/null ||
        skip "the kernel has no overlay file system"
    unshare -n nft 'add table ip a; add chain ip a b { type nat hook postrouting priority 100; }; add rule ip a b masquerade' 2>/dev/null ||
        skip "the kernel has no nftables masquerading"
    unshare -n nft 'add table bridge a; add chain bridge a b { type filter hook forward priority 0; }' 2>/dev/null ||
        skip "the kernel has no nftables for bridges"
    # Each booted systemd needs several; the usual 128 a user is for one desktop.
    if (($(sysctl -n fs.inotify.max_user_instances) < 1024)); then sysctl -qw fs.inotify.max_user_instances=1024 || true; fi
}

# A lab within a lab has its cgroups within those of the outer one, and goes with it at the latest.
OUTER_CGROUP=${LAB_CGROUP:-}
cgroup_of() { echo "${OUTER_CGROUP:+$OUTER_CGROUP/}rassist-lab-$1"; }

random_name() { od -An -N3 -tx1 /dev/urandom | tr -d ' '; }

# lab_create ID: its folder, with the lock held by us and by all that we start from now on.
lab_create() {
    mkdir -p "$LABS"
    labs_clean
    exec 8>"$LABS/.lock"
    flock 8
    LAB_DIR=$LABS/$1
    if [[ -e $LAB_DIR ]]; then
        echo "lab: there is a lab '$1' already (RASSIST_LAB=$1 $0 down ends it)" >&2
        exit 1
    fi
    mkdir "$LAB_DIR"
    exec 9>"$LAB_DIR/lock"
    flock 9
    exec 8>&-
    mkfifo "$LAB_DIR/lifeline"
    exec 10<>"$LAB_DIR/lifeline"
    LAB_CGROUP=$(cgroup_of "$1")
    export LAB_DIR LAB_CGROUP
}

# The layers that all hosts share: the lab's own programs, and the product.
layers_build() {
    LAB_BASE=$(base_dir)
    export LAB_BASE
    base_ensure
    (
        umask 022
        mkdir "$LAB_DIR/layer"
        cp -dR --preserve=mode,links "$LAB_SOURCE/layer/." "$LAB_DIR/layer"
        cp -R "$LAB_SOURCE/hosts" "$LAB_DIR/layer/usr/local/lib/lab/hosts"
        product_build
    )
}

# lab_start HOSTS STATE STORY SAVE CGROUP: replaces this (background) process by the outermost one of a lab.
lab_start() {
    export LAB_HOSTS=$1 LAB_STATE=$2 LAB_STORY=$3 LAB_SAVE=$4 LAB_CGROUP=$5
    exec unshare --mount --pid --net --ipc --fork --kill-child=KILL --mount-proc bash "$LAB_SOURCE/lib/inside.sh"
}

# cgroups_remove NAME: the empty folders that a dead lab leaves.
cgroups_remove() {
    unshare -m bash -c "$mount_cgroup2"'
        for ((i = 0; i < 200; i++)); do
            [[ -d /sys/fs/cgroup/$1 ]] || exit 0
            find "/sys/fs/cgroup/$1" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.02
        done
        echo "lab: cgroup $1 does not get empty" >&2' bash "$1"
}

lab_remove() {
    cgroups_remove "$(cgroup_of "$1")"
    rm -rf --one-file-system "${LABS:?}/$1"
}

# A lab whose lock is free has no living process.
labs_clean() {
    local dir
    for dir in "$LABS"/*/; do
        [[ -d $dir ]] || continue
        (
            flock 8
            flock -n 7 && lab_remove "$(basename "$dir")"
        ) 8>"$LABS/.lock" 7>"$dir/lock" || true
    done
}

labs_living() {
    local dir
    for dir in "$LABS"/*/; do
        [[ -d $dir ]] || continue
        flock -n "$dir/lock" true || basename "$dir"
    done
}

# The kept lab that is meant: the named one, or the only one.
kept_lab() {
    local id kept=()
    if [[ -n ${RASSIST_LAB:-} ]]; then
        [[ -e $LABS/$RASSIST_LAB/ready ]] || { echo "lab: no lab '$RASSIST_LAB' is up" >&2; return 1; }
        echo "$RASSIST_LAB"
        return
    fi
    for id in $(labs_living); do
        [[ -e $LABS/$id/ready ]] && kept+=("$id")
    done
    case ${#kept[@]} in
        1) echo "${kept[0]}" ;;
        0) echo "lab: no lab is up; '$0 up' boots one" >&2; return 1 ;;
        *) echo "lab: several labs are up: ${kept[*]}; say which: RASSIST_LAB=…" >&2; return 1 ;;
    esac
}

# lab_up [--from STATE] [HOST…]
lab_up() {
    id=${RASSIST_LAB:-lab-$(random_name)} pid=""
    local state="" hosts
    if [[ ${1:-} == --keep ]]; then shift; fi
    if [[ ${1:-} == --from ]]; then state=$2; shift 2; fi
    hosts=${*:-relay device support}
    trap 'exit 130' INT TERM
    lab_create "$id"
    trap up_failed EXIT
    layers_build
    if [[ -n $state ]]; then state_build "$state"; fi
    (lab_start "$hosts" "$state" "" "" "$LAB_CGROUP") </dev/null >"$LAB_DIR/log" 2>&1 10>&- &
    pid=$!
    disown
    echo "$pid" >"$LAB_DIR/outer"
    until [[ -e $LAB_DIR/ready ]]; do
        if ! kill -0 "$pid" 2>/dev/null; then
            cat "$LAB_DIR/log" >&2
            exit 1
        fi
        sleep 0.03
    done
    trap - EXIT INT TERM
    echo "lab '$id' is up: $hosts. Look inside: RASSIST_LAB=$id $0 shell ${hosts%% *}; end it: RASSIST_LAB=$id $0 down"
}

up_failed() {
    if [[ -n ${pid:-} ]]; then kill -KILL "$pid" 2>/dev/null || true; fi
    exec 9>&-
    flock -w 20 "$LAB_DIR/lock" true
    lab_remove "$id"
}

lab_down() {
    local id
    id=$(kept_lab)
    if ! flock -n "$LABS/$id/lock" true; then
        # The lock is held: so its outermost process lives, and with it goes all else.
        kill -KILL "$(<"$LABS/$id/outer")"
        flock -w 20 "$LABS/$id/lock" true
    fi
    lab_remove "$id"
}

# The kernel writes that list without a newline at its end.
first_child() { local children; children=$(<"/proc/$1/task/$1/children"); echo "${children%% *}"; }

# in_kept_lab WHAT ARGS…: goes into the lab's namespaces and does it there (kept.sh).
in_kept_lab() {
    local id inner
    id=$(kept_lab)
    inner=$(first_child "$(<"$LABS/$id/outer")")
    LAB_DIR=$LABS/$id LAB_CGROUP=$(cgroup_of "$id") LAB_HOSTS=$(tr '\0' '\n' <"/proc/$inner/environ" | sed -n 's/^LAB_HOSTS=//p') \
        exec nsenter --target "$inner" --mount --pid --net --ipc -- bash "$LAB_SOURCE/lib/kept.sh" "$@"
}

lab_list() {
    echo "stories:"
    all_stories | sed 's|.*/|    |; s|\.sh$||'
    echo "states:"
    find "$LAB_SOURCE/states" -name '*.sh' -printf '    %f\n' | sed 's|\.sh$||' | sort
    echo "living labs:"
    labs_living | sed 's|^|    |'
}
