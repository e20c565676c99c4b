#!/bin/bash
# Runs inside a kept lab: kept.sh exec|shell [USER@]HOST CMD…  or  kept.sh story FILE
set -euo pipefail

LAB_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=network.sh
. "$LAB_SOURCE/lib/network.sh"
# shellcheck source=hosts.sh
. "$LAB_SOURCE/lib/hosts.sh"

what=$1
shift
if [[ $what == story ]]; then exec bash "$LAB_SOURCE/story.sh" "$1"; fi
who=root@$1
[[ $1 == *@* ]] && who=$1
shift
case $what in
    exec) enter "${who#*@}" "${who%@*}" "$@" ;;
    # A terminal of the host's own, so that everything works as on a console.
    shell) enter "${who#*@}" "${who%@*}" socat -,raw,echo=0 EXEC:'env TERM=xterm bash -l',pty,setsid,ctty,stderr,sane ;;
esac
