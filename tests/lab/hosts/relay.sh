# shellcheck shell=bash
# The relay, once booted. Its own sshd runs on port 22 as the distribution ships it.
echo "root:relay-root" | chpasswd
