import { Option, type Command } from 'commander'
import type { Contract } from '@steward/contract'
import type { Field } from './fields.ts'
import { isSecret, type Typed } from './request.ts'
import { kebab, spell, type CommonFlag, type Spelling } from './spelling.ts'

const about: Readonly<Record<CommonFlag, string>> = {
  key: 'idempotency key: the same call with the same key is done once',
  input: 'take the whole input from a JSON file, or from standard input with -',
  output: 'write the bytes to a file instead of standard output',
  json: 'answer as JSON on one line',
  url: 'reach a daemon by its address instead of the one of this machine',
  token: 'access token for --url (or STEWARD_TOKEN)',
  home: "the daemon's folder (or STEWARD_HOME; ~/.steward)",
}
/** Makes `steward <noun> <verb>` for every operation of the contract. `only` limits it to one noun, which starts faster. */
export function addOperations(program: Command, contract: Contract, act: (spelling: Spelling, typed: Typed) => Promise<void>, only?: string): void {
  const nouns = new Map<string, Command>()
  for (const [name, op] of Object.entries(contract)) {
    const noun = name.split('.')[0] ?? name
    if (only !== undefined && noun !== only) continue
    const parent = nouns.get(noun) ?? program.command(noun).description(`${noun}: ${verbsOf(contract, noun).join(', ')}`)
    nouns.set(noun, parent)
    addOperation(parent, spell(name, op), act)
  }
}
export const verbsOf = (contract: Contract, noun: string): string[] =>
  Object.keys(contract).flatMap((name) => (name.startsWith(`${noun}.`) ? [kebab(name.slice(noun.length + 1))] : []))

function addOperation(parent: Command, spelling: Spelling, act: (spelling: Spelling, typed: Typed) => Promise<void>): void {
  const { op, verb, positionals, flags } = spelling
  const command = parent.command(verb).description(op.summary).allowExcessArguments(false)
  // All by position are optional here: what is missing is said with the operation's own fault.
  if (op.bytes === 'upload') command.argument('[file]', 'the file to send, or - for standard input')
  for (const field of positionals) command.argument(`[${field.name}]`, describe(field))
  for (const field of flags) command.addOption(optionOf(field))
  for (const field of flags.filter(({ name }) => isSecret(name)))
    command.option(`--${kebab(field.name)}-stdin`, `take ${field.name} from standard input, or ask for it at the terminal`)
  for (const option of commonOptions(spelling)) command.addOption(option)
  command.action((...given: unknown[]) => act(spelling, { positionals: textsOf(given.slice(0, -2)), options: typedOptions(command) }))
}
const textsOf = (given: readonly unknown[]): string[] => given.flatMap((one) => (typeof one === 'string' ? [one] : []))

function optionOf(field: Field): Option {
  const flag = `--${kebab(field.name)}`
  if (field.kind === 'boolean') return new Option(`${flag} [yes]`, `${describe(field)} (or --no-${kebab(field.name)})`)
  if (field.kind === 'list') return new Option(`${flag} <value>`, `${describe(field)} (several: repeat it, or part by commas)`).argParser(collect)
  const shape =
    field.kind === 'object' || field.kind === 'json' ? 'json' : field.kind === 'number' ? 'number' : field.kind === 'choice' ? 'choice' : 'text'
  return new Option(`${flag} <${shape}>`, describe(field))
}
const collect = (value: string, before: unknown): string | string[] =>
  before === undefined ? value : [...(Array.isArray(before) ? (before as string[]) : [String(before)]), value]

function describe({ about: words, choices, standard, nullable, required, kind }: Field): string {
  const facts = [
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
    'token',
    'home',
  ]
  const taken = new Set(flags.map(({ name }) => kebab(name)))
  return wanted
    .filter((flag) => !taken.has(common[flag]))
    .map((flag) => new Option(flag === 'json' ? `--${common[flag]}` : `--${common[flag]} <value>`, about[flag]))
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
/** Joins a yes/no flag with a `true` or `false` after it, and writes `--no-x` as `--x=false`, so that it never takes a positional for its value. */
export function joinBooleans(fields: readonly Field[], argv: readonly string[]): string[] {
  const flags = new Set(fields.filter(({ kind }) => kind === 'boolean').map(({ name }) => `--${kebab(name)}`))
  const out: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') return [...out, ...argv.slice(at)]
    const next = argv[at + 1]
    if (flags.has(word)) {
      const said = next === 'true' || next === 'false'
      out.push(`${word}=${said ? next : 'true'}`)
      if (said) at++
    } else out.push(flags.has(word.replace(/^--no-/, '--')) ? `${word.replace(/^--no-/, '--')}=false` : word)
  }
  return out
}
