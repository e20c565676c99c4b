# shellcheck shell=bash
# Support's workstation: a person, sam, with an ordinary ssh key.
useradd --create-home --shell /bin/bash sam
install -d -m 700 -o sam -g sam /home/sam/.ssh
setpriv --reuid sam --regid sam --init-groups ssh-keygen -q -t ed25519 -N '' -C sam@support -f /home/sam/.ssh/id_ed25519
