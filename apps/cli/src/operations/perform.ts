import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { Fault, type Contract } from '@steward/contract'
import type { Outcome } from '@steward/contract/daemon'
import { exitCodes } from '../exit-codes.ts'
import { homeAt } from '../home.ts'
import type { Io } from '../io.ts'
import { writeAnswer } from '../output/answer.ts'
import { bytes as sizeOf } from '../output/values.ts'
import { withProgress } from '../output/progress.ts'
import { inThisFolder } from '../plan/here.ts'
import { answersOutcome, concluded, untilRest } from '../plan/outcome.ts'
import { reach } from '../reach/reach.ts'
import type { Reach } from '../reach/reach-type.ts'
import { requestFrom, type Request, type Typed } from './request.ts'
import type { Spelling } from './spelling.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Where an operation is to be carried out, and its idempotency key. */
export function targetOf({ common }: Spelling, { options }: Typed) {
  const [address, remote, token, key, home] = (['url', 'remote', 'token', 'key', 'home'] as const).map((flag) => text(options.get(common[flag])))
  const url = remote ?? address
  const local = options.get(common.local) === true
  if (local && url !== undefined) throw new Fault('invalid', `--${common.local} is this process, an address is another machine: give one of them.`)
  return {
    ...(url === undefined ? {} : { url }),
    ...(token === undefined ? {} : { token }),
    ...(key === undefined ? {} : { key }),
    ...(home === undefined ? {} : { home }),
    ...(local ? { local } : {}),
  }
}
/** Carries out one operation as it was typed, and writes its answer. Answers the exit code. Throws Fault. */
export async function perform(spelling: Spelling, typed: Typed, io: Io, contract?: Contract): Promise<number> {
  const { common, name, op } = spelling
  const { input: sent, ...rest } = await requestFrom(spelling, typed, io)
  const { key, ...target } = targetOf(spelling, typed)
  const request = { ...rest, input: target.url === undefined ? await inThisFolder(name, sent) : sent }
  const asJson = typed.options.get(common.json) === true
  // An execution goes on after the command: it needs a daemon to go on in.
  if (target.local === true && answersOutcome(op))
    throw new Fault('invalid', `${name} needs a daemon to go on in: leave --${common.local} away, and one is started.`)
  const way = answersOutcome(op)
    ? await daemonFor(target, io)
    : await reach({ ...target, home: homeAt(target.home), ...(contract ? { contract } : {}) })
  try {
    if (op.bytes === 'download') {
      await download(way, spelling, request, text(typed.options.get(common.output)), asJson, io)
      return exitCodes.ok
    }
    const answer = await withProgress(io.stderr, name.replace('.', ' '), async () => {
      const value = await send(way, spelling, request, key)
      return answersOutcome(op) && !Object.hasOwn(sent, 'waitMs') ? untilRest(way, value as Outcome) : value
    })
    if (answersOutcome(op)) return concluded(answer as Outcome, asJson, io)
    writeAnswer(io.stdout, answer, asJson)
    return exitCodes.ok
  } finally {
    await way.close()
  }
}
async function daemonFor(target: { url?: string; token?: string; home?: string }, io: Io): Promise<Reach> {
  const { connect } = await import('../talk/connect.ts')
  return (await connect(target, io)).sender
}
function send(way: Reach, { name }: Spelling, { input, body }: Request, key: string | undefined): Promise<unknown> {
  const options = key === undefined ? {} : { key }
  return body === undefined ? way.call(name, input, options) : way.upload(name, input, body, options)
}
async function download(way: Reach, { name }: Spelling, { input }: Request, output: string | undefined, asJson: boolean, io: Io): Promise<void> {
  const { value, bytes } = await way.download(name, input)
  if (output === undefined || output === '-') {
    for await (const chunk of bytes) if (!io.stdout.write(chunk)) await once(io.stdout, 'drain')
    return
  }
  // Under a name of its own until it is whole: a cut download never looks like a file.
  const partial = `${output}.${process.pid}.part`
  let size = 0
  const counted = async function* () {
    for await (const chunk of bytes) {
      size += chunk.byteLength
      yield chunk
    }
  }
  try {
    await withProgress(io.stderr, `${output}`, () => pipeline(Readable.from(counted()), createWriteStream(partial)))
    await rename(partial, output)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  if (asJson) writeAnswer(io.stdout, value, true)
  else io.stderr.write(`${output}: ${sizeOf(size)}\n`)
}
