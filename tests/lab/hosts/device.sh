# shellcheck shell=bash
# The customer's machine: an http page to be shown to support, a user, and its own sshd, which lets root and alice in by password
# (rassist must leave it as it is).
useradd --create-home --shell /bin/bash alice
printf '%s\n' root:device-root alice:wonderland | chpasswd
printf '%s\n' 'PermitRootLogin yes' 'PasswordAuthentication yes' >/etc/ssh/sshd_config.d/customer.conf
mkdir -p /srv/www
echo "hello from $(hostname)" >/srv/www/index.html
cat >/etc/systemd/system/hello.service <<'UNIT'
[Unit]
Description=The customer's web page

[Service]
ExecStart=/usr/bin/busybox httpd -f -p 127.0.0.1:80 -h /srv/www
DynamicUser=yes
AmbientCapabilities=CAP_NET_BIND_SERVICE

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl --quiet enable --now hello.service
systemctl reload ssh.service
