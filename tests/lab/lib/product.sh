# shellcheck shell=bash
# The product's layers, between the base and what a host writes: $LAB_DIR/product/ROLE, made by really installing packages into a root of that role; or
# $LAB_DIR/product/all, a ready tree.

# role_packages ROLE: what a host of that role has.
role_packages() { echo rassist "rassist-$1"; }

product_build() {
    case ${RASSIST_LAB_PRODUCT:-rpm} in
        none) echo "lab: the hosts are plain Debian, without the product" >&2 ;;
        rpm | deb)
            if [[ ! -f $REPO/Makefile ]]; then
                echo "lab: no Makefile in $REPO and no RASSIST_LAB_PRODUCT: the hosts are plain Debian" >&2
                return
            fi
            packages_install "${RASSIST_LAB_PRODUCT:-rpm}"
            ;;
        tree)
            mkdir -p "$LAB_DIR/product/all"
            said_well make --no-print-directory -C "$REPO" install DESTDIR="$LAB_DIR/product/all"
            ;;
        *)
            mkdir "$LAB_DIR/product"
            cp -a "$RASSIST_LAB_PRODUCT" "$LAB_DIR/product/all"
            ;;
    esac
    local folder
    for folder in "$LAB_DIR"/product/*/{bin,sbin,lib,lib64}; do
        [[ ! -e $folder ]] || { echo "lab: the product installs into /${folder##*/}, which is a link into /usr on Debian: use /usr/${folder##*/}" >&2; exit 1; }
    done
}

# said_well cmd…: quiet, unless it fails.
said_well() {
    "$@" >"$LAB_DIR/install.log" 2>&1 9>&- 10>&- || {
        echo "lab: $1 ${*: -1} failed:" >&2
        tail -n 20 "$LAB_DIR/install.log" >&2
        exit 1
    }
}

# packages_install KIND: builds them, and installs each role's in a root that is not booted, with all that packages do by themselves.
packages_install() {
    local kind=$1 role layer
    said_well env QUICK=1 make --no-print-directory -C "$REPO" "$kind"
    for role in relay device support; do
        layer=$LAB_DIR/product/$role
        mkdir -p "$layer" "$layer.work" "$layer.root"
        # shellcheck disable=SC2046
        said_well unshare -m bash -euc "$installs_into" "$LAB_BASE" "$layer" "$kind" $(for name in $(role_packages "$role"); do package_file "$kind" "$name"; done)
        rm -rf "$layer.work" "$layer.root"
    done
}

# In a mount namespace of its own: BASE LAYER KIND FILE…
installs_into='
    base=$0 layer=$1 kind=$2; shift 2
    root=$layer.root
    mount -t overlay lab-product -o "lowerdir=$base,upperdir=$layer,workdir=$layer.work,index=off,metacopy=off" "$root"
    mount -t tmpfs -o mode=755 none "$root/run"
    mount --bind /dev "$root/dev"
    mount -t proc none "$root/proc"
    mkdir "$root/run/packages"
    cp "$@" "$root/run/packages/"
    case $kind in
        rpm) command="rpm -i --nodeps" ;;
        deb) command="dpkg -i" ;;
    esac
    HOME=/root DEBIAN_FRONTEND=noninteractive chroot "$root" $command "${@/#*\///run/packages/}"
'
