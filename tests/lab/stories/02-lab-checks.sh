# shellcheck shell=bash
# The lab tested by itself: what must fail does fail, and secrets are found wherever they are.

# A story in the story, on the same systems.
mini_story() {
    cat >"$NOTES/mini.sh"
    env -u STORY_SINCE STORY_STYLE="${1:-check}" bash "$LAB_SOURCE/story.sh" "$NOTES/mini.sh"
}

say "Checks that must fail"
that "an empty story passes" works mini_story </dev/null
that "a failed check ends the story and says where" fails saying 'FAIL mini.sh:2: the sky is green' saying 'status 1' without 'after' mini_story <<'END'
on device true
that "the sky is green" works on device false
echo after
END
that "a failed plain command ends the story" fails saying 'FAIL mini.sh:1: .*status 3' without 'after' mini_story <<'END'
on device sh -c 'exit 3'
echo after
END
that "a wrong status is noticed"   fails saying 'not 4' mini_story <<<'that "x" fails with 4 on device sh -c "exit 3"'
that "missing words are noticed"   fails saying "did not say 'b'" mini_story <<<'that "x" says a saying b on device echo a'
that "forbidden words are noticed" fails saying "said 'a'" mini_story <<<'that "x" works without a on device echo a'
that "waiting has an end"          fails saying 'within 1 s' mini_story <<<'that "x" within 1 works on device false'
that "waiting can succeed"         works mini_story <<<'on device sh -c "(sleep 0.5; touch /tmp/there) & exec >&- 2>&-"; that "x" within 5 works on device test -e /tmp/there'
that "a change is noticed"         fails saying 'during 3 s' mini_story <<<'on device sh -c "(sleep 0.5; touch /tmp/here) & exec >&- 2>&-"; that "x" during 3 fails on device test -e /tmp/here'
that "a command that hangs is ended" fails saying 'took longer than 1 s' mini_story <<<'step_seconds=1; that "x" works on device sleep 1000'
that "nothing of it is left" within 5 fails on device pgrep -x sleep -f 'sleep 1000'
that "a demo shows who does what" says '^hello$' saying 'alice@device\$.* echo hello' mini_story demo <<<'that "x" works as alice@device echo hello'

say "Surprises in the journal"
announces device 'disk on fire'
announces device 'broken\.service|code=dumped'
that "an error that was not announced fails the story" fails saying 'disk on fire' mini_story <<<'on device logger -p user.err "disk on fire"'
that "an announced one does not" works mini_story <<<'announces device "disk on fire"; on device logger -p user.err "disk on fire"'
that "an older one does not" works mini_story </dev/null
that "a sanitizer report fails it, whatever its priority" fails saying 'runtime error' mini_story <<<'on relay logger -p user.info "x.cpp:1: runtime error: overflow"'
announces relay 'runtime error: overflow'
that "a crash fails it" fails saying 'code=dumped' saying 'core dump: /root/core' mini_story <<'END'
on device systemd-run --quiet --unit=broken -p LimitCORE=infinity -p WorkingDirectory=/root sh -c 'kill -SEGV $$$$'
that "it has crashed" within 5 works on device systemctl is-failed broken.service
END
that "a failed unit fails it" fails saying 'failed unit: broken.service' mini_story </dev/null
on device systemctl reset-failed broken.service
on device sh -c 'rm /root/core*'

say "Secrets"
that "a clean system is clean" works mini_story <<<'secret K7QF-2M9X-TB4DE; no_secret_leaked; say done'

# found_in SENTENCE PATTERN SETUP: plants a secret by SETUP and wants it found.
found_in() {
    that "a secret is found in $1" fails saying "$2" mini_story <<END
secret SECRET-$RANDOM
value=\$(cat "\$NOTES/secrets")
$3
no_secret_leaked
END
}
found_in "the journal"            'the journal'                 'on device logger "code $value"'
found_in "a field of the journal" 'the journal'                 'on relay sh -c "printf \"MESSAGE=x\nNOTE=$value\n\" | logger --journald"'
found_in "arguments"              'the arguments of [0-9]+ \(sleep\)' 'background p on device bash -c "exec -a $value sleep 100"'
found_in "an environment"         'the environment of [0-9]+ \(sleep\)' 'background p as support env NOTE=$value sleep 100'
found_in "a readable file"        'the readable file /var/tmp/note' 'on device sh -c "echo $value >/var/tmp/note"'
found_in "the status of a unit"   'the status of units'         'on support systemd-run --quiet --unit=note -p RemainAfterExit=yes -p Environment=NOTE=$value true'
found_in "a core dump"            'the core dump /root/core'    'on device sh -c "echo $value >/root/core.1; chmod 600 /root/core.1"'
on device rm /root/core.1
that "a file that only root reads is no leak" works mini_story <<<'on device sh -c "umask 077; echo NOT-A-LEAK >/root/note"; secret NOT-A-LEAK'
that "a prompt's answer is no leak" works mini_story <<<'secret OPEN-SESAME
background t as support typing OPEN-SESAME at code -- sh -c "stty -echo; echo code; read c; exec sleep 100"
that "it waits" within 5 works on support pgrep -x sleep
no_secret_leaked'
