# bash completion for spindle(1): the program itself knows its commands, options and the services there are.
_spindle() {
    local IFS=$'\n'
    local word="${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=($(compgen -W "$("$1" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word"))
}
complete -F _spindle spindle
