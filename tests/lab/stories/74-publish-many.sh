# shellcheck shell=bash
# Thousands of published devices: a port is found among theirs, none is given out twice, and what it costs is printed.
needs only relay
starts_from ready

publishes "$ADDRESSES" 'publish-ports = 20000-29999' 'support-from = 203.0.113.20'
publish() { on relay rassist device publish "$@"; }
that "the first gets the first port"           within 10 says 'ssh on port 20000' publish sn123 ssh
measure "device publish, one device published"            on relay rassist device publish sn123 ssh http
on relay awk 'BEGIN { for (i = 0; i < 4998; ++i) { f = "/var/lib/rassist/published/p" i
	printf "[published]\nversion = 1\nssh = %d\nhttp = %d\nserial = p%d\n", 20002 + 2 * i, 20003 + 2 * i, i >f; close(f) } }'
measure "device publish, five thousand devices published" on relay rassist device publish sn123 ssh
that "a second gets the port given back"       says 'ssh on port 20001' on relay sh -c 'rassist device add sn200 >/dev/null && rassist device publish sn200 ssh'
that "and the last two there are"              says 'http on port 29998' publish sn200 ssh http
that "the next device gets the very last"      says 'ssh on port 29999' on relay sh -c 'rassist device add sn300 >/dev/null && rassist device publish sn300 ssh'
that "then there is none"                      fails with 73 saying 'no port of publish-ports \(20000-29999\) is free' publish sn300 ssh http
that "and what was there stays"                says '"ssh": 29999' without '"http"' on relay rassist device show sn300 --json
