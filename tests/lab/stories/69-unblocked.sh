# shellcheck shell=bash
# What a customer reads, and what comes right by itself: a block taken back, one relay of two that does not answer, what a waiting tunnel costs the relay.
starts_from ready

trouble_of() { on device rassist status --json | jq -r '"\(.tunnel.state) \(.tunnel.trouble)"'; }
on device sed -i 's/^relays = .*/relays = relay:443 nowhere.invalid:443/' /etc/rassist/rassist.conf.d/40-relay.conf
opened device --for 30m

say "What a tunnel costs the relay that only waits"
pss() { on relay sh -c 'for pid in $(pgrep -u rassist-tunnel -x hold); do sed -n "s/^Pss: *\([0-9]*\) kB/\1/p" /proc/$pid/smaps_rollup; done'; }
figure "hold, its share of memory (Pss), one tunnel" "$(pss)" kB
figure "and what is its alone (private)" "$(on relay sh -c 'awk "/^Private/ { sum += \$2 } END { print sum }" /proc/$(pgrep -u rassist-tunnel -x hold)/smaps_rollup')" kB
that "it loads neither OpenSSL nor jansson" says 'libc.so' without 'crypto|jansson' on relay sh -c 'cat /proc/$(pgrep -u rassist-tunnel -x hold)/maps'

say "Blocked at one relay, while the other one named does not answer: the block is what the customer reads"
on relay rassist device block sn123 >/dev/null
that "in status"                             within 10 says '^(waiting|enrolling) blocked$' trouble_of
that "and it stays so"                       during 4 says ' blocked$' trouble_of
began=$(now_ms)
on relay rassist device unblock sn123 >/dev/null

say "Unblocked, it comes back by itself"
that "within two minutes, whatever the chance" within 120 says '^up null$' trouble_of
figure "unblocked, until the tunnel is up with nobody touching the device" $((($(now_ms) - began) / 1000)) s
