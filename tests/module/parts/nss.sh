# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154  # shared: tests/module/run sources checks.sh, host.sh and the parts into one shell
# libnss_rassist.so.2: each entry point called as glibc does, then getent with it in nsswitch.conf.

asked() { timeout 10 "$artefacts/nss_driver" "$artefacts/libnss_rassist.so.2" "$@"; }
notfound="NOTFOUND errno=2 h_errno=1"
unavail="UNAVAIL errno=2 h_errno=3"
inet=2 inet6=10

world device sn123 127.64.0.7 no
world device closed 127.64.0.8 no
coproc tunnel { world tunnel sn123; }
soon grep -q OFDLCK /proc/locks

for function in gethostbyname4_r gethostbyname3_r gethostbyname2_r gethostbyname_r; do
	is "$function: an open device" "SUCCESS 127.64.0.7 sn123.rassist" asked "$function" sn123.rassist
	is "$function: case and the last dot do not matter" "SUCCESS 127.64.0.7 sn123.rassist" asked "$function" SN123.RaSSist.
	is "$function: a closed device" "$notfound" asked "$function" closed.rassist
	is "$function: a foreign name" "$unavail" asked "$function" example.com
	is "$function: a small buffer" "TRYAGAIN errno=34 h_errno=-1" asked "$function" sn123.rassist $inet 12
	is "$function: no buffer" "TRYAGAIN errno=34 h_errno=-1" asked "$function" sn123.rassist $inet 0
done
is "no IPv6 address" "NOTFOUND errno=2 h_errno=4" asked gethostbyname2_r sn123.rassist $inet6
for size in 40 48 50 60 64; do
	like "a buffer of $size bytes holds it or does not" "^(SUCCESS 127.64.0.7 sn123.rassist|TRYAGAIN errno=34 h_errno=-1)$" \
		asked gethostbyname3_r sn123.rassist $inet "$size"
done
long=$(printf 'a%.0s' {1..64})
for name in unknown.rassist .rassist a.b.rassist -a.rassist a-.rassist ../sn123.rassist a_b.rassist "$long.rassist" "sn123 .rassist" "ä.rassist"; do
	is "ours and no device's: $name" "$notfound" asked gethostbyname4_r "$name"
done
for name in "" . rassist sn123 sn123.rassist.example sn123xrassist "sn123.rassist.."; do
	is "none of ours: '$name'" "$unavail" asked gethostbyname4_r "$name"
done

# a record that is not as it must be
record=/var/lib/rassist/devices/sn123
cp -p "$record" "$scratch/record"
refuses() {
	is "no answer from $1" "$notfound" asked gethostbyname4_r sn123.rassist
	rm -rf "$record"
	cp -p "$scratch/record" "$record"
}
chmod 0664 "$record" && refuses "a record its group may write"
chown rassist-device "$record" && refuses "a record that is not root's"
rm "$record" && ln -s "$scratch/record" "$record" && refuses "a symbolic link"
rm "$record" && mkfifo "$record" && refuses "a FIFO"
rm "$record" && refuses "no record"
: >"$record" && refuses "an empty record"
head -c 100000 /dev/zero >>"$record" && refuses "a huge record"
sed -i 's/127.64.0.7/127.0.0.1/' "$record" && refuses "an address that is no device's"
sed -i 's/127.64.0.7/127.64.0.0/' "$record" && refuses "the network's own address"
sed -i 's/127.64.0.7/127.128.0.1/' "$record" && refuses "an address past the network"
sed -i 's/127.64.0.7/203.0.113.9/' "$record" && refuses "an address of the internet"
sed -i 's/127.64.0.7/127.64.0.7777777777777777/' "$record" && refuses "an address that is too long"
echo "address = 127.64.0.9" >>"$record" && refuses "two addresses"
chmod 0777 /var/lib/rassist/devices && refuses "a folder that others may write"
chmod 0755 /var/lib/rassist/devices
sed -i 's/address = 127.64.0.7/address=127.127.255.255 /' "$record"
is "the last address, written closely" "SUCCESS 127.127.255.255 sn123.rassist" asked gethostbyname4_r sn123.rassist
cp -p "$scratch/record" "$record"
# a reader's lock is not hold's: who may read the file must not be able to make a device look open
is "still open" "SUCCESS 127.64.0.7 sn123.rassist" asked gethostbyname4_r sn123.rassist

if [ "$artefacts" = "$scratch/release" ]; then
	# RES_OPTIONS: nobody answers DNS here, and nobody waits for it
	export RES_OPTIONS="attempts:1 timeout:1"
	cp /etc/nsswitch.conf "$scratch/nsswitch.conf"
	sed -i 's/^hosts:.*/hosts: files rassist [NOTFOUND=return] dns/' /etc/nsswitch.conf
	echo "192.0.2.1 elsewhere.example" >>/etc/hosts
	like "getent: an open device, as sshd asks" "^127.64.0.7 +STREAM sn123.rassist" getent ahosts sn123.rassist
	like "getent: by gethostbyname(3), in capitals" "^127.64.0.7 +sn123.rassist" getent hosts SN123.rassist
	fails "getent: a closed device" 2 getent ahosts closed.rassist
	like "getent: other names as ever" "^192.0.2.1 " getent ahosts elsewhere.example
	like "as the relay's account, which is who resolves" "^127.64.0.7 " as_account rassist-support getent ahosts sn123.rassist
	sed -i 's/^hosts:.*/hosts: rassist files/' /etc/nsswitch.conf
	like "getent: a foreign name goes on to the next service" "^192.0.2.1 " getent ahosts elsewhere.example
	cp "$scratch/nsswitch.conf" /etc/nsswitch.conf
fi

eval "exec ${tunnel[1]}>&-"
wait "$tunnel_PID"
is "closed again when hold ends, however it does" "$notfound" asked gethostbyname4_r sn123.rassist
rm -rf /var/lib/rassist/devices/* /run/rassist/ready/*
