# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # shared: tests/module/run sources checks.sh, host.sh and the parts into one shell
# The checks of the module tests. Each prints one line, and what was seen where it fails.
passed=0 failed=0

ok() {
	echo "ok   $1"
	passed=$((passed + 1))
}
not_ok() {
	echo "FAIL $1"
	shift
	printf '%s\n' "$@" | sed 's/^/       /' | head -40
	failed=$((failed + 1))
}

# is SENTENCE WANTED COMMAND…: what it says is exactly that
is() {
	local sentence=$1 wanted=$2 got
	shift 2
	got=$("$@" 2>&1)
	if [ "$got" = "$wanted" ]; then ok "$sentence"; else not_ok "$sentence" "wanted: $wanted" "got: $got"; fi
}
# like SENTENCE PATTERN COMMAND…: the pattern matches what it says
like() {
	local sentence=$1 wanted=$2 got
	shift 2
	got=$("$@" 2>&1)
	if [[ $got =~ $wanted ]]; then ok "$sentence"; else not_ok "$sentence" "wanted: $wanted" "got: $got"; fi
}
# works SENTENCE COMMAND…
works() {
	local sentence=$1 got status=0
	shift
	got=$("$@" 2>&1) || status=$?
	if [ "$status" -eq 0 ]; then ok "$sentence"; else not_ok "$sentence" "ended with $status" "$got"; fi
}
# fails SENTENCE STATUS COMMAND…
fails() {
	local sentence=$1 wanted=$2 got status=0
	shift 2
	got=$("$@" 2>&1) || status=$?
	if [ "$status" -eq "$wanted" ]; then ok "$sentence"; else not_ok "$sentence" "ended with $status, wanted $wanted" "$got"; fi
}

# soon COMMAND…: until it succeeds, at most ten seconds
soon() {
	local end=$((SECONDS + 10))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}
# becomes SENTENCE COMMAND…: true within ten seconds
becomes() {
	local sentence=$1
	shift
	if soon "$@"; then ok "$sentence"; else not_ok "$sentence" "not within ten seconds: $*"; fi
}
not() { ! "$@"; }

# journal_says SENTENCE PATTERN: an entry since forget_journal
journal_has() { grep -qaE "$1" "$scratch/journal"; }
journal_says() {
	if soon journal_has "$2"; then ok "$1"; else not_ok "$1" "wanted: $2" "$(tr -d '\0' <"$scratch/journal")"; fi
}
forget_journal() { : >"$scratch/journal"; }
