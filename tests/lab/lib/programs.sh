# shellcheck shell=bash
# Verbs that run programs in hosts.

declare -A PROGRAM=()   # name -> pid of a background program's outermost process

# Words as one would type them.
as_typed() {
    local word line=""
    for word in "$@"; do
        [[ $word =~ ^[A-Za-z0-9_./:=@%+,-]+$ ]] || word=${word@Q}
        line+="$word "
    done
    echo "${line% }"
}

# In a demo each command is shown with the prompt of its terminal.
show_prompt() {
    [[ $STORY_STYLE == demo && -z ${SHOWN:-} ]] || return 0
    local user=$1 host=$2 sign='$'; shift 2
    [[ $user == root ]] && sign='#'
    echo -e "\e[32m$user@$host$sign\e[0m $(as_typed "$@")" >&"$TELL"
}

# on HOST cmd…: as root there. Arguments, stdin, output and exit status pass unchanged.
on() {
    local host=$1; shift
    show_prompt root "$host" "$@"
    enter "$host" root "$@"
}

# as USER@HOST cmd…, or as support cmd… for sam.
as() {
    local user=${1%@*} host=${1#*@}
    if [[ $1 != *@* ]]; then
        [[ $(role_of "$host") == support ]] || { echo "as $1: say USER@$1" >&2; return 2; }
        user=sam
    fi
    shift
    show_prompt "$user" "$host" "$@"
    enter "$host" "$user" "$@"
}

# background NAME on|as …: starts it and goes on once it runs; `output NAME` is what it has said so far.
background() {
    local name=$1; shift
    "$@" </dev/null >"$NOTES/$name.out" 2>&1 &
    PROGRAM[$name]=$!
    poll 10 has_started "$name"
}

# It has replaced the lab's own steps into the host (or has already ended).
has_started() {
    running "$1" || return 0
    local pid
    pid=$(program_pid "$1") && ! tr '\0' ' ' <"/proc/$pid/cmdline" | grep -Eq 'lab/enter|exec "\$@"'
} 2>/dev/null

output() { cat "$NOTES/$1.out"; }

running() { kill -0 "${PROGRAM[$1]}" 2>/dev/null; }

# The program itself: the first process below ours that is in the host's process namespace.
program_pid() {
    local pid=${PROGRAM[$1]} ours children
    ours=$(readlink /proc/self/ns/pid)
    while [[ $(readlink "/proc/$pid/ns/pid") == "$ours" ]]; do
        children=$(<"/proc/$pid/task/$pid/children") && pid=${children%% *} && [[ -n $pid ]] || return 1
    done 2>/dev/null
    [[ -d /proc/$pid ]] && echo "$pid"
}

# signal NAME KILL
signal() { kill "-$2" "$(program_pid "$1")"; }

# stop NAME: SIGTERM, and it must end.
stop() {
    if running "$1"; then signal "$1" TERM; fi
    gone "${PROGRAM[$1]}" 10
    unset "PROGRAM[$1]"
}

# ends NAME within SECONDS [with STATUS]
ends() {
    local name=$1 seconds=$3 want=${5:-} status=0 expected
    expected="$name ends within $seconds s${want:+ with status $want}"
    if ! gone "${PROGRAM[$name]}" "$seconds"; then
        check_failed "$expected" "it still runs; its output so far:" "$(output "$name")"
    fi
    wait "${PROGRAM[$name]}" || status=$?
    unset "PROGRAM[$name]"
    [[ -z $want || $want == "$status" ]] || check_failed "$expected" "it ended with status $status; its output:" "$(output "$name")"
    check_passed "$expected"
}

# Figures: printed together at the end of the run.
now_ms() { local now=${EPOCHREALTIME/./}; echo $((now / 1000)); }

# figure "from stop to the last process" 123 ms
figure() {
    echo "     figure: $1: $2 $3" >&"$TELL"
    echo "$1: $2 $3" >>"$LAB_DIR/figures"
}

# measure "sentence" cmd…: runs it and notes how long it took.
measure() {
    local sentence=$1 start; shift
    start=$(now_ms)
    "$@"
    figure "$sentence" $(($(now_ms) - start)) ms
}
