# shellcheck shell=bash
# Completion of rassist(1): the program itself knows its verbs and options.
_rassist() {
	mapfile -t COMPREPLY < <(rassist complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _rassist rassist
