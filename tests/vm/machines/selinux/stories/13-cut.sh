# shellcheck shell=bash
# The enforcer ends what must not be: a person's connection to the relay, a device's tunnel.
check "a window" rassist open --for 1h
check "its tunnel" soon 90 up
check "the code's key" sam rassist key sn123 <<<"$(code)"
by_key sleep 1000 >/dev/null 2>&1 &
client=$!
out() { ! kill -0 $client; }
check "support is in" soon 60 inside
check "support's person is removed and cut" says '1 session ended' rassist staff remove sam
check "support is out" soon 60 out
check "the person is back" rassist staff add sam --key - --devices 'sn*' </home/sam/.ssh/id_ed25519.pub
check "and in" soon 60 says '^rassist$' by_key id -un
check "the window is over on the relay" says '1 connection cut' rassist revoke window sn123
check "its tunnel is gone" soon 60 not up
check "closed" rassist close
never "nothing of ours was refused" refused
