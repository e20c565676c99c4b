# shellcheck shell=bash
# A state for the lab's own stories: something written, something removed, a unit enabled.
on device sh -c 'echo kept >/etc/kept; rm /etc/issue'
on device systemctl mask --quiet atd.service
