# shellcheck shell=bash
# The story of one assistance window, for people: make demo.
starts_from ready

say "A customer's server (device) stands behind NAT. Assistance is closed: there is nothing to log in to."
that "closed" fails with 3 on device rassist status

say "The customer opens a window of two hours, and reads the code to support over the telephone."
on device rassist open --for 2h
CODE=$(code_of device)
secret "$CODE"
that "the tunnel comes up" within 15 says '^up$' tunnel_of device

say "Support types the code once. It becomes a key in the running ssh-agent; nothing is sent anywhere."
as support ssh-agent -a /home/sam/.agent >/dev/null
that "the code becomes a key" works as support env "$AGENT" rassist key sn123 <<<"$CODE"

say "From here on it is plain ssh. The host key was computed from the code, so there is nothing to trust on first use."
that "a shell on the device"     says device as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist hostname
that "root where it is needed"   says root as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist sudo -n id -un
say "The device's web page, through ssh."
background forward as support env "$AGENT" ssh -o BatchMode=yes -N -L 8080:127.0.0.1:80 sn123.rassist
that "the web page" within 10 says 'hello from device' as support curl -sS http://127.0.0.1:8080/

say "The customer sees who is there, and decides that ten minutes from now are enough."
that "who is there"   says 'SHA256' on device rassist sessions
that "shortened"      works on device rassist extend --for 10m
that "status"         works on device rassist status

say "Support leaves something running behind. The customer closes the window: it is gone at once."
that "something is left behind" works as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist 'nohup sleep 1000 >/dev/null 2>&1 & echo started'
background shell as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist sleep 1000
measure "from close to everything gone" on device rassist close
ends shell within 3
ends forward within 3
that "nothing of support runs on the device" fails on device pgrep -u rassist
that "and nobody gets in" fails with 255 as support env "$AGENT" ssh -o BatchMode=yes sn123.rassist true
