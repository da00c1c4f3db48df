"""The completion scripts themselves, for bash, zsh and fish."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from playground.cli.completion import Option, Shape, Value

ENDPOINTS = """sed -n 's/^ *"endpoint": "\\(.*\\)",*$/\\1/p'"""
PATHS = """sed -n 's/^ *"rule": "\\([^<"]*\\).*$/\\1/p'"""
"""Pick them out of what ``playground routes --json`` prints; of a path, what is before its parameters."""


def _valued(shapes: Iterable[Shape]) -> list[tuple[Shape, Option, Value, str]]:
    """Each option that takes a value, once for each of its names."""
    return [
        (shape, option, option.value, name)
        for shape in shapes
        for option in shape.options
        if option.value is not None
        for name in option.names
    ]


def _pairs(shapes: Iterable[Shape]) -> list[str]:
    """Command and option, for each that takes a value; zsh and fish quote alike."""
    return [" ".join(f"'{shape.name} {name}'" for shape, _, _, name in _valued(shapes))]


# bash -----------------------------------------------------------------------------------------------

BASH = """\
# Completion of playground in bash. To have it now: eval "$(playground completion bash)"
_playground() {
    local IFS=$'\\n' current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
    local command= kind= words= i word
    local -a given=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case "$command $word" in
@SKIPPED@            *)
                if [[ $word == -* ]]; then continue; fi
                if [[ -n $command ]]; then given+=("$word"); continue; fi
                case $word in
                    @COMMANDS@) command=$word ;;
                    *) command=open; given+=("$word") ;;
                esac ;;
        esac
    done
    if [[ -z $command ]]; then
        COMPREPLY=($(compgen -W $'@COMMANDS_LINES@' -- "$current"; compgen -d -- "$current"))
        compopt -o filenames 2>/dev/null
        return
    fi
    case "$command $before" in
@VALUES@        *)
            if [[ $current == -* ]]; then
                case $command in
@OPTIONS@                esac
                kind=words
            else
                case "$command ${#given[@]}" in
@PLACES@                esac
            fi ;;
    esac
    case $kind in
        words) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
        folder) COMPREPLY=($(compgen -d -- "$current")); compopt -o filenames 2>/dev/null ;;
        file) COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null ;;
        endpoint) COMPREPLY=($(compgen -W "$(_playground_routes | @ENDPOINTS@)" -- "$current")) ;;
        path)
            COMPREPLY=($(compgen -W "$(_playground_routes | @PATHS@ | sort -u)" -- "$current"))
            compopt -o nospace 2>/dev/null ;;
    esac
}
_playground_routes() {
    "${COMP_WORDS[0]}" routes "${given[0]}" --static --json 2>/dev/null
}
complete -F _playground playground
"""


def bash(shapes: list[Shape]) -> str:
    """The script for bash 3.2 and later."""
    valued = _valued(shapes)
    skipped = [f'            "{shape.name} {name}") ((i++)) ;;' for shape, _, _, name in valued]
    values = [f'        "{shape.name} {name}") {_bash_kind(value)} ;;' for shape, _, value, name in valued]
    options = [f"                    {shape.name}) words=$'{_bash_options(shape)}' ;;" for shape in shapes]
    places = [
        f'                    "{shape.name} {number}") {_bash_kind(value)} ;;'
        for shape in shapes
        for number, value in enumerate(shape.places)
    ]
    names = [shape.name for shape in shapes]
    return _filled(
        BASH,
        SKIPPED=skipped,
        VALUES=values,
        OPTIONS=options,
        PLACES=places,
        COMMANDS=["|".join(names)],
        COMMANDS_LINES=[_lines(names)],
        ENDPOINTS=[ENDPOINTS],
        PATHS=[PATHS],
    )


def _bash_options(shape: Shape) -> str:
    return _lines(name for option in shape.options for name in option.names)


def _bash_kind(value: Value) -> str:
    words = f" words=$'{_lines(value.words)}'" if value.words else ""
    return f"kind={value.kind}{words}"


def _lines(words: Iterable[str]) -> str:
    return "\\n".join(words)


def _filled(script: str, **parts: list[str]) -> str:
    """A script with its parts; one that is a block of lines ends its line."""
    for name, lines in parts.items():
        block = (
            "".join(f"{line}\n" for line in lines) if lines and lines[0].startswith(" ") else "".join(lines)
        )
        script = script.replace(f"@{name}@", block)
    return script


# zsh ------------------------------------------------------------------------------------------------

ZSH = """\
#compdef playground
# Completion of playground in zsh. To have it now: eval "$(playground completion zsh)"
_playground() {
    local program=$words[1] curcontext=$curcontext state line ret=1
    local -a commands
    commands=(
@COMMANDS@    )
    _arguments -C '(- *)'{-h,--help}'[show what there is]' '(- *)--version[show the version]' \\
        '1: :->command' '*:: :->rest' && ret=0
    case $state in
        command) _describe -t commands command commands && ret=0; _files -/ && ret=0 ;;
        rest)
            case $words[1] in
