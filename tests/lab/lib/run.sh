# shellcheck shell=bash
# lab run: each story in a lab of its own, several at a time.

all_stories() { find "$LAB_SOURCE/stories" -name '*.sh' | sort; }

# in_order: all, those first that take longest (the file `long`), so that a run does not end with one of them alone.
in_order() {
    { sed -E "/^(#|$)/d; s|.*|$LAB_SOURCE/stories/&.sh|" "$LAB_SOURCE/long"; all_stories; } | awk '!seen[$0]++'
}

# story_file NAME: a path, or the name of a story (or its beginning: its number).
story_file() {
    local found
    if [[ -f $1 ]]; then realpath "$1"; return; fi
    mapfile -t found < <(find "$LAB_SOURCE/stories" -name "$1.sh" -o -name "$1-*.sh" | sort)
    if ((${#found[@]} != 1)); then
        echo "lab: no story (or more than one) is called '$1'" >&2
        return 2
    fi
    echo "${found[0]}"
}

# The head of a story: comments, needs, plain and starts_from, up to the first other line.
head_of() { awk '!/^(#|$|needs |plain |starts_from )/ { exit } { print }' "$1"; }

# hosts_of FILE: what its `needs` lines ask for: `needs device2` adds to the usual three, `needs only device` names all.
hosts_of() {
    local asked
    asked=$(head_of "$1" | sed -nE 's/^needs ([^#]*).*/\1/p' | tr '\n' ' ')
    if [[ $asked == only\ * ]]; then echo "${asked#only }"; else echo "relay device support $asked"; fi
}

state_of() { head_of "$1" | sed -nE 's/^starts_from +([^ #]+).*/\1/p'; }

# plain_of FILE: the hosts that begin without the product.
plain_of() { head_of "$1" | sed -nE 's/^plain ([^#]*).*/\1/p' | tr '\n' ' '; }

# state_build NAME: boots plain systems, tells states/NAME.sh there, and keeps what it wrote.
state_build() {
    local name=$1 file=$LAB_SOURCE/states/$1.sh log=$LAB_DIR/state-$1.log start=$EPOCHSECONDS
    [[ -f $file ]] || { echo "lab: there is no state '$name' ($file)" >&2; return 1; }
    if ! supervised "${story_seconds:-300}" "$(hosts_of "$file")" "" "$file" "$LAB_DIR/states/$name" "$LAB_CGROUP/state-$name" >"$log" 2>&1; then
        echo "lab: the state '$name' cannot be made:" >&2
        sed 's/^/     /' "$log" >&2
        return 1
    fi
    echo "lab: state '$name' made in $((EPOCHSECONDS - start)) s"
}

# supervised SECONDS (lab_start's arguments): a whole lab from start to end, with a time limit.
# The lifeline is a pipe that only the `lab` process holds open for writing: when that dies, of whatever, the pipe ends and with it the lab.
supervised() {
    local seconds=$1 outer watcher inner status=0; shift
    (lab_start "$@") </dev/null 10>&- &
    outer=$!
    (
        trap - EXIT
        read -r _ <"$LAB_DIR/lifeline" || kill -KILL "$outer"
    ) 10>&- 9>&- &
    watcher=$!
    if ! timeout "$seconds" tail --pid="$outer" -s 0.05 -f /dev/null; then
        inner=$(first_child "$outer") && kill -TERM "$inner"
        timeout 30 tail --pid="$outer" -s 0.05 -f /dev/null || kill -KILL "$outer"
    fi
    wait "$outer" || status=$?
    kill -KILL "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    return "$status"
}

# tell_one N FILE: tells a story; its last words, one line, go to stdout.
tell_one() {
    local number=$1 file=$2 name state log start=$EPOCHREALTIME status=0 took
    name=$(basename "$file" .sh)
    state=$(state_of "$file")
    if [[ -n $state && ! -d $LAB_DIR/states/$state ]]; then
        echo "FAIL $name: the state '$state' it starts from could not be made"
        return 1
    fi
    log=$LAB_DIR/$number-$name.log
    LAB_PLAIN=$(plain_of "$file") supervised "$story_seconds" "$(hosts_of "$file")" "$state" "$file" "" "$LAB_CGROUP/$number" >"$log" 2>&1 || status=$?
    took=$(printf '%d.%d s' $(((${EPOCHREALTIME/./} - ${start/./}) / 1000000)) $(((${EPOCHREALTIME/./} - ${start/./}) / 100000 % 10)))
    case $status in
        0) echo "PASS $name ($took)"; if [[ $verbose == 1 ]]; then sed 's/^/     /' "$log"; fi ;;
        77) echo "SKIP $name: $(sed -n 's/^SKIP //p' "$log")"; if [[ ${RASSIST_MUST_RUN:-} == 1 ]]; then status=1; fi ;;
        *) echo "FAIL $name ($took)"; sed 's/^/     /' "$log" ;;
    esac
    return "$status"
}

