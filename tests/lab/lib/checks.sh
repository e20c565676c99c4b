# shellcheck shell=bash
# The one check a story needs, readable as a sentence:
#
#     that "support gets in"           works                                   as support ssh device.rassist true
#     that "nobody else gets in"       fails with 255 saying 'Permission denied' as support ssh …
#     that "the page is the device's"  within 5 says 'hello from device'       as support curl …
#     that "it stays closed"           during 3 fails                          on relay nc -z 127.64.0.1 10022
#
# that SENTENCE [within SECONDS|during SECONDS] works|fails [with STATUS]|says PATTERN [saying PATTERN]… [without PATTERN]… cmd…
# Patterns are extended regular expressions on output and error output together. A failed check ends the story.

step_seconds=${RASSIST_LAB_STEP_SECONDS:-60}   # no single command may take longer

check_passed() { echo "ok   $1" >&"$TELL"; }

# check_failed EXPECTED SEEN [OUTPUT]
check_failed() {
    {
        echo "FAIL $(in_story): $1"
        echo "     $2"
        if [[ -n ${3:-} ]]; then tail -n 40 <<<"$3" | sed 's/^/     | /'; fi
    } >&"$TELL"
    exit 1
}

that() {
    local sentence=$1 timing="" seconds=0 want="" want_status="" saying=() without=() expected; shift
    if [[ $1 == within || $1 == during ]]; then timing=$1 seconds=$2; shift 2; fi
    case $1 in
        works) want=works; shift ;;
        fails) want=fails; shift; if [[ $1 == with ]]; then want_status=$2; shift 2; fi ;;
        says) want=works; saying=("$2"); shift 2 ;;
        *) check_failed "$sentence" "the story's language: 'works', 'fails' or 'says PATTERN' must come before '$1'" ;;
    esac
    while [[ $1 == saying || $1 == without ]]; do
        if [[ $1 == saying ]]; then saying+=("$2"); else without+=("$2"); fi
        shift 2
    done
    expected="$sentence${timing:+ ($timing $seconds s)}"
    local status=0 output="" verdict=""
    if [[ -z $timing ]]; then
        attempt "$@"
    else
        attempt_repeatedly "$timing" "$seconds" "$@" </dev/null
    fi
    if [[ $STORY_STYLE == demo ]]; then demo_shows "$@"; fi
    [[ -z $verdict ]] || check_failed "$expected" "$verdict: $(as_typed "$@")" "$output"
    check_passed "$expected"
}

# Runs the command once and judges it by the caller's want, want_status, saying, without; sets its status, output, verdict ("" = as wanted).
attempt() {
    local pattern
    status=0 verdict=""
    # To a file: what a command leaves running there must not hold us up.
    SHOWN=1 deadline "$step_seconds" "$@" >"$NOTES/said" 2>&1 || status=$?
    output=$(tr -d '\0' <"$NOTES/said")
    output=${output//$'\r'/}
    if ((status == 124)); then
        verdict="took longer than $step_seconds s"
    elif [[ $want == works && $status != 0 ]]; then
        verdict="failed with status $status"
    elif [[ $want == fails && $status == 0 ]]; then
        verdict="worked, but should fail"
    elif [[ -n $want_status && $want_status != "$status" ]]; then
        verdict="failed with status $status, not $want_status"
    fi
    for pattern in "${saying[@]}"; do
        [[ -n $verdict ]] || grep -Eq -e "$pattern" <<<"$output" || verdict="did not say '$pattern'"
    done
    for pattern in "${without[@]}"; do
        [[ -n $verdict ]] || ! grep -Eq -e "$pattern" <<<"$output" || verdict="said '$pattern'"
    done
}

attempt_repeatedly() {
    local timing=$1 end; shift
    end=$(($(now_ms) + $1 * 1000)); shift
    while true; do
        attempt "$@"
        if [[ $timing == within && -z $verdict ]] || [[ $timing == during && -n $verdict ]]; then return; fi
        (($(now_ms) < end)) || return 0
        sleep 0.05
    done
}

# In a demo, a check is shown as the terminal of who does it.
demo_shows() {
    local who=$2
    case $1 in
        on) who=root@$2 ;;
        as) [[ $who == *@* ]] || who=sam@$who ;;
        *) return 0 ;;
    esac
    shift 2
    show_prompt "${who%@*}" "${who#*@}" "$@"
    if [[ -n $output ]]; then echo "$output" >&"$TELL"; fi
}
