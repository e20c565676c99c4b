# shellcheck shell=bash
# The relay runs, knows device sn123 and support's sam; the device is activated; its window is closed.
for host in relay device support; do installed "$host"; done

on relay rassist setup relay
on relay systemctl --quiet enable --now rassist-relay.service
activate device sn123

as support cat .ssh/id_ed25519.pub | on relay rassist staff add sam --key - --devices 'sn*'
on support rassist setup support relay --host-key "$(relay_host_key)"
