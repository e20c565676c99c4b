# shellcheck shell=bash
# A window from its opening to its deadline, device, relay and support on one machine under SELinux, enforcing. Nothing of ours is refused anything.
useradd --create-home --shell /bin/bash sam
install -d -o sam -m 700 /home/sam/.ssh
mkdir -p /srv/page && echo "hello from device" >/srv/page/index.html
busybox httpd -p 127.0.0.1:80 -h /srv/page

set_up() {
	rassist setup device 127.0.0.1 --host-key "$(cat /var/lib/rassist/relay_host_ed25519_key.pub)" && rassist device add sn123 | sed -n 's|^Activation token: ||p' >/root/token &&
		sam ssh-keygen -q -t ed25519 -N '' -f /home/sam/.ssh/id_ed25519 && rassist staff add sam --key - --devices 'sn*' </home/sam/.ssh/id_ed25519.pub &&
		rassist setup support 127.0.0.1 --host-key "$(cat /var/lib/rassist/relay_host_ed25519_key.pub)" && sam ssh-agent -a /home/sam/.agent >/dev/null
}
activated() { rassist activate sn123 </root/token; }
page() { says "hello from device" curl -sS http://127.0.0.1:8081/; }
closed() { ! rassist status && ! inside && [ ! -e /run/rassist/secret ] && ! pgrep -u rassist-agent,rassist-tunnel; }

check "relay, device and support are set up" set_up
check "the device is activated" soon 120 activated
check "a window of half an hour" rassist open --for 30m
check "the tunnel comes up" soon 90 up
check "the relay's command for it has its domain" says ':rassist_hold_t:.* hold$' ps -eo label,comm
check "support is in by the typed code" says '^rassist$' by_code id -un
check "the code's key" sam rassist key sn123 <<<"$(code)"
check "support is in by it" says '^rassist$' by_key id -un
check "in a domain of a person's, not in sshd's" says ':unconfined_t:' by_key id -Z
check "and may be root" says '^root$' by_key sudo -n id -un
sam ssh -o BatchMode=yes -N -L 8081:sn123.rassist:10088 rassist-relay &
check "the device's page through the tunnel" soon 60 page
check "shortened to a minute" rassist extend --for 1m
by_key sleep 1000 >/dev/null 2>&1 &
check "a session that stays" soon 60 inside
check "at the deadline all is gone" soon 150 closed
pkill -u sam -x ssh # the forward's: a connection to the relay alone has no deadline
never "all the while nothing of ours was refused" refused
