import type { Random } from '@steward/testkit'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

/** What a step gives, whoever carries it out: the server here, and `sha256sum` in a command. */
export const valueOf = (step: string, given: string) => createHash('sha256').update(`${step}|${given}`).digest('hex').slice(0, 12)
/** What the server answers for a step. */
export const answerOf = (step: string, given: string) => {
  const value = valueOf(step, given)
  return { value, items: [value.slice(0, 4), value.slice(4, 8), value.slice(8)] }
}
interface Effect {
  readonly key: string
  readonly given: string
  /** Requests that named it: more than one where it was asked for again. */
  asked: number
}
const ways = ['act', 'once', 'flaky', 'late'] as const
type Way = (typeof ways)[number]
export interface Effects extends AsyncDisposable {
  readonly url: string
  /** What was done, by step: each exactly once, or there is a complaint. */
  readonly done: ReadonlyMap<string, Effect>
  /** What no server may see: two keys for one step, or the second request of a call that may not be repeated. */
  readonly complaints: readonly string[]
  readonly arrivals: () => number
  /** Says that a person had a call made again that is not made again by itself. */
  allowAgain(step: string): void
  /** Holds whatever comes, before it has any effect. */
  hold(): void
  release(): void
  /** Resolves with the next arrival that has an effect, or that is told of one. */
  next(): Promise<void>
}
/**
 * The world that workflows act on: it does what it is asked for once for each `Idempotency-Key`, and takes its time before and after. `flaky`
 * refuses the first request of a key before it does anything, `late` does it and then says that it failed. `before`: what was done already.
 */
export async function createEffects(random: Random, slowestMs = 12, before: ReadonlyMap<string, Effect> = new Map()): Promise<Effects> {
  const done = new Map([...before].map(([step, effect]) => [step, { ...effect }]))
  const complaints: string[] = []
  const keys = new Map([...done].map(([step, { key }]) => [step, key]))
  const refused = new Set<string>()
  const again = new Set<string>()
  let arrivals = 0
  let held: PromiseWithResolvers<void> | undefined
  let bell = Promise.withResolvers<void>()
  const answer = (response: ServerResponse, status: number, body: unknown) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { step, given } = JSON.parse(await text(request)) as { step: string; given: string }
    const way = (request.url ?? '').slice(1) as Way
    const key = String(request.headers['idempotency-key'] ?? '')
    await held?.promise
    arrivals++
    await delay(random.int(0, slowestMs))
    const known = keys.get(step)
    if (key === '' || !ways.includes(way)) complaints.push(`${step}: a request without a key, or to ${request.url}`)
    if (known !== undefined && known !== key) complaints.push(`${step}: the key ${known}, then ${key}`)
    if (way === 'once' && known !== undefined && !again.delete(step)) complaints.push(`${step}: it may not be repeated, and was`)
    keys.set(step, key)
    const isFirst = !refused.has(key)
    refused.add(key)
    if (way === 'flaky' && isFirst) return answer(response, 503, { error: 'not now' })
    const effect = done.get(step)
    if (effect === undefined) done.set(step, { key, given, asked: 1 })
    else effect.asked++
    if (effect !== undefined && effect.given !== given) complaints.push(`${step}: asked with ${effect.given}, then with ${given}`)
    bell.resolve()
    bell = Promise.withResolvers<void>()
    await delay(random.int(0, slowestMs))
    if (way === 'late' && isFirst) return answer(response, 500, { error: 'it is done, but this is not told' })
    answer(response, 200, answerOf(step, given))
  }
  const server = createServer((request, response) => {
    // A daemon that was killed in the middle of a request is no fault of it.
    serve(request, response).catch((error: unknown) => request.destroyed || complaints.push(String(error)))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    done,
    complaints,
    arrivals: () => arrivals,
    allowAgain: (step) => void again.add(step),
    hold: () => void (held ??= Promise.withResolvers<void>()),
    release() {
      held?.resolve()
      held = undefined
    },
    next: () => bell.promise,
    async [Symbol.asyncDispose]() {
      held?.resolve()
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}
const inputs = { type: 'object', properties: { step: { type: 'string' }, given: { type: 'string' } }, required: ['step', 'given'] }
const outputs = {
  type: 'object',
  properties: { value: { type: 'string' }, items: { type: 'array', items: { type: 'string' } } },
  required: ['value', 'items'],
}
/** A line is written in one piece; what is in the pauses can be struck down before it and after it. */
const mark = `sleep 0.01; printf '%s %s\\n' "$1" "$CALL" >> marks.log; sleep 0.01; printf '%s|%s' "$1" "$2" | sha256sum | cut -c1-12`
export const marksFile = (workspace: string) => path.join(workspace, 'marks.log')
/** The call ids of the lines that commands have written, by step. */
export function marksOf(workspace: string): ReadonlyMap<string, readonly string[]> {
  const lines = readFileSync(marksFile(workspace), 'utf8').split('\n').slice(0, -1)
  const pairs = lines.map((line) => line.split(' ') as [string, string])
  return new Map([...Map.groupBy(pairs, ([step]) => step)].map(([step, all]) => [step, all.map(([, call]) => call)]))
}
/** Writes the manifests of two apps: requests to the world at `url`, and a command that may not be repeated. */
export function writeApps(folder: string, url: string): void {
  const request = (id: Way) => ({
    id,
    name: `Do it (${id})`,
    description: `Does something once for each key, ${id}.`,
    inputs,
    outputs,
    repeatable: id !== 'once',
    http: {
      method: 'POST',
      url: `{{settings.base}}/${id}`,
      headers: { 'Idempotency-Key': '{{call.id}}' },
      body: { step: '{{inputs.step}}', given: '{{inputs.given}}' },
    },
  })
  const command = { argv: ['sh', '-c', mark, 'sh', '{{inputs.step}}', '{{inputs.given}}'], env: { CALL: '{{call.id}}' } }
  const append = { id: 'append', name: 'Append a line', description: 'Appends a line to marks.log.', inputs, outputs: { type: 'string' } }
  const apps = [
    { id: 'effects', name: 'Effects', settings: { base: { default: url } }, tools: ways.map(request) },
    { id: 'marks', name: 'Marks', tools: [{ ...append, command: { ...command, output: { as: 'lines', path: 'stdout[0]' } } }] },
  ]
  for (const app of apps) writeFileSync(path.join(folder, `${app.id}.app.json`), JSON.stringify(app))
}
