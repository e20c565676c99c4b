# shellcheck shell=bash
# S7: guessing the code at ssh's prompt ends after five wrong ones. The key made of the code is no guess, and works on.
starts_from ready

# Well-formed codes, and not the window's.
WRONG=(WRNG-0000-00017 WRNG-0000-00021 WRNG-0000-00033 WRNG-0000-0004D WRNG-0000-0005F WRNG-0000-00069 WRNG-0000-0007B WRNG-0000-0008N)
PROMPT="Assistance code of sn123: "

# prompted ANSWERS… : plain ssh, the host key known, the login key not offered: the code is asked for, up to as many times as there are answers.
prompted() {
	local answer answers=()
	for answer in "$@"; do answers+=(then "$answer" at "$PROMPT"); done
	as support env "$AGENT" typing "${answers[@]:1}" -- \
		ssh -o PreferredAuthentications=keyboard-interactive -o "NumberOfPasswordPrompts $#" sn123.rassist echo inside
}
wrong_so_far() { on device rassist status --json | jq -r .typed_code.wrong; }
# How many typed codes were compared with the right one and found wrong, by the journal.
comparisons() { journal device --since="@$SINCE" -t pam_rassist -o cat | grep -c '^wrong code'; }

opened device --for 1h
keyed sn123 >/dev/null

say "What cannot be a code at all is said to be none, and does not count"
that "too short, too long, a wrong check character, a letter that no code has, nothing, a thousand letters: each is said to be none" \
	fails with 255 saying 'too short' saying 'too long' saying 'mistyped' saying 'cannot be in a code' \
	prompted WRNG-0000-0001 WRNG-0000-000177 WRNG-0000-00018 WRNG-0000-0U017 "" "$(printf 'A%.0s' {1..1000})"
that "none of them was counted"                says '^0$' wrong_so_far

say "A right code counts for nothing either, however often it is typed"
that "two wrong ones, then the right one"      says inside prompted "${WRONG[@]:0:2}" "$CODE"
that "the customer sees two wrong ones"        says 'Typed code on, 2 of 5 wrong ones' on device rassist status
that "alice does not see how many"             says 'only root is told' without '2 of 5' as alice@device rassist status

say "The fifth wrong code switches typed codes off for the rest of the window"
that "two more, in another connection"         fails with 255 saying 'That is not the code of sn123' prompted "${WRONG[@]:2:2}"
that "typed codes are still taken"             says inside prompted "$CODE"
that "the fifth"                               fails with 255 prompted "${WRONG[4]}"
that "the right code is refused now"           fails saying 'Too many wrong codes' without inside prompted "$CODE"
that "the derived key still works"             says '^device$' reaching sn123 hostname
that "the customer sees it"                    says 'off for the rest of this window, after 5 wrong ones' on device rassist status
that "programs see it, too"                    says '^false$' on device sh -c 'rassist status --json | jq .typed_code.on'
expect_journal device 'wrong code 5 of 5 was typed: typed codes are off for the rest of this window'
expect_journal device 'login refused: typed codes are off for the rest of this window'
that "a longer window is the same window"      works on device rassist extend --for 2h
that "and typed codes are still off"           fails saying 'Too many wrong codes' prompted "$CODE"

say "A new window starts afresh"
on device rassist close >/dev/null
opened device --for 1h
keyed sn123 >/dev/null
that "nothing is counted yet"                  says '^0$' wrong_so_far
that "its code is taken at the prompt"         says inside prompted "$CODE"

say "Eight at once: all at the prompt, all answer while the count is held fast, and then race for it"
# What ssh asks its questions: answers when the story says so.
on support sh -c 'printf "#!/bin/sh\nuntil [ -e /tmp/now ]; do sleep 0.05; done\necho \$GUESS\n" >/tmp/answer && chmod 755 /tmp/answer'
SINCE=$EPOCHREALTIME
for i in {0..7}; do
	background "guess$i" as support env "$AGENT" SSH_ASKPASS=/tmp/answer SSH_ASKPASS_REQUIRE=force GUESS="${WRONG[i]}" \
		ssh -o PreferredAuthentications=keyboard-interactive -o NumberOfPasswordPrompts=1 sn123.rassist true
done
that "all eight are asked for the code"        within 15 says '^8$' on device pgrep -cf '^(rassist-login|sshd-session): rassist .pam'
background held on device flock -o /run/rassist/.wrong-codes.lock sleep 30
that "the count is held"                       within 5 fails on device flock -n /run/rassist/.wrong-codes.lock true
on support touch /tmp/now
waiting_for_the_count() { on device sh -c 'for p in $(pgrep -f "^(rassist-login|sshd-session): rassist .pam"); do ls -l /proc/$p/fd; done | grep -c wrong-codes.lock'; }
that "all eight wait for it"                   within 4 says '^8$' waiting_for_the_count
stop held
for i in {0..7}; do ends "guess$i" within 10 with 255; done
that "only five of them were compared with the code" says '^5$' comparisons
that "typed codes are off"                     says '^5$' wrong_so_far
that "the right code is refused"               fails without inside prompted "$CODE"
that "the derived key still works"             says '^device$' reaching sn123 hostname

say "typed-code = no switches the prompt off from the next login on"
on device rassist close >/dev/null
opened device --for 1h
keyed sn123 >/dev/null
that "the code can be typed"                   says inside prompted "$CODE"
on device sh -c 'printf "[device]\ntyped-code = no\n" >/etc/rassist/rassist.conf.d/typed.conf'
that "it cannot, and nobody is asked for it"   fails saying 'The code cannot be typed here. Use its key: rassist key sn123' prompted "$CODE"
that "the customer sees it"                    says 'Typed code off \(typed-code in rassist.conf\)' on device rassist status
expect_journal device 'login refused: typed-code is off in the configuration'
that "the derived key works"                   says '^device$' reaching sn123 hostname
on device rm /etc/rassist/rassist.conf.d/typed.conf
that "without that line it can be typed again" says inside prompted "$CODE"
