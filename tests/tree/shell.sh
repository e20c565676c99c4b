# shellcheck shell=bash
# Shell scripts: shellcheck finds nothing. SC2034 aside: a story sets variables for words that other files define.
mapfile -t scripts < <(git ls-files -co --exclude-standard | while read -r f; do
	if [ -f "$f" ] && head -c 64 "$f" | grep -qE '^#!/bin/(ba)?sh|^# shellcheck shell='; then echo "$f"; fi
done)
check "shellcheck is content with ${#scripts[@]} scripts" shellcheck -x -S warning -e SC2034 "${scripts[@]}"
