# shellcheck shell=bash
# A broken line in a door's configuration or in rassist.conf, or one that makes a door unsafe: the packages install all the same and say so, what runs goes on
# running, and the machine's own sshd is never involved.
plain relay device support
KIND=rpm
next=.2
built_packages ""
built_packages $next
announces relay 'Reload failed for rassist-relay.service|Failed to start rassist-relay.service|Bad configuration option|terminating, 1 bad configuration'
announces relay 'the guard goes on as it was$|Reload failed for rassist-guard.service'
announces device 'Failed to start rassist-agent.service|the window was not opened|Bad configuration option|terminating, 1 bad configuration'
for host in relay device; do
	on "$host" mkdir -p /root/packages /etc/rassist/rassist.conf.d /etc/rassist/relay_sshd.d
	noted "sshd.$host" sshd_of "$host"
done
own_sshd() { for host in relay device; do that "$host's own sshd is the same process" works same "sshd.$host" sshd_of "$host"; done; }

say "At install: somebody has prepared the machine, and slipped"
on relay sh -c 'echo "Prot 8443" >/etc/rassist/relay_sshd.d/ports.conf'
on device sh -c 'printf "[device]\nwindov = 2h\n" >/etc/rassist/rassist.conf.d/10-own.conf'
that "the relay's package says what its door does not take" works saying 'ports.conf.*Bad configuration option: Prot' saying "the relay's door is not sound" \
	install_packages relay "" rassist rassist-relay
that "it is installed"           works release_of relay rassist-relay
that "the door is not open"      fails on relay systemctl is-active rassist-relay.service
that "the device's package says what is wrong in which line" works saying 'rassist.conf.d/10-own.conf:2: unknown key "windov"' install_packages device "" rassist rassist-device
that "it is installed, too"      works release_of device rassist-device
remove_packages relay rassist-relay rassist >/dev/null
on relay sh -c 'mkdir -p /etc/rassist/relay_sshd.d; echo "PasswordAuthentication yes" >/etc/rassist/relay_sshd.d/ports.conf'
that "a line that sshd takes and that opens the relay's door to passwords is said, too" works saying 'rassist: door: .*passwordauthentication is yes and must be no' \
	saying 'mend: .*relay_sshd.d' install_packages relay "" rassist rassist-relay
that "that door is not open either" fails on relay systemctl is-active rassist-relay.service
own_sshd

say "Mended, all works"
on relay rm /etc/rassist/relay_sshd.d/ports.conf
on device rm /etc/rassist/rassist.conf.d/10-own.conf
that "the door opens"            works on relay systemctl start rassist-relay.service
install_packages support "" rassist rassist-support >/dev/null
activate device sn123 >/dev/null
as support cat .ssh/id_ed25519.pub | on relay rassist staff add sam --key - --devices 'sn*' >/dev/null
on support rassist setup support relay --host-key "$(relay_host_key)" >/dev/null
opened device
keyed sn123 >/dev/null
background inside reaching sn123 'echo inside; exec sleep 3000'
that "support is inside" within 10 says '^inside$' output inside

say "At an upgrade: the same slips, and a crypto policy that sshd does not take"
on relay sh -c 'echo "Prot 8443" >/etc/rassist/relay_sshd.d/ports.conf; printf "[relay]\nheartbeat = often\n" >/etc/rassist/rassist.conf.d/10-own.conf'
on device sh -c 'mkdir -p /etc/crypto-policies/back-ends && echo "Cyphers aes" >/etc/crypto-policies/back-ends/opensshserver.config'
door_of() { on relay systemctl show -p MainPID rassist-relay.service rassist-guard.service; on relay pgrep -x hold; }
window_of() { on device sh -c 'set -e; cat /run/rassist/window /run/rassist/secret/code; systemctl show -p MainPID rassist-agent.service rassist-tunnel.service'; }
hups_of() { journal relay -t rassist-relay -t sshd -o cat | grep -c 'Received SIGHUP' || :; }
noted door door_of
noted window window_of
that "the relay's package says both"  works saying 'Bad configuration option: Prot' saying 'heartbeat: "often" is not a duration' saying 'goes on as it was' \
	install_packages relay $next rassist rassist-relay
that "it is upgraded"                 says '\.2$' release_of relay rassist-relay
that "the device's package says it"   works saying 'Bad configuration option: Cyphers' install_packages device $next rassist rassist-device
that "it is upgraded, too"            says '\.2$' release_of device rassist-device
that "the relay's door is the same"   works same door door_of
that "window and tunnel are the same" works same window window_of
own_sshd

say "And one that sshd takes, and that no door of ours may have"
on relay sh -c 'echo "AllowTcpForwarding yes" >/etc/rassist/relay_sshd.d/ports.conf; rm /etc/rassist/rassist.conf.d/10-own.conf'
noted hups hups_of
that "the relay's package says it"    works saying 'allowtcpforwarding is yes and must be' saying "goes on as it was" without "Bad configuration" \
	install_packages relay $next rassist rassist-relay
that "it is there"                    says '\.2$' release_of relay rassist-relay
that "the relay's door is the same"   works same door door_of
that "and has not read it"            works same hups hups_of
that "who was inside is"              works running inside
that "the tunnel is up"               says '^up$' tunnel_of device
own_sshd

say "Mended, all works"
on relay rm /etc/rassist/relay_sshd.d/ports.conf
on device rm -r /etc/crypto-policies
that "the door reads its configuration" works on relay systemctl reload rassist-relay.service
that "who was inside still is"          works running inside
that "support gets in"                  says '^device$' reaching sn123 hostname
own_sshd
