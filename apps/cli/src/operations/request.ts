import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { Fault } from '@steward/contract'
import type { Io } from '../io.ts'
import { readAll } from '../io.ts'
import { askHidden } from '../talk/hidden.ts'
import { inputFrom } from './input.ts'
import { mediaTypeOf } from './media-type.ts'
import type { Field } from './fields.ts'
import type { Spelling } from './spelling.ts'

export interface Request {
  readonly input: Record<string, unknown>
  readonly body?: AsyncIterable<Uint8Array>
}
/** What was typed for an operation. `options` by the flag's own name, without dashes. */
export interface Typed {
  readonly positionals: readonly string[]
  readonly options: ReadonlyMap<string, string | readonly string[] | boolean>
}
/** Makes the input (and the body of an upload) from what was typed. Throws Fault `invalid` for a JSON input that is none, and for fields that are missing. */
export async function requestFrom(spelling: Spelling, typed: Typed, io: Io): Promise<Request> {
  const { op, fields, positionals, flags, common } = spelling
  const given = new Map<string, string | readonly string[] | boolean>()
  const places = op.bytes === 'upload' ? typed.positionals.slice(1) : typed.positionals
  positionals.forEach((field, place) => {
    const value = places[place]
    if (value !== undefined) given.set(field.name, value)
  })
  for (const field of flags) {
    const value = typed.options.get(field.flag)
    if (value !== undefined && field.secret === true && !(field.nullable && value === 'null')) throw openly(field)
    if (value !== undefined) given.set(field.name, value)
    if (field.secret === true && typed.options.get(`${field.flag}-stdin`) === true) given.set(field.name, await secret(field.name, io))
  }
  const whole = typed.options.get(common.input)
  const base = typeof whole === 'string' ? await wholeInput(whole, common.input, io) : undefined
  const file = op.bytes === 'upload' ? typed.positionals[0] : undefined
  if (op.bytes === 'upload' && file === undefined) throw new Fault('invalid', `Say which file: ${usage(spelling)}`)
  if (file !== undefined && file !== '-')
    nameFile(
      file,
      fields.map(({ name }) => name),
      given,
      base,
    )
  const input = inputFrom(op, fields, given, base)
  if (base === undefined) {
    const asked = flags.filter((field) => field.required && field.secret === true && !Object.hasOwn(input, field.name))
    demandRequired(spelling, input, asked)
    for (const { name } of asked) input[name] = await secret(name, io)
  }
  return { input, ...(file === undefined ? {} : { body: await bytesOf(file, io) }) }
}
/** How the command is used, in one line. */
function usage({ op, noun, verb, positionals }: Spelling): string {
  const places = [...(op.bytes === 'upload' ? ['<file>'] : []), ...positionals.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`))]
  return ['steward', noun, verb, ...places].join(' ')
}
function demandRequired(spelling: Spelling, input: Record<string, unknown>, asked: readonly Field[]): void {
  const missing = spelling.fields.filter((field) => field.required && !Object.hasOwn(input, field.name) && !asked.includes(field))
  if (missing.length === 0) return
  const names = missing.map((field) => (spelling.positionals.includes(field) ? `<${field.name}>` : `--${field.flag}`))
  throw new Fault(
    'invalid',
    `Missing: ${names.join(', ')}. Usage: ${usage(spelling)}${names.some((name) => name.startsWith('--')) ? ' [options]' : ''}; more with --help.`,
  )
}
async function wholeInput(from: string, flag: string, io: Io): Promise<Record<string, unknown>> {
  const text =
    from === '-' ? await readAll(io.stdin) : await readFile(from, 'utf8').catch((error: unknown) => Promise.reject(unreadable(from, error)))
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Fault('invalid', `--${flag} must be a file with one JSON object; ${from} holds none.`)
  return value as Record<string, unknown>
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const unreadable = (file: string, cause: unknown) =>
  new Fault(
    'invalid',
    `${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}); check its name and that you may read it.`,
    undefined,
    { cause },
  )

const openly = ({ flag, required }: Field) =>
  new Fault(
    'invalid',
    `--${flag} is not taken from the command line, where other users and the shell's history can read it. ${
      required ? `Leave it away and type it when you are asked, or pipe it in` : `Give --${flag}-stdin and type it when you are asked, or pipe it in`
    }.`,
  )
/** A line typed without being shown, or all of standard input where nobody can be asked. Throws Fault `invalid` for nothing. */
async function secret(name: string, io: Io): Promise<string> {
  const text = io.canAsk ? await askHidden(`${name}: `, io) : (await readAll(io.stdin)).replace(/\r?\n$/, '')
  if (text === '') throw new Fault('invalid', `No ${name} came on standard input; pipe it in, or start the command at a terminal to be asked for it.`)
  return text
}
function nameFile(
  file: string,
  names: readonly string[],
  given: Map<string, string | readonly string[] | boolean>,
  base: Record<string, unknown> = {},
): void {
  const mediaType = mediaTypeOf(file)
  if (names.includes('name') && !given.has('name') && !Object.hasOwn(base, 'name')) given.set('name', path.basename(file))
  if (mediaType !== undefined && names.includes('mediaType') && !given.has('mediaType') && !Object.hasOwn(base, 'mediaType'))
    given.set('mediaType', mediaType)
}
async function bytesOf(file: string, io: Io): Promise<AsyncIterable<Uint8Array>> {
  if (file === '-') return io.stdin
  const facts = await stat(file).catch((error: unknown) => Promise.reject(unreadable(file, error)))
  if (!facts.isFile()) throw new Fault('invalid', `${file} is not a file.`)
  return createReadStream(file)
}
