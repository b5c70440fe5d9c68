import { sep } from 'node:path'
import { hasTemplates } from '../../engine/templates/render.ts'
import type { Json } from '../../engine/types.ts'
import { boundMiddle, count } from '../bounds.ts'
import { type Files, type ProcessResult, ToolError } from '../tool.ts'
import { type OutputCheck, partOf } from './answer.ts'
import type { Filler } from './filler.ts'
import { isFlat } from './reads.ts'
import type { CommandCall } from './schema.ts'

/** What a program may print. */
export const outputBytes = 5 * 1024 * 1024
const errorBytes = 8000

/**
 * The program and its arguments. A template is one argument, or one for each element of a list; nothing in it is read by a shell. Throws ToolError
 * `invalid` for an input that would be taken as an option: one that begins with `-`, unless a `--` stands before it or it is only the end of an item.
 */
export function argvOf({ argv }: CommandCall, filler: Filler): readonly string[] {
  let areOperands = false
  return argv.flatMap((item, index) => {
    if (!hasTemplates(item)) {
      areOperands ||= item === '--'
      return [item]
    }
    const made = [filler.fill(item)].flat().filter((part) => part !== null)
    return made.map((part) => argument(part, index, areOperands || item.startsWith('-')))
  })
}
function argument(value: Json, index: number, mayBeginWithDash: boolean): string {
  if (!isFlat(value)) throw new ToolError('invalid', `The argument ${index} needs a text, a number or true/false, not an object.`)
  const text = String(value)
  if (text.includes('\0')) throw new ToolError('invalid', `The argument ${index} would hold a NUL character.`)
  if (text.startsWith('-') && !mayBeginWithDash)
    throw new ToolError('invalid', `The argument ${index} would begin with "-" and be taken as an option of the program. Give a value without it.`)
  return text
}

/** The folder that the program runs in: symlink-free, inside the workspace. Throws ToolError when it leads out. */
export const folderOf = ({ cwd }: CommandCall, at: { readonly cwd: string; readonly files: Files }): Promise<string> | string =>
  cwd === undefined ? at.cwd : at.files.resolve(at.cwd + sep + cwd, 'read')

/** What the program's templates make besides its arguments. */
export const surroundings = ({ stdin, env }: CommandCall, filler: Filler): { readonly env: Record<string, string>; readonly stdin?: string } => {
  const input = stdin === undefined ? null : filler.words(stdin, 'The standard input')
  const variables = Object.entries(env ?? {}).flatMap(([name, text]) => {
    const value = filler.words(text, `The variable ${name}`)
    if (value?.includes('\0') === true) throw new ToolError('invalid', `The variable ${name} would hold a NUL character.`)
    return value === null ? [] : [[name, value] as const]
  })
  return { env: Object.fromEntries(variables), ...(input === null ? {} : { stdin: input }) }
}

/** Throws the ToolError of a program that failed, with what it printed to its standard error. */
export function refuseFailure(result: ProcessResult, program: string, timeoutMs: number): void {
  const { exitCode, signal, timedOut, stderr, stdout } = result
  if (exitCode === 0) return
  const how = timedOut
    ? `did not finish within ${count(timeoutMs)} ms and was ended`
    : exitCode === null
      ? `was ended by ${signal ?? 'the system'}`
      : `failed with exit code ${exitCode}`
  const printed = stderr.trim() === '' ? stdout.trim() : stderr.trim()
  throw new ToolError(timedOut ? 'timed_out' : 'failed', `${program} ${how}.${printed === '' ? '' : `\n${boundMiddle(printed, errorBytes)}`}`)
}

/** The output of a program, as the manifest asks for it. Throws ToolError when it cannot be had or does not fit. */
export function printedOf({ output = {} }: CommandCall, { stdout, droppedBytes, exitCode }: ProcessResult, check: OutputCheck): Json {
  if (droppedBytes > 0 && output.as !== undefined && output.as !== 'text')
    throw new ToolError('too_large', `The program printed ${count(droppedBytes)} bytes more than are kept.`)
  const value =
    output.as === 'json' ? json(stdout) : output.as === 'lines' ? stdout.split(/\r?\n/).slice(0, stdout.endsWith('\n') ? -1 : undefined) : stdout
  return partOf({ stdout: value, exitCode }, output.path ?? 'stdout', false, check)
}
function json(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new ToolError('failed', `The program printed no JSON. It begins:\n${boundMiddle(text.trim(), 500)}`)
  }
}
