# shellcheck shell=bash
# Whatever happens to the device's records of a window: the logins that rest on them are refused with the reason in the journal, nothing hangs, and
# nobody else's login notices.
starts_from ready
step_seconds=10   # nothing here may hang

announces device 'login to "rassist" refused: /run/rassist'
announces device 'PAM: Authentication failure for rassist'
announces device 'Access denied for user rassist by PAM account configuration'
announces device "the window's record is not believed: /run/rassist"
announces relay 'connect_to sn123.rassist: unknown host'

RUN=/run/rassist
# refused WAY PATH HOW REASON [TEXT]: that way in is refused for that reason while the file is spoilt so.
refused() {
	spoil device "$2" "$3" "${5:-}"
	that "$2, $3: refused ${1/_/ }, and the journal says why" fails saying "$4" without '^inside' tried device "$1" sn123
	# what might hang
	if [[ $3 == fifo ]]; then that "root and alice log in as ever" says 'root is in' saying 'alice is in' others_log_in device; fi
	mend device "$2"
}
refused_file() {
	refused "$1" "$2" garbage  ':[0-9]+: |bytes, at most'
	refused "$1" "$2" symlink  'a symbolic link'
	refused "$1" "$2" fifo     'not a regular file'
	refused "$1" "$2" huge     '3221225472 bytes, at most [0-9]+ are read'
	refused "$1" "$2" nobodys  'belongs to uid 65534, must belong to uid 0'
}
refused_folder() {
	refused "$1" "$2" symlink  'not a folder'
	refused "$1" "$2" fifo     'not a folder'
	refused "$1" "$2" nobodys  'belongs to uid 65534, must belong to uid 0'
}
gets_in() {
	that "mended, support gets in by key" says inside by_key sn123
	that "and by code"                    says inside by_code sn123
}

opened device --for 1h
support_keeps_its_jump
keyed sn123 >/dev/null
gets_in

say "Grants: who may log in by key"
GRANT=$RUN/grants/$(on device ls $RUN/grants)
refused_file by_key "$GRANT"
refused by_key "$GRANT" missing 'no record of key'
refused by_key "$GRANT" text 'missing' '[grant]\nversion = 1\nrole = assist\n'
refused_folder by_key $RUN/grants
refused by_key $RUN/grants missing 'no record of key'
gets_in

say "The code, and the count of wrong ones: by key it still works"
refused_file by_code $RUN/secret/code
refused by_code $RUN/secret/code missing 'code: No such file'
refused by_code $RUN/secret/code text    'code: the code is mistyped' 'K7QF-2M9X-TB4DF\n'
refused_file by_code $RUN/wrong-codes
refused by_code $RUN/wrong-codes text 'wrong-codes: "few" is not a number' 'few\n'
refused by_code $RUN/.wrong-codes.lock fifo 'wrong-codes.lock: not a regular file'
spoil device $RUN/wrong-codes garbage
that "the customer is told"     says 'no code can be typed while it is so' saying 'Typed code off' on device rassist status
that "by key it works"          says inside by_key sn123
mend device $RUN/wrong-codes
that "no login was counted as a wrong code" says '"wrong": 0' on device rassist status --json
gets_in

say "Sessions: nobody gets in who cannot be registered"
refused_folder by_key  $RUN/sessions
refused_folder by_code $RUN/sessions/assist.sn123
refused by_key $RUN/sessions/assist.sn123/.lock garbage 'lock: .* is not a number'
refused by_key $RUN/sessions/assist.sn123/.lock symlink 'lock: '
refused by_key $RUN/sessions/assist.sn123/.lock fifo    'lock: not a regular file'
refused by_key $RUN/sessions/assist.sn123/.lock folder  'lock: '
spoil device $RUN/sessions missing
gets_in

say "A folder of ours that is not root's alone"
refused by_key  $RUN writable '/run/rassist: mode 0777'
refused by_code $RUN nobodys  '/run/rassist: belongs to uid 65534'
gets_in

say "The window's record: the tunnel stays, and nobody gets in"
window_refused() {
	refused by_key  $RUN/window "$@"
	refused by_code $RUN/window "$@"
}
window_refused garbage  'window:[0-9]+: '
window_refused text     'window: .*missing' '[window]\nversion = 1\n'
window_refused symlink  'window: a symbolic link'
window_refused fifo     'window: not a regular file'
window_refused huge     'window: 3221225472 bytes'
window_refused writable 'window: mode 0666'
window_refused nobodys  'window: belongs to uid 65534'
gets_in
spoil device $RUN/window missing
that "without one, status says it is closed"     fails with 3 saying 'closed' on device rassist status
that "the tunnel ends"          within 5 fails on device systemctl is-active rassist-tunnel
that "support is refused"       fails with 255 by_key sn123
that "the customer is told how to get a new one" fails saying 'rassist close' on device rassist open
on device rassist close >/dev/null
opened device --for 1h
keyed sn123 >/dev/null
gets_in
