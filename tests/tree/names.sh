# shellcheck shell=bash
# shellcheck disable=SC2154 # products: layers.sh
# One name for one thing, one thing for one name: files, types, and the pair of header and source.

product_files() { find common "${products[@]}" -name '*.cpp' -o -name '*.hpp' | sort; }
sources_but_entries() { product_files | grep '\.cpp$' | grep -vE '(main|entry)\.cpp$'; }

files_of_one_name() { product_files | grep -vE '/(main|entry)\.cpp$' | sed 's|.*/||' | sort | uniq -d; }
check "no two files of the product bear one name" files_of_one_name
tests_of_one_name() { find tests/unit -name '*.cpp' -o -name '*.hpp' | sed 's|.*/||' | sort | uniq -d; }
check "no two files of the unit tests bear one name" tests_of_one_name

rooms_of_nothing() {
	find tests/unit -name '*_test.cpp' | sed 's|/[^/]*$||' | sort -u | while read -r folder; do
		[ -d "${folder#tests/unit/}" ] || echo "$folder mirrors no folder of the product"
	done
}
check "the unit tests lie in the rooms of what they test" rooms_of_nothing

# Declarations with a body; a forward declaration ends in a semicolon, and an alias is no type of its own.
types_declared() {
	product_files | xargs grep -hoE '^[[:space:]]*(template <[^>]*> )?(struct|class|enum class|enum) [A-Z][A-Za-z0-9]*( final)?( :[^;]*)?( \{|$)' |
		sed -E 's/^[[:space:]]*(template <[^>]*> )?(struct|class|enum class|enum) ([A-Za-z0-9]+).*/\3/' | sort
}
types_of_one_name() { types_declared | uniq -d; }
check "no two types of the product bear one name" types_of_one_name
enough_types() { [ "$(types_declared | wc -l)" -ge 150 ] || echo "fewer than 150 seen"; }
check "the types were found at all" enough_types

# A source is its header's: X.cpp or X_part.cpp for X.hpp. The command line's verbs and doctor's checks have their declarations in one list each.
sources_without_header() {
	local file stem
	while read -r file; do
		stem=${file%.cpp}
		while [[ $stem == */*_* && ! -e $stem.hpp ]]; do stem=${stem%_*}; done
		[ -e "$stem.hpp" ] || grep -qE '"rassist/(frame/actions|doctor/checks)\.hpp"' "$file" || echo "$file has no header of its name"
	done < <(sources_but_entries)
}
check "each source has a header of its name, or verbs alone" sources_without_header

style_of_the_tree() {
	# another version lays some things out otherwise
	clang-format --version | grep -q 'version 14\.' || return 0
	git ls-files -co --exclude-standard '*.cpp' '*.hpp' | while read -r file; do [ ! -e "$file" ] || echo "$file"; done |
		xargs clang-format --dry-run -Werror 2>&1 | sed -n 's/: error:.*//p' | cut -d: -f1 | sort | uniq -c
}
check "the formatter would change nothing" style_of_the_tree
wide_lines() {
	local file
	git ls-files -co --exclude-standard '*.cpp' '*.hpp' | while read -r file; do
		[ ! -e "$file" ] || expand -t4 "$file" | LC_ALL=C.UTF-8 sed -nE "/^.{101}/ { =; p }" | sed "s|^|$file: |"
	done
}
check "no line of C++ is past 100 columns" wide_lines