@REST@            esac ;;
    esac
    return ret
}
_playground_routes() {
    local -a valued
    local skip= word
    valued=(@VALUED@)
    for word in $words[2,-1]; do
        if [[ -n $skip ]]; then skip=; continue; fi
        if (( $valued[(Ie)$words[1] $word] )); then skip=yes; continue; fi
        [[ $word == -* ]] || break
    done
    $program routes ${(Q)word} --static --json 2>/dev/null
}
_playground_endpoints() {
    local -a found
    found=(${(f)"$(_playground_routes | @ENDPOINTS@)"})
    compadd -a found
}
_playground_paths() {
    local -a found
    found=(${(f)"$(_playground_routes | @PATHS@ | sort -u)"})
    compadd -S '' -a found
}
if [[ $funcstack[1] == _playground ]]; then
    _playground "$@"
else
    compdef _playground playground
fi
"""
ZSH_KINDS = {
    "folder": "_files -/",
    "file": "_files",
    "endpoint": "_playground_endpoints",
    "path": "_playground_paths",
    "": " ",
}


def zsh(shapes: list[Shape]) -> str:
    """The script for zsh."""
    commands = [f"        {shlex.quote(f'{shape.name}:{_plain(shape.said)}')}" for shape in shapes]
    rest = [
        f"                {shape.name}) _arguments {' '.join(_zsh_arguments(shape))} && ret=0 ;;"
        for shape in shapes
    ]
    return _filled(
        ZSH, COMMANDS=commands, REST=rest, VALUED=_pairs(shapes), ENDPOINTS=[ENDPOINTS], PATHS=[PATHS]
    )


def _zsh_arguments(shape: Shape) -> list[str]:
    options = [
        shlex.quote(f"{name}[{_plain(option.said)}]{_zsh_value(option.value)}")
        for option in shape.options
        for name in option.names
    ]
    places = [shlex.quote(f"{number}{_zsh_value(value)}") for number, value in enumerate(shape.places, 1)]
    return [*options, *places]


def _zsh_value(value: Value | None) -> str:
    if value is None:
        return ""
    return f":{value.name}:" + (f"({' '.join(value.words)})" if value.words else ZSH_KINDS[value.kind])


def _plain(said: str) -> str:
    """A help text without the signs that mean something in a specification."""
    return said.replace(":", ",").replace("[", "(").replace("]", ")")


# fish -----------------------------------------------------------------------------------------------

FISH = """\
# Completion of playground in fish. To have it now: playground completion fish | source
function __playground_given # the command, and the words after it that are no options
    set -l command ''
    set -l skip 0
    set -l valued @VALUED@
    for token in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- "$command $token" $valued
            set skip 1
        else if not string match -q -- '-*' $token
            test -z "$command"; and set command $token
            echo $token
        end
    end
end
function __playground_at # the command, and how many words it has got
    set -l given (__playground_given)
    test (count $given) -eq (math $argv[2] + 1); and test "$given[1]" = $argv[1]
end
function __playground_in
    set -l given (__playground_given)
    test "$given[1]" = $argv[1]
end
function __playground_routes
    set -l program (commandline -opc)[1]
    set -l given (__playground_given)
    $program routes $given[2] --static --json 2>/dev/null
end
function __playground_endpoints
    __playground_routes | @ENDPOINTS@
end
function __playground_paths
    __playground_routes | @PATHS@ | sort -u
end
complete -c playground -f
complete -c playground -n 'test -z (__playground_given)[1]' -a '(__fish_complete_directories)'
@REST@"""
FISH_KINDS = {
    "folder": "-a '(__fish_complete_directories)'",
    "file": "-F",
    "endpoint": "-a '(__playground_endpoints)'",
    "path": "-a '(__playground_paths)'",
    "": "",
}


def fish(shapes: list[Shape]) -> str:
    """The script for fish."""
    begin = "complete -c playground -n"
    rest = [f"{begin} 'test -z (__playground_given)[1]' -a {s.name} -d {shlex.quote(s.said)}" for s in shapes]
    for shape in shapes:
        for option in shape.options:
            names = " ".join(_fish_name(name) for name in option.names)
            said = f" -d {shlex.quote(option.said)}" if option.said else ""
            takes = f" -r {_fish_value(option.value)}" if option.value is not None else ""
            rest.append(f"{begin} '__playground_in {shape.name}' {names}{said}{takes}")
        for number, value in enumerate(shape.places):
            if _fish_value(value):
                rest.append(f"{begin} '__playground_at {shape.name} {number}' {_fish_value(value)}")
    lines = "".join(f"{line}\n" for line in rest)
    return _filled(FISH, VALUED=_pairs(shapes), REST=[lines], ENDPOINTS=[ENDPOINTS], PATHS=[PATHS])


def _fish_name(name: str) -> str:
    return f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"


def _fish_value(value: Value) -> str:
    return f"-a {shlex.quote(' '.join(value.words))}" if value.words else FISH_KINDS[value.kind]
