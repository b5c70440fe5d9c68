import { Option, type Command } from 'commander'
import type { Contract } from '@steward/contract'
import { kebab, type Field } from './fields.ts'
import type { Typed } from './request.ts'
import { spell, type CommonFlag, type Spelling } from './spelling.ts'

const about: Readonly<Record<CommonFlag, string>> = {
  key: 'idempotency key: the same call with the same key is done once',
  input: 'take the whole input from a JSON file, or from standard input with -',
  output: 'write the bytes to a file instead of standard output',
  json: 'answer as JSON on one line',
  url: 'reach a daemon by its address instead of the one of this machine',
  remote: 'the same as --url',
  token: 'access token for --url (or STEWARD_TOKEN)',
  local: 'carry it out in this process; refused while a daemon runs',
  home: "the daemon's folder (or STEWARD_HOME; ~/.steward)",
}
/** Does what was typed; `short` is the short name where it was typed by that. */
export type Act = (spelling: Spelling, typed: Typed, short?: string) => Promise<void>

/**
 * Makes `steward <noun> <verb>` for every operation of the contract, and its short name beside it. A short name that is a noun is the noun's
 * own command. `only` limits all to one first word, which starts faster.
 */
export function addOperations(program: Command, contract: Contract, act: Act, only?: string): void {
  // Flags after a verb are the verb's, also where its noun takes flags too.
  program.enablePositionalOptions()
  const made = new Map<string, Command>()
  const command = (word: string, summary: string): Command => {
    const verbs = verbsOf(contract, word)
    const one = made.get(word) ?? program.command(word).description(verbs.length === 0 ? summary : `${word}: ${verbs.join(', ')}`)
    made.set(word, one)
    return one
  }
  for (const [name, op] of Object.entries(contract)) {
    const spelling = spell(name, op)
    const { noun, verb, short } = spelling
    if (only === undefined || only === noun) fill(command(noun, op.summary).command(verb).description(op.summary), spelling, act)
    if (short === undefined || (only !== undefined && only !== short)) continue
    fill(command(short, op.summary), spelling, (...given) => act(...given, short))
  }
}
export const verbsOf = (contract: Contract, noun: string): string[] =>
  Object.keys(contract).flatMap((name) => (name.startsWith(`${noun}.`) ? [kebab(name.slice(noun.length + 1))] : []))

/** Gives a command what an operation takes. */
function fill(command: Command, spelling: Spelling, act: (spelling: Spelling, typed: Typed) => Promise<void>): void {
  const { op, positionals, flags } = spelling
  command.allowExcessArguments(false)
  // All by position are optional here: what is missing is said with the operation's own fault.
  if (op.bytes === 'upload') command.argument('[file]', 'the file to send, or - for standard input')
  for (const field of positionals) command.argument(`[${field.name}]`, describe(field))
  for (const field of flags) {
    // A secret's own flag is there only to be refused with a sentence.
    command.addOption(field.secret === true ? optionOf(field).hideHelp() : optionOf(field))
    if (field.secret === true) command.option(`--${field.flag}-stdin`, aboutStdin(field))
  }
  for (const option of commonOptions(spelling)) command.addOption(option)
  command.action((...given: unknown[]) => act(spelling, { positionals: textsOf(given.slice(0, -2)), options: typedOptions(command) }))
}
const aboutStdin = ({ name, required, nullable, flag }: Field): string =>
  `take ${name} from standard input, or ask for it at the terminal${required ? '; so it is without this flag' : ''}${nullable ? ` (--${flag} null clears it)` : ''}`
const textsOf = (given: readonly unknown[]): string[] => given.flatMap((one) => (typeof one === 'string' ? [one] : []))

function optionOf(field: Field): Option {
  const flag = `--${field.flag}`
  if (field.kind === 'boolean') return new Option(`${flag} [yes]`, `${describe(field)} (or --no-${field.flag})`)
  if (field.kind === 'record') return new Option(`${flag} <name=value>`, describe(field)).argParser(collect)
  if (field.kind === 'list') return new Option(`${flag} <value>`, `${describe(field)} (several: repeat it, or part by commas)`).argParser(collect)
  const shape =
    field.kind === 'object' || field.kind === 'json' ? 'json' : field.kind === 'number' ? 'number' : field.kind === 'choice' ? 'choice' : 'text'
  return new Option(`${flag} <${shape}>`, describe(field))
}
const collect = (value: string, before: unknown): string | string[] =>
  before === undefined ? value : [...(Array.isArray(before) ? (before as string[]) : [String(before)]), value]

function describe({ about: words, choices, standard, nullable, required, kind }: Field): string {
  const facts = [
    kind === 'record' ? 'repeat it for each name, or give one JSON object' : '',
    choices ? `one of ${choices.length > 8 ? `${choices.slice(0, 8).join(', ')}, …` : choices.join(', ')}` : kind === 'json' ? 'JSON or text' : '',
    standard === undefined || standard === null ? '' : `default ${JSON.stringify(standard)}`,
    nullable ? 'null clears it' : '',
    required ? 'required' : '',
  ].filter(Boolean)
  return [words, facts.join('; ')].filter(Boolean).join(': ')
}
function commonOptions({ op, common, flags }: Spelling): Option[] {
  const wanted: CommonFlag[] = [
    'json',
    'input',
    ...(op.http.startsWith('GET ') ? [] : (['key'] as const)),
    ...(op.bytes === 'download' ? (['output'] as const) : []),
    'url',
    'remote',
    'token',
    'local',
    'home',
  ]
  const taken = new Set(flags.map(({ flag }) => flag))
  return wanted
    .filter((flag) => !taken.has(common[flag]))
    .map((flag) => new Option(flag === 'json' || flag === 'local' ? `--${common[flag]}` : `--${common[flag]} <value>`, about[flag]))
}
/** What was given, by the flag's own name. */
function typedOptions(command: Command): Typed['options'] {
  const values = command.opts<Record<string, string | string[] | boolean>>()
  const entries = command.options.flatMap((option): [string, string | string[] | boolean][] => {
    const value = values[option.attributeName()]
    return value === undefined ? [] : [[option.name(), value]]
  })
  return new Map(entries)
}
