# shellcheck shell=bash
# What runs inside sshd is small and stays small: the lines of all that is linked into the key helper and the PAM module.

# units ARTEFACT: the sources whose objects were linked into it, by the debug information that the linker took along
units() {
	readelf --debug-dump=info --dwarf-depth=1 "$1" 2>/dev/null | sed -nE 's/.*DW_AT_name .*: ([a-z_]+\/[^ ]*\.cpp)$/\1/p' | sort -u
}
# sources_of ARTEFACT: these, and the project's headers that they include, by what the compiler wrote beside the objects
sources_of() {
	units "$1" | while read -r unit; do
		echo "$unit"
		tr ' ' '\n' <"build/release/${unit%.cpp}.d" | grep -E '^[a-z_]+/.*\.hpp$'
	done | sort -u
}
# code_lines ARTEFACT: lines that are neither blank nor comment
code_lines() { sources_of "$1" | xargs cat | grep -cvE '^[[:space:]]*(//.*)?$'; }
# small ARTEFACT MOST: what is over
small() {
	local lines
	lines=$(code_lines "$1")
	echo "     $(basename "$1"): $lines lines, at most $2" >&3
	# a binary without debug information would be small for the wrong reason
	units "$1" | grep -qx "common/base/ini.cpp" || echo "$1: the debug information does not say what is in it"
	[ "$lines" -le "$2" ] || echo "$lines lines, over $2: $(sources_of "$1" | tr '\n' ' ')"
}
exec 3>&1
check "authkeys is small" small build/release/bin/authkeys 3350
check "pam_rassist.so is small" small build/release/lib/pam_rassist.so 5170
