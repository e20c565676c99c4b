# shellcheck shell=bash disable=SC2034
# A machine whose clock is really set.
MACHINE_NEEDS=() MACHINE_PACKAGES=() MACHINE_PRODUCT=(rassist rassist-device) MACHINE_KERNEL=
machine_root() { :; }