run_stories() {
    local jobs=1 verbose=0 story_seconds=300 stories=() file name number=0 passed=0 failed=0 skipped=0 status
    local -A running=()
    while (($#)); do
        case $1 in
            -j) jobs=$2; shift 2 ;;
            -j*) jobs=${1#-j}; shift ;;
            -v) verbose=1; shift ;;
            --timeout) story_seconds=$2; shift 2 ;;
            -*) usage >&2; exit 2 ;;
            *) file=$(story_file "$1"); stories+=("$file"); shift ;;
        esac
    done
    ((${#stories[@]})) || mapfile -t stories < <(in_order)
    run_id=run-$(random_name)
    trap 'exit 130' INT
    trap 'exit 143' TERM
    lab_create "$run_id"
    trap run_ends EXIT
    layers_build
    for name in $(for file in "${stories[@]}"; do state_of "$file"; done | sort -u); do
        (trap - EXIT INT TERM; state_build "$name") 10>&- &
        running[$!]=1
    done
    while ((${#running[@]})); do state_ended; done
    for file in "${stories[@]}"; do
        if ((${#running[@]} >= jobs)); then story_ended; fi
        number=$((number + 1))
        (trap - EXIT INT TERM; tell_one "$number" "$file") 10>&- &
        running[$!]=1
    done
    while ((${#running[@]})); do story_ended; done
    if [[ -s $LAB_DIR/figures ]]; then
        echo "figures:"
        sed 's/^/    /' "$LAB_DIR/figures"
    fi
    if ((skipped)); then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
    ((failed == 0))
}

# Waits for one of the caller's running states; the stories that start from one which could not be made say so.
state_ended() {
    local pid
    wait -n -p pid "${!running[@]}" || true
    unset "running[$pid]"
}

# Waits for one of the caller's running stories.
story_ended() {
    local pid status=0
    wait -n -p pid "${!running[@]}" || status=$?
    unset "running[$pid]"
    case $status in
        0) passed=$((passed + 1)) ;;
        77) skipped=$((skipped + 1)) ;;
        *) failed=$((failed + 1)) ;;
    esac
}

# However the run ends: its labs die with their outermost processes, then the rest goes.
run_ends() {
    trap '' INT TERM
    exec 9>&- 10>&-
    wait
    flock -w 20 "$LAB_DIR/lock" true || echo "lab: processes of $run_id are still there" >&2
    lab_remove "$run_id"
}

# lab demo STORY: in the open, for people. With KEEP=1 the systems stay.
run_demo() {
    local file hosts state
    file=$(story_file "$1")
    hosts=$(hosts_of "$file")
    state=$(state_of "$file")
    export RASSIST_LAB=${RASSIST_LAB:-demo-$(random_name)}
    # shellcheck disable=SC2086
    lab_up ${state:+--from "$state"} $hosts >/dev/null
    local status=0
    (STORY_STYLE=demo in_kept_lab story "$file") || status=$?
    if [[ ${KEEP:-} == 1 ]]; then
        echo "The systems stay up. Look inside: RASSIST_LAB=$RASSIST_LAB $0 shell device (or relay, support); end: RASSIST_LAB=$RASSIST_LAB $0 down"
    else
        exec 9>&-
        lab_down
    fi
    return "$status"
}
