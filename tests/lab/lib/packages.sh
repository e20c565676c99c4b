# shellcheck shell=bash
# Packages that were built, and words for hosts that begin without the product (`plain HOST…` in a story's head) and get it as packages. KIND is rpm or deb.

# built_packages DIST: builds them unless they are there. DIST is what stands behind the version, "" for the first ones.
built_packages() {
	DIST=$1 QUICK=1 make --no-print-directory -C "$REPO" "$KIND" >"$NOTES/built" 2>&1 ||
		{ tail -n 20 "$NOTES/built" >&2; return 1; }
}

# package_file KIND NAME [DIST]: the one that was built.
package_file() { find "$REPO/build/$1${3:-}" -name "${2}[-_][0-9]*.$1" ! -name '*.src.rpm'; }

# packages HOST DIST NAME…: puts built packages into the host; sets FILES.
packages() {
	local host=$1 dist=$2 name file; shift 2
	FILES=()
	mkdir -p "$HOSTS/$host/root/root/packages"
	for name in "$@"; do
		file=$(package_file "$KIND" "$name" "$dist")
		cp "$file" "$HOSTS/$host/root/root/packages/"
		FILES+=("/root/packages/${file##*/}")
	done
}

# install_packages HOST DIST NAME…, an upgrade where there is an older version, or once more. Debian's rpm knows nothing of what dpkg has installed:
# --nodeps.
install_packages() {
	local FILES
	packages "$@"
	case $KIND in
		rpm) on "$1" env HOME=/root rpm -U --nodeps --replacepkgs "${FILES[@]}" ;;
		deb) on "$1" env DEBIAN_FRONTEND=noninteractive dpkg -i "${FILES[@]}" ;;
	esac
}
remove_packages() {
	local host=$1; shift
	case $KIND in
		rpm) on "$host" env HOME=/root rpm -e "$@" ;;
		deb) on "$host" dpkg --remove "$@" ;;
	esac
}
# another_sshd HOST: what the package manager does for us when openssh-server is upgraded. For rpm, which knows no such package here, an empty one comes and goes.
another_sshd() {
	local top=$NOTES/another
	case $KIND in
		deb) on "$1" sh -c 'dpkg-trigger --by-package=openssh-server /usr/sbin/sshd && dpkg --triggers-only --pending' ;;
		rpm)
			mkdir -p "$top"
			printf '%s\n' 'Name: openssh-server' 'Version: 99' 'Release: 1' 'Summary: empty' 'License: none' 'BuildArch: noarch' '%description' '%files' >"$top/spec"
			rpmbuild -bb --quiet -D "_topdir $top" "$top/spec" || return
			cp "$top"/RPMS/noarch/openssh-server-99-1.noarch.rpm "$HOSTS/$1/root/root/packages/"
			on "$1" env HOME=/root sh -c 'rpm -i --nodeps /root/packages/openssh-server-99-1.noarch.rpm && rpm -e --nodeps openssh-server'
			;;
	esac
}
# release_of HOST NAME: version and release
release_of() {
	case $KIND in
		rpm) on "$1" env HOME=/root rpm -q --qf '%{VERSION}-%{RELEASE}\n' "$2" ;;
		deb) on "$1" dpkg-query -W -f '${Version} ${db:Status-Status}\n' "$2" ;;
	esac
}

# etc_of HOST: all of /etc, byte for byte; of the database of users all but our accounts (systemd-sysusers also locks it).
etc_of() {
	on "$1" sh -c 'cd /etc && find . -regextype posix-extended -regex "\./((passwd|group|shadow|gshadow|subuid|subgid)-?|\.pwd\.lock)" -o \
		\( -printf "%P %y %m %U:%G %l\n" -type f -exec sha256sum {} \; \) | sort
		for file in passwd group shadow gshadow subuid subgid; do [ ! -e $file ] || sed "/^rassist/d; s/^/$file: /" $file; done'
}
# tree_of HOST: what there is beside /etc: name, kind, mode, owner, a file's size, where a link leads. Not what changes by itself, nor others' notes
# of what is installed.
tree_of() {
	on "$1" sh -c 'cd / && find usr var run opt srv boot \
		\( -path "var/lib/dpkg" -o -path "var/lib/rpm" -o -path "var/lib/apt" -o -path "var/cache" -o -path "var/log" -o -path "var/tmp" \
		-o -path "run/systemd" -o -path "run/user" -o -path "run/log" -o -path "run/needrestart" \) -prune \
		-o -type f -printf "%p %y %m %U:%G %s\n" -o -printf "%p %y %m %U:%G %l\n" | sort'
}
# running_of HOST: what a security team would look at besides: units, processes, listening sockets, firewall.
running_of() {
	on "$1" sh -c 'systemctl list-unit-files --no-legend --plain | sort; systemctl list-units --no-legend --plain --all | grep -F rassist
		ps -eo user:32=,args= | grep "[r]assist" | grep -v "systemctl [l]ist-unit-files"
		ss -Hltunx | awk "{ print \$1, \$5 }" | grep -v "/run/user\|/home/\|^u_.* \*$" | sort; nft list ruleset 2>&1'
}
# sshd_of HOST: the machine's own sshd, by its pid and when it began.
sshd_of() { on "$1" systemctl show -p MainPID -p ExecMainStartTimestampMonotonic ssh.service; }
