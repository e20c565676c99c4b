#!/bin/bash
# Tells one story in the lab around it: bash story.sh STORY. A story is plain bash with the verbs of this file and of lib/; README.md lists them.
set -eEuo pipefail

LAB_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPO=$(cd "$LAB_SOURCE/../.." && pwd)
# shellcheck source=lib/network.sh
. "$LAB_SOURCE/lib/network.sh"
# shellcheck source=lib/hosts.sh
. "$LAB_SOURCE/lib/hosts.sh"
# shellcheck source=lib/checks.sh
. "$LAB_SOURCE/lib/checks.sh"
# shellcheck source=lib/journals.sh
. "$LAB_SOURCE/lib/journals.sh"
# shellcheck source=lib/programs.sh
. "$LAB_SOURCE/lib/programs.sh"
# shellcheck source=lib/rassist.sh
. "$LAB_SOURCE/lib/rassist.sh"
# shellcheck source=lib/damage.sh
. "$LAB_SOURCE/lib/damage.sh"
# shellcheck source=lib/publish.sh
. "$LAB_SOURCE/lib/publish.sh"
# shellcheck source=lib/packages.sh
. "$LAB_SOURCE/lib/packages.sh"

STORY=$1
STORY_SINCE=${STORY_SINCE:-$EPOCHREALTIME}
STORY_STYLE=${STORY_STYLE:-check}
SHOWN=""   # set while a check shows the command by itself
NOTES=$(mktemp -d /run/lab/notes.XXXXXX)
touch "$NOTES/begun"
TELL=7   # the story is told there, wherever a command's output goes
exec 7>&1

# Read by `lab` before anything boots; here they say nothing more.
needs() { :; }
starts_from() { :; }
plain() { :; }

say() {
    if [[ $STORY_STYLE == demo ]]; then printf '\n\e[1m%s\e[0m\n' "$*" >&"$TELL"; else echo "     $*" >&"$TELL"; fi
}

tell_step() { echo "     ($*)" >&"$TELL"; }

# The place in the story that is being told: file:line.
in_story() {
    local i
    for ((i = ${#BASH_SOURCE[@]} - 1; i > 0; i--)); do
        if [[ ${BASH_SOURCE[i]} == "$STORY" ]]; then
            echo "${STORY##*/}:${BASH_LINENO[i - 1]}"
            return 0
        fi
    done
    echo "${STORY##*/}"
}

story_broke() {
    local status=$1 place
    ((BASH_SUBSHELL == 0)) || return 0
    place=$(in_story)
    echo "FAIL $place: ended with status $status: $(sed -n "${place##*:}p" "$STORY" 2>/dev/null)" >&"$TELL"
}

story_leaves() {
    local status=$? name
    for name in "${!PROGRAM[@]}"; do kill_tree "${PROGRAM[$name]}"; done
    exit "$status"
}

trap 'story_broke $?' ERR
trap story_leaves EXIT

# shellcheck disable=SC1090
. "$STORY"
story_ends
