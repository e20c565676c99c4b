# shellcheck shell=bash
# The story of 80 with Debian's packages.
plain relay device support
KIND=deb
# shellcheck source=tests/lab/stories/80-packages-rpm.sh
. "$LAB_SOURCE/stories/80-packages-rpm.sh"
