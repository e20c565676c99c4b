# shellcheck shell=bash
# A device's page on the relay's public address, for support's networks; then the enforcer cuts it. Both addresses are this machine's.
ip addr add 203.0.113.10/32 dev lo && ip addr add 203.0.113.20/32 dev lo
printf '[relay]\npublish-address = 203.0.113.10\nsupport-from = 203.0.113.20, 127.0.0.1\n' >/etc/rassist/rassist.conf.d/50-publish.conf
printf '[device]\npublish = ssh,http\n' >/etc/rassist/rassist.conf.d/60-publish.conf
page_from() { curl -sS -m 20 --interface "$1" http://203.0.113.10:20001/; }
# its ssh says who it is before it finds that this is no ssh
banner() { curl -sS -m 30 --http0.9 --interface 203.0.113.20 http://203.0.113.10:20000/; }
listening() { ss -Hltn "sport = $1" | grep .; }

check "the relay's admin publishes it" soon 60 rassist device publish sn123 ssh http
check "a window" rassist open --for 1h
check "its tunnel" soon 90 up
check "the device's page, from support's network" soon 60 says 'hello from device' page_from 203.0.113.20
check "its ssh" says '^SSH-2.0' banner
never "from elsewhere nobody answers" page_from 203.0.113.10
check "published no more: its tunnel is cut" says 'its tunnel was cut' rassist device publish sn123 --none
check "nobody listens there" soon 60 not listening 20001
check "closed" rassist close
rm /etc/rassist/rassist.conf.d/[56]0-publish.conf
never "nothing of ours was refused" refused
