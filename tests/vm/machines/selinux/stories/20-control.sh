# shellcheck shell=bash
# A wrong type is noticed: by SELinux, and by the check that the other stories end with.
never "so far nothing was refused" refused
check "a window" rassist open --for 1h
check "its tunnel" soon 90 up
chcon -t auditd_log_t /run/rassist/window
systemctl restart rassist-tunnel.service
check "with a wrong type on the window's record the agent is refused it" soon 60 says 'comm="rassist-agent".*name="window"' refused
restorecon /run/rassist/window
check "with the right one it is up again" soon 90 up
rassist close >/dev/null
