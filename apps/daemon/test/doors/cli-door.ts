import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Fault, mutates, secretFields, type FaultWire, type Operation } from '@steward/contract'
import { operations } from '@steward/contract/daemon'
import { soak } from '@steward/testkit'
import { uploaded, type Door } from './doors.ts'
import type { TestDaemon } from '../kit.ts'

const bin = fileURLToPath(new URL('../../../cli/bin/steward.mjs', import.meta.url))
const host = fileURLToPath(new URL('../../../cli/test/command-host.ts', import.meta.url))
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const spelled = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

interface Command {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly typed: string
}
interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}
/**
 * The `steward` command. The first call of each noun is a process, as people run it, and under soak each one is; the others are carried out one after
 * another by a process that runs the same code.
 */
export function cli(daemon: TestDaemon): Door {
  const known = new Set<string>()
  const asProcess = ({ argv, env, typed }: Command) =>
    new Promise<Ended>((resolve) => {
      const child = execFile(process.execPath, [bin, ...argv], { env, cwd: daemon.workspace, maxBuffer: 50_000_000 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      )
      child.stdin?.end(typed)
    })
  const hosted = hostOf(daemon.workspace)
  const place = mkdtempSync(path.join(path.dirname(daemon.home), 'cli-'))
  let files = 0
  const fileWith = (content: string | Uint8Array) => {
    const file = path.join(place, `${files++}`)
    writeFileSync(file, content)
    return file
  }
  return async (name, input, { key, token } = {}) => {
    const op: Operation = operations[name]
    const [noun = '', verb = ''] = name.split('.')
    const fields = { ...(input as Record<string, unknown>) }
    const words: string[] = []
    const flags: string[] = []
    let typed = ''
    if (op.bytes === 'upload') words.push(fileWith(uploaded))
    const spell = (field: string) => op.cli?.flags?.[field] ?? kebab(field)
    if (Object.keys(fields).some((field) => !Object.hasOwn(op.input.shape, field)))
      flags.push(`--${Object.keys(op.input.shape).map(spell).includes('input') ? 'input-file' : 'input'}`, fileWith(JSON.stringify(fields)))
    else {
      for (const field of op.cli?.positionals ?? []) {
        if (!Object.hasOwn(fields, field)) break
        words.push(spelled(fields[field]))
        delete fields[field]
      }
      for (const [field, value] of Object.entries(fields)) {
        const hidden = secretFields(op).includes(field) && typeof value === 'string'
        if (hidden) typed = value
        flags.push(...(hidden ? [`--${spell(field)}-stdin`] : [`--${spell(field)}`, spelled(value)]))
      }
    }
    const output = op.bytes === 'download' ? path.join(place, `${files++}`) : undefined
    if (output !== undefined) flags.push('--output', output)
    if (key !== undefined && mutates(op)) flags.push('--key', key)
    // Another's credential goes over the address; the owner's own command over the socket.
    const who = token === undefined ? { STEWARD_HOME: daemon.home } : { STEWARD_TOKEN: token, STEWARD_HOME: place }
    if (token !== undefined) flags.push('--url', daemon.url)
    const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', HOME: place, ...who }
    const command = { argv: [noun, kebab(verb), ...words, ...flags, '--json'], env, typed }
    const isFirst = !known.has(noun)
    known.add(noun)
    const told = await (isFirst || soak(false, true) ? asProcess(command) : hosted(command))
    // The exit code of an execution says how it stands; its answer is an answer all the same.
    if (told.code === 0 || (told.stdout !== '' && output === undefined)) {
      const value = JSON.parse(told.stdout) as unknown
      return output === undefined ? value : { value, text: readFileSync(output, 'utf8') }
    }
    const last = told.stderr.trim().split('\n').at(-1) ?? ''
    if (!last.startsWith('{'))
      throw new Error(`steward ${[noun, verb, ...words, ...flags].join(' ')} ended with ${told.code}:\n${told.stdout}\n${told.stderr}`)
    const { error } = JSON.parse(last) as { error: FaultWire }
    throw new Fault(error.code, error.message, error.details, { retryable: error.retryable })
  }
}
/** A process that carries out commands one at a time; it ends with this one. */
function hostOf(cwd: string): (command: Command) => Promise<Ended> {
  const child = spawn(process.execPath, [host], { cwd, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async (command) => {
    child.stdin.write(`${JSON.stringify(command)}\n`)
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`The commands' process has ended at: steward ${command.argv.join(' ')}`)
    return JSON.parse(value) as Ended
  }
}
