# shellcheck shell=bash
# What the artefacts ask of the process they are loaded into: NEEDED and exported symbols of what was really built.

needed() { readelf -d "$1" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | sort | tr '\n' ' ' | sed 's/ $//'; }
exports() { nm -D --defined-only "$1" | awk '$2 ~ /[TDBRVW]/ {print $3}' | sed 's/@.*//' | sort | tr '\n' ' ' | sed 's/ $//'; }
# only ALLOWED-WORDS ACTUAL-WORDS: words that are not allowed
only() {
	local word
	for word in $2; do
		case " $1 " in *" $word "*) ;; *) echo "not on the list: $word" ;; esac
	done
}
libc="libc.so.6 libm.so.6 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1"
bin=build/release/bin
lib=build/release/lib

check "authkeys loads libc and inih alone" only "$libc libinih.so.0 libinih.so.1" "$(needed $bin/authkeys)"
check "hold loads libc and inih alone" only "$libc libinih.so.0 libinih.so.1" "$(needed $bin/hold)"
check "pam_rassist.so loads libc, PAM, libcrypto and inih alone" only "$libc libpam.so.0 libcrypto.so.3 libinih.so.0 libinih.so.1" "$(needed $lib/pam_rassist.so)"
check "libnss_rassist.so loads libc alone" only "$libc" "$(needed $lib/libnss_rassist.so.2)"
check "pam_rassist.so exports its entry points alone" only \
	"pam_sm_authenticate pam_sm_setcred pam_sm_acct_mgmt pam_sm_open_session pam_sm_close_session pam_sm_chauthtok" "$(exports $lib/pam_rassist.so)"
check "libnss_rassist.so exports its entry points alone" only \
	"_nss_rassist_gethostbyname4_r _nss_rassist_gethostbyname3_r _nss_rassist_gethostbyname2_r _nss_rassist_gethostbyname_r" "$(exports $lib/libnss_rassist.so.2)"
# hardened FILE: what is missing
hardened() {
	readelf -lW "$1" | grep -q GNU_RELRO || echo "no RELRO"
	readelf -d "$1" | grep -q BIND_NOW || readelf -d "$1" | grep -q 'FLAGS.*NOW' || echo "no BIND_NOW"
	readelf -lW "$1" | grep -E 'GNU_STACK' | grep -q 'RWE' && echo "executable stack"
	readelf -h "$1" | grep -q 'Type:.*DYN' || echo "not position independent"
}
for file in "$bin"/* "$lib"/*.so*; do
	case $file in *.d) continue ;; esac
	check "$(basename "$file") is hardened" hardened "$file"
done
