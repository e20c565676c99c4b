# shellcheck shell=bash
# The base root: a bootable Debian, built once and shared read-only by every host of every lab.

BASE_RELEASE=${RASSIST_LAB_RELEASE:-bookworm}    # trixie: OpenSSH 10
BASE_PACKAGES=(
    systemd systemd-sysv dbus libpam-systemd libnss-systemd   # the system
    openssh-server openssh-client sudo cron at tmux           # what customers and support use
    iproute2 iputils-ping nftables procps psmisc              # to act and to look
    rsync curl socat netcat-openbsd busybox expect jq strace faketime
    rpm needrestart                                           # the product's packages
    libssl3 libinih1 libsystemd0 libjansson4 libstdc++6       # what the product links
    libasan8 libubsan1                                        # and with sanitizers
)
BASE_OPTIONS=()   # more for mmdebstrap

# The apt source files of this machine that speak of the release, so that a mirror set up here is used. None: the stock archive.
apt_sources() {
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [[ -f $file ]] || continue
        if grep -Eq "(^deb .*|^Suites:.*)[[:space:]]$BASE_RELEASE([[:space:]]|\$)" "$file" && grep -Eq '(^deb .*|^Components:.*)[[:space:]]main\b' "$file"; then
            echo "$file"
        fi
    done
}

base_dir() {
    local key
    key=$(sha256sum <"$LAB_SOURCE/lib/base.sh")
    echo "$LAB_CACHE/base-$BASE_RELEASE-${key:0:12}"
}

# Builds the base unless it is there. Two at once: the second waits and finds it done. Different ones do not wait for each other.
base_ensure() {
    local dir
    dir=$(base_dir)
    if [[ -d $dir ]]; then
        touch "$dir"
        return
    fi
    mkdir -p "$LAB_CACHE"
    (
        flock 8
        [[ -d $dir ]] || base_build "$dir"
    ) 8>"$dir.lock"
}

base_build() {
    local dir=$1 new=$1.new sources proxy=()
    echo "lab: building the base root (once, under a minute) ..." >&2
    rm -rf "$new"
    mapfile -t sources < <(apt_sources)
    eval "$(apt-config shell http Acquire::http::Proxy)"
    [[ -n ${http:-} ]] && proxy=(--aptopt="Acquire::http::Proxy \"$http\"")
    mmdebstrap --quiet --mode=root --format=directory --variant=minbase \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' "${proxy[@]}" \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
        --include="$(IFS=,; echo "${BASE_PACKAGES[*]}")" "${BASE_OPTIONS[@]}" \
        "$BASE_RELEASE" "$new" "${sources[@]}" </dev/null >&2
    base_prune "$new"
    mv "$new" "$dir"
    # Bases that nobody has used for a week.
    find "$LAB_CACHE" -maxdepth 1 -name 'base-*' -mtime +7 -exec rm -rf --one-file-system {} +
}

# What each host gets of its own, and what only costs time at boot.
base_prune() {
    local root=$1
    rm -f "$root"/etc/ssh/ssh_host_*_key* "$root/etc/machine-id" "$root/etc/resolv.conf" "$root/etc/hostname"
    systemctl --quiet --root="$root" mask console-getty.service getty@tty1.service systemd-firstboot.service systemd-pstore.service \
        e2scrub_reap.service e2scrub_all.timer apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer
    mkdir -p "$root/var/log/journal"
    # Without it pam_env writes an error at each login.
    echo LANG=C.UTF-8 >"$root/etc/default/locale"
}
