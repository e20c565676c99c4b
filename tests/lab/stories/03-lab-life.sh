# shellcheck shell=bash
# The lab tested by itself: runs within this one, which end in every way and leave nothing behind.
needs only device

nest=$LAB_DIR/nest
mkdir -p "$nest"
ln -s "$LAB_BASE" "$nest/"
nested_lab() { env -u RASSIST_LAB RASSIST_LAB_CACHE="$nest" RASSIST_LAB_PRODUCT=none RASSIST_MUST_RUN= bash "$LAB_SOURCE/lab" "$@"; }
nothing_is_left() { [[ -z $(ls "$nest/labs") ]] && ! ls -d "/sys/fs/cgroup/$LAB_CGROUP"/rassist-lab-* 2>/dev/null; }

cat >"$nest/good.sh" <<'END'
needs only device
that "a device is there" works on device true
figure "the answer" 42 ms
END
cat >"$nest/bad.sh" <<'END'
needs only device
on device logger "a trace for the reader"
that "this is wrong" works on device false
END
cat >"$nest/endless.sh" <<'END'
needs only device
touch "$LAB_DIR/waiting"
on device sleep 1000
END
cat >"$nest/lost.sh" <<'END'
needs only device
starts_from nowhere
END

say "A run tells every story and counts"
that "a failure does not stop the others" fails with 1 \
    saying '^FAIL bad ' saying 'FAIL bad.sh:3: this is wrong' saying 'a trace for the reader' saying '^PASS good ' saying '^    the answer: 42 ms$' saying '^1 passed, 1 failed$' \
    nested_lab run "$nest/bad.sh" "$nest/good.sh"
that "nothing is left of it" works nothing_is_left
that "a story without its state fails" fails with 1 saying "FAIL lost: the state 'nowhere'" saying '^0 passed, 1 failed$' nested_lab run "$nest/lost.sh"
that "an endless story is ended and says where it was" fails with 1 saying 'takes too long' saying '^0 passed, 1 failed$' nested_lab run --timeout 3 "$nest/endless.sh"
that "nothing is left of it either" works nothing_is_left

# a_run_ended_by SIGNAL: in the middle of a story. (Bash starts background programs deaf to INT.)
a_run_ended_by() {
    RASSIST_LAB_CACHE=$nest RASSIST_LAB_PRODUCT=none env --default-signal=INT bash "$LAB_SOURCE/lab" run "$nest/endless.sh" >"$NOTES/run.out" 2>&1 &
    PROGRAM["run"]=$!
    that "the story is being told" within 20 works sh -c "ls $nest/labs/run-*/waiting"
    id=$(ls "$nest/labs")
    kill "-$1" "${PROGRAM["run"]}"
}

say "A run that is ended"
a_run_ended_by TERM
ends run within 10
that "nothing is left of it" works nothing_is_left
a_run_ended_by INT
ends run within 10
that "nothing is left of it" works nothing_is_left
a_run_ended_by KILL
that "no process of it is left" within 10 works flock -n "$nest/labs/$id/lock" true
that "and lab clean removes the rest" within 10 works eval 'nested_lab clean && nothing_is_left'

say "A system that does not come up well"
mkdir -p "$nest/product/etc/systemd/system/multi-user.target.wants"
printf '%s\n' '[Service]' 'Type=oneshot' 'ExecStart=/bin/false' >"$nest/product/etc/systemd/system/bad.service"
ln -s ../bad.service "$nest/product/etc/systemd/system/multi-user.target.wants/"
that "a failed unit after the boot fails the story, by name" fails with 1 saying 'device is not well after the boot: degraded' saying 'bad\.service' saying '^0 passed, 1 failed$' \
    env RASSIST_LAB_CACHE="$nest" RASSIST_LAB_PRODUCT="$nest/product" RASSIST_LAB_TAIL=5 bash "$LAB_SOURCE/lab" run "$nest/good.sh"
mkdir "$nest/product/sbin"
that "a product that would hide /sbin is refused" fails with 1 saying 'use /usr/sbin' \
    env RASSIST_LAB_CACHE="$nest" RASSIST_LAB_PRODUCT="$nest/product" bash "$LAB_SOURCE/lab" run "$nest/good.sh"

say "A lab that is kept"
that "it comes up"      says "lab 'nested' is up" env RASSIST_LAB=nested RASSIST_LAB_CACHE="$nest" RASSIST_LAB_PRODUCT=none bash "$LAB_SOURCE/lab" up device
that "one can look inside" says '^device$' nested_lab exec device hostname
that "its status passes"   fails with 3 nested_lab exec device sh -c 'exit 3'
that "as a user, too"      says '^alice$' nested_lab exec alice@device whoami
that "a story can be told there" works saying 'a device is there' nested_lab tell "$nest/good.sh"
that "it is listed"        says '^    nested$' nested_lab list
that "it goes down"        works nested_lab down
that "nothing is left of it" works nothing_is_left
