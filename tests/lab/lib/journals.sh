# shellcheck shell=bash
# What the journals must not hold, and where secrets must not be.

# announces HOST PATTERN: this story provokes such a message (a failed unit's name too); it is no surprise.
announces() { echo "$2" >>"$NOTES/announced.$1"; }

announced_patterns() {
    grep -Ev '^(#|$)' "$LAB_SOURCE/noise" || true
    if [[ -e ${NOTES:-}/announced.$1 ]]; then cat "$NOTES/announced.$1"; fi
}

# expect_journal HOST PATTERN: says so within five seconds, since the story began.
expect_journal() {
    that "the journal of $1 says '$2'" within 5 says "$2" journal "$1" --since="@$STORY_SINCE" -o cat
}

# Sentences about crashes, whatever their priority.
crash_signs='AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:|code=dumped|status=(4/ILL|6/ABRT|7/BUS|8/FPE|11/SEGV)|stack smashing detected|free\(\): |malloc\(\): |double free'

host_surprises() {
    local host=$1
    {
        journal "$host" --since="@$STORY_SINCE" -p err -o short-iso
        journal "$host" --since="@$STORY_SINCE" -o short-iso | grep -E "$crash_signs" || true
        if [[ -e $HOSTS/$host/init ]]; then
            enter "$host" root systemctl --failed --no-legend --plain | sed 's/^/failed unit: /'
        fi
        find "$HOSTS/$host/upper" -xdev -type f -size +0 \( -name core -o -name 'core.[0-9]*' \) -newer "$NOTES/begun" -printf 'core dump: /%P\n'
    } | grep -Evf <(announced_patterns "$host") | sort -u || true
}

# Every story ends with this: no surprise in any journal, no registered secret anywhere.
story_ends() {
    local host surprises
    for host in $LAB_HOSTS; do
        surprises=$(host_surprises "$host")
        [[ -z $surprises ]] || check_failed "the journal of $host holds no error that the story did not announce" "it holds:" "$surprises"
    done
    if [[ -s $NOTES/secrets ]]; then no_secret_leaked; fi
}

# secret VALUE: must be nowhere, now and at the end of the story.
secret() {
    [[ -n $1 ]] || { echo "secret: empty" >&2; return 2; }
    echo "$1" >>"$NOTES/secrets"
}

# no_secret_leaked [VALUE]: looks everywhere for all registered secrets and this one.
no_secret_leaked() {
    local host found
    if (($#)); then secret "$1"; fi
    for host in $LAB_HOSTS; do
        [[ -e $HOSTS/$host/init ]] || continue
        enter "$host" root journalctl --sync
        found=$(enter "$host" root /usr/local/lib/lab/find-secrets <"$NOTES/secrets")
        [[ -z $found ]] || check_failed "no secret is readable on $host" "found in:" "$found"
    done
    check_passed "no secret in any journal, argv, environment, readable file, unit status or core dump"
}
