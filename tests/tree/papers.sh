# shellcheck shell=bash
# The papers: every man page is clean, every program has one, every option stands in rassist.conf(5).

# mandoc's lint without what depends on the machine (missing cross-referenced pages, the date's style)
man_lint() { mandoc -T lint -W warning "$1" 2>&1 | grep -vE 'referenced manual not found|missing date|operating system explicitly specified' || true; }
for page in man/*.[1578]; do
	check "$page is clean" man_lint "$page"
done
for program in rassist.1 rassist-agent.8 rassist-authkeys.8 rassist-enroll.8 rassist-hold.8 rassist-desk.8 rassist-guard.8 rassist-probe.8 rassist-window.8 pam_rassist.8 libnss_rassist.8 rassist.conf.5 rassist-records.5 rassist-journal.7; do
	check "there is a man page $program" test -s "man/$program"
done
undocumented_options() {
	local key
	sed -n 's/^[[:space:]]*{"\(device\|relay\)", "\([a-z-]*\)".*/\2/p' common/records/config.cpp | sort -u | while read -r key; do
		grep -qE "^\.It (Cm|Ic|Ar|Va) $key( |\$)" man/rassist.conf.5 || echo "not in man/rassist.conf.5: $key"
	done
}
check "every option stands in rassist.conf(5)" undocumented_options
options_of_nothing() {
	sed -n 's/^\.It \(Cm\|Ic\|Va\) \([a-z-]*\).*/\2/p' man/rassist.conf.5 | sort -u | while read -r key; do
		grep -qE "\"$key\"" common/records/config.cpp || echo "man/rassist.conf.5 tells of $key, which there is not"
	done
}
check "rassist.conf(5) tells of no option that is not there" options_of_nothing
check "the option table was found at all" bash -c '[ "$(grep -cE "^[[:space:]]*\{\"(device|relay)\", \"" common/records/config.cpp)" -ge 10 ] || echo "fewer than ten options seen in common/records/config.cpp"'
verbs_without_text() {
	build/release/bin/rassist --help | sed -n 's/^  \([a-z][a-z-]*\).*/\1/p' | sort -u | while read -r verb; do
		grep -qE "^\.(It )?Cm $verb\b|^\.It Cm .*\b$verb\b" man/rassist.1 || echo "not in man/rassist.1: $verb"
	done
}
check "every verb of rassist stands in rassist(1)" verbs_without_text
checks_differ() {
	diff <(sed -n 's/^\t{"\([a-z]*\)", .*look_at_.*/\1/p' rassist/doctor/checks.cpp) <(sed -n '/^What it looks at:/,/^\.El/s/^\.It Cm \([a-z]*\) Ta .*/\1/p' man/rassist.1) |
		sed -n 's/^</not in man\/rassist.1: /p; s/^>/no check of doctor: /p'
}
check "what doctor looks at stands in rassist(1), in its order" checks_differ
check "doctor's checks were found at all" bash -c '[ "$(grep -c "look_at_" rassist/doctor/checks.cpp)" -ge 15 ] || echo "fewer than 15 seen"'
refusals_differ() {
	diff <(sed -n 's/^\t{Refusal::[a-z_]*, "\([a-z-]*\)", Retry::\([a-z]*\)}.*/\1 \2/p' common/wire/enrolment.cpp | sort) \
		<(sed -n '/^A refusal carries/,/^Nothing is stored/p' man/rassist-enroll.8 |
			awk '$1 == ".Ql" {words[++n] = $2} /^\(/ {way = $1 == "(another" ? "elsewhere" : $1; gsub(/[(),.]/, "", way); while (n) print words[n--], way}' | sort) |
		sed -n 's/^</not in man\/rassist-enroll.8: /p; s/^>/no refusal of enroll: /p'
}
check "every refusal of enroll stands in rassist-enroll(8), and whether trying again helps" refusals_differ
check "the refusals were found at all" bash -c '[ "$(grep -cE "^[[:space:]]*\{Refusal::" common/wire/enrolment.cpp)" -ge 10 ] || echo "fewer than ten seen in common/wire/enrolment.cpp"'
check "README begins with the two commands" bash -c 'head -20 README.md | grep -q "make demo" && head -20 README.md | grep -q "make check" || echo "not there"'
# the entries of the journal: common/base/journal.hpp, the catalog and rassist-journal(7) name the same ones
ids_in() { grep -oE '\b3f1c7a1e[0-9a-f]{24}\b' "$1" | sort; }
ids_differ() { diff <(ids_in common/base/journal.hpp) <(ids_in "$1") | sed -n "s|^<|not in $1:|p; s|^>|not in common/base/journal.hpp, or twice in $1:|p"; }
check "every entry of the journal stands in the catalog, and no other" ids_differ systemd/catalog/rassist.catalog
check "every entry of the journal stands in rassist-journal(7), and no other" ids_differ man/rassist-journal.7
check "the entries were found at all" bash -c '[ "$(grep -c "inline constexpr std::string_view k" common/base/journal.hpp)" -ge 15 ] || echo "fewer than 15 seen in common/base/journal.hpp"'
check "the catalog is one" bash -c 'journalctl --version >/dev/null 2>&1 || exit 0; d=$(mktemp -d); mkdir -p "$d/usr/lib/systemd/catalog" "$d/var/lib/systemd/catalog"; cp systemd/catalog/rassist.catalog "$d/usr/lib/systemd/catalog/"; SYSTEMD_LOG_LEVEL=warning journalctl --root="$d" --update-catalog 2>&1; rm -rf "$d"'
undocumented_fields() {
	grep -ohE '"RASSIST_[A-Z]+"' -r common authkeys_cmd pam_rassist rassist-agent relay window rassist --include='*.cpp' --include='*.hpp' | tr -d '"' | sort -u |
		while read -r field; do grep -qE "^\.It Dv $field\$" man/rassist-journal.7 || echo "not in man/rassist-journal.7: $field"; done
}
check "every field stands in rassist-journal(7)" undocumented_fields
# docs/walks.md: each row of a walk names a file and a name in it, each answer a folder and a file
walked() { sed -nE 's/^\| `([^`]+)` \| `([^`]+)` \|.*/\1 \2/p' docs/walks.md; }
walks_that_lead_nowhere() {
	local file name
	while read -r file name; do
		if [ ! -f "$file" ]; then
			echo "docs/walks.md: there is no $file"
		elif ! grep -qwF -- "$name" "$file"; then
			echo "docs/walks.md: $file holds no $name"
		fi
	done < <(walked)
	while read -r file name; do
		{ [ -d "$file" ] && [ -f "$name" ] && [[ $name == "$file"* ]]; } || echo "docs/walks.md: $name is not in $file"
	done < <(sed -nE 's/^\| [^`]+\? \| `([^`]+)` \| `([^`]+)` \|$/\1 \2/p' docs/walks.md)
	grep -oE '`[a-z_-]+/[A-Za-z0-9_/.@-]+\.[a-z]+`' docs/walks.md README.md DESIGN.md HACKING.md | tr -d '`' | while IFS=: read -r paper file; do
		[ -e "$file" ] || echo "$paper: there is no $file"
	done
}
check "the walks lead somewhere: each file and each name in it is there" walks_that_lead_nowhere
check "the walks were found at all" bash -c '[ "$(grep -c "^| \`" docs/walks.md)" -ge 35 ] || echo "fewer than 35 steps seen in docs/walks.md"'
