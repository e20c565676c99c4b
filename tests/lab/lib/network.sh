# shellcheck shell=bash
# The network of a lab. The lab's own network namespace is the "internet": one bridge, no way out.
# Every host is a namespace with an eth0; a device hangs behind a NAT namespace of its own.
#
#     relay 203.0.113.10 ──┐                        ┌── 203.0.113.50 nat-device  192.168.50.1 ── 192.168.50.2 device
#     support .20 and .21 ─┴── bridge "internet" ───┴── 203.0.113.51 nat-device2 192.168.50.1 ── 192.168.50.2 device2
#
# relay2 is .11, support2 .22 and .23. The same last octet in IPv6: 2001:db8::10. Behind the NAT there is no IPv6.

role_of() { echo "${1%%[0-9]*}"; }
number_of() { local digits=${1##*[a-z]}; echo "${digits:-1}"; }

# public_octets HOST: its last octets on the internet (a device's: those of its NAT).
public_octets() {
    local n
    n=$(number_of "$1")
    case $(role_of "$1") in
        relay) echo $((9 + n)) ;;
        support) echo $((18 + 2 * n)) $((19 + 2 * n)) ;;
        device) echo $((49 + n)) ;;
        *) echo "lab: no such role: $1 (relay, support, device, and with a number behind)" >&2; return 1 ;;
    esac
}

network_up() {
    ip link set lo up
    sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.accept_ra=0
    ip link add internet type bridge
    ip link set internet up
}

# network_plug HOST: makes its namespace and its cable; run again at each boot, so that nothing of the last boot is left in the kernel.
network_plug() {
    local host=$1 octet
    network_unplug "$host"
    ip netns add "$host"
    ip -n "$host" link set lo up
    if [[ $(role_of "$host") == device ]]; then
        network_nat "$host"
        ip -n "nat-$host" link add lan type veth peer name eth0 netns "$host"
        ip -n "nat-$host" addr add 192.168.50.1/24 dev lan
        ip -n "nat-$host" link set lan up
        ip -n "$host" addr add 192.168.50.2/24 dev eth0
        ip -n "$host" link set eth0 up
        ip -n "$host" route add default via 192.168.50.1
    else
        ip link add "port-$host" type veth peer name eth0 netns "$host"
        ip link set "port-$host" master internet up
        for octet in $(public_octets "$host"); do
            ip -n "$host" addr add "203.0.113.$octet/24" dev eth0
            ip -n "$host" addr add "2001:db8::$octet/64" dev eth0 nodad
        done
        ip -n "$host" link set eth0 up
    fi
}

# The cable first: the kernel takes its time with a namespace, and with what is still in it.
network_unplug() {
    if [[ $(role_of "$1") == device ]]; then
        ip -n "nat-$1" link del lan 2>/dev/null || true
    else
        ip link del "port-$1" 2>/dev/null || true
    fi
    ip netns del "$1" 2>/dev/null || true
}

# The NAT box of a device: outlives the device's reboots; nobody outside can open a connection through it.
network_nat() {
    local nat=nat-$1
    ip netns pids "$nat" >/dev/null 2>&1 && return
    ip netns add "$nat"
    ip -n "$nat" link set lo up
    ip link add "port-$1" type veth peer name wan netns "$nat"
    ip link set "port-$1" master internet up
    ip -n "$nat" addr add "203.0.113.$(public_octets "$1")/24" dev wan
    ip -n "$nat" link set wan up
    ip netns exec "$nat" sysctl -qw net.ipv4.ip_forward=1
    ip netns exec "$nat" nft -f - <<'NFT'
table ip nat {
    chain postrouting { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
    chain forward { type filter hook forward priority filter; policy drop; iifname "lan" accept; ct state established,related accept; }
}
NFT
}

# Faults act outside the host, on its port of the bridge (a device's: that of its NAT), so no host can see or undo them.

# link HOST down|up: the cable.
link() {
    if [[ $(role_of "$1") == device ]]; then
        ip -n "nat-$1" link set lan "$2"
    else
        ip link set "port-$1" "$2"
    fi
}

fault_off() { nft delete table bridge "$1" 2>/dev/null || true; }

# fault_on NAME HOST CONDITION: drops matching packets from and to the host without a word.
fault_on() {
    fault_off "$1"
    nft -f - <<NFT
table bridge $1 {
    chain forward { type filter hook forward priority 0; iifname "port-$2" $3 drop; oifname "port-$2" $3 drop; }
}
NFT
}

# blackhole HOST on|off
blackhole() {
    if [[ $2 == on ]]; then fault_on "blackhole_$1" "$1" ""; else fault_off "blackhole_$1"; fi
}

# loss HOST PERCENT|off: in each direction, 1 to 99.
loss() {
    if [[ $2 == off ]]; then fault_off "loss_$1"; else fault_on "loss_$1" "$1" "numgen random mod 100 < $2"; fi
}

# slow HOST RATE|off: in each direction, for example 64kbit.
slow() {
    local host=$1 rate=$2 upstream=("$1" eth0)
    [[ $(role_of "$host") == device ]] && upstream=("nat-$host" wan)
    if [[ $rate == off ]]; then
        tc qdisc del dev "port-$host" root
        tc -n "${upstream[0]}" qdisc del dev "${upstream[1]}" root
    else
        tc qdisc replace dev "port-$host" root tbf rate "$rate" burst 4kb latency 2s
        tc -n "${upstream[0]}" qdisc replace dev "${upstream[1]}" root tbf rate "$rate" burst 4kb latency 2s
    fi
}

# new_address DEVICE [ADDRESS]: its NAT gets another public address; the kernel forgets the connections of the old one.
new_address() {
    local nat=nat-$1 address=${2:-} old
    old=$(ip -n "$nat" -4 -o addr show dev wan | sed -E 's|.* inet ([0-9.]+)/.*|\1|')
    if [[ -z $address ]]; then
        address=203.0.113.$((${old##*.} + 50))
    fi
    ip -n "$nat" addr flush dev wan
    ip -n "$nat" addr add "$address/24" dev wan
}
