import { Fault } from '@steward/contract'
import type { Command } from 'commander'

interface Entry {
  /** The words that lead there: `sessions rename`. */
  readonly path: string
  readonly words: readonly { readonly word: string; readonly about: string }[]
}
/** What may follow after each command, from the commands themselves. */
function entriesOf(command: Command, path: readonly string[] = []): Entry[] {
  const subcommands = command.commands.map((sub) => ({ word: sub.name(), about: sub.description() }))
  const flags = command.options.filter(({ hidden }) => !hidden).map(({ long, description }) => ({ word: long ?? '', about: description }))
  const choices = command.registeredArguments.flatMap(({ argChoices }) => (argChoices ?? []).map((word) => ({ word, about: '' })))
  const words = [...subcommands, ...choices, ...flags, { word: '--help', about: 'how it is used' }]
  return [{ path: path.join(' '), words }, ...command.commands.flatMap((sub) => entriesOf(sub, [...path, sub.name()]))]
}
const writers: Readonly<Record<string, (entries: readonly Entry[]) => string>> = { bash, zsh, fish }

/** A completion script for a shell, to be sourced. Throws Fault `invalid` for a shell it does not know. */
export function completionScript(shell: string, program: Command): string {
  const write = Object.hasOwn(writers, shell) ? writers[shell] : undefined
  if (!write) throw new Fault('invalid', `There is no completion for ${shell}; choose bash, zsh or fish.`)
  return write(entriesOf(program))
}
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
const short = (about: string) => about.split(/[.:;]/, 1)[0]?.slice(0, 70).trim() ?? ''

/** The words before the one being written, without flags, joined until they name no command. */
function bash(entries: readonly Entry[]): string {
  return `# steward: completion for bash. Use: source <(steward completion bash)
_steward_words() {
  case "$1" in
${entries.map(({ path, words }) => `    ${quoted(path)}) printf '%s\\n' ${words.map(({ word }) => quoted(word)).join(' ')} ;;`).join('\n')}
    *) return 1 ;;
  esac
}
_steward() {
  local path='' word longer
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    longer="\${path:+$path }$word"
    _steward_words "$longer" >/dev/null || break
    path="$longer"
  done
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$(_steward_words "$path")" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _steward steward
`
}
const described = ({ word, about }: { word: string; about: string }) => quoted(`${word.replaceAll(':', '\\:')}:${short(about)}`)
function zsh(entries: readonly Entry[]): string {
  return `#compdef steward
# steward: completion for zsh. Use: source <(steward completion zsh)
_steward_find() {
  reply=()
  case "$1" in
${entries.map(({ path, words }) => `    ${quoted(path)}) reply=(${words.map(described).join(' ')}) ;;`).join('\n')}
    *) return 1 ;;
  esac
}
_steward() {
  local path_='' longer word
  local -a reply
  for word in "\${words[@]:1:CURRENT-2}"; do
    longer="\${path_:+$path_ }$word"
    _steward_find "$longer" || break
    path_="$longer"
  done
  _steward_find "$path_"
  _describe steward reply || _files
}
compdef _steward steward
`
}
function fish(entries: readonly Entry[]): string {
  return `# steward: completion for fish. Use: steward completion fish | source
function __steward_at
    set -l path ''
    set -l known ${entries.map(({ path }) => quoted(path)).join(' ')}
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim -- "$path $word")
        contains -- "$longer" $known; or break
        set path $longer
    end
    test "$path" = "$argv[1]"
end
${entries.flatMap(({ path, words }) => words.map(({ word, about }) => `complete -c steward -n "__steward_at ${quoted(path)}" -a ${quoted(word)} -d ${quoted(short(about))}`)).join('\n')}
`
}
