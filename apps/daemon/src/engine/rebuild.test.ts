import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { call, done, end, fakePorts, manualClock, only, say, scripted, settle, type World } from './fakes.ts'
import { runAgent } from './loop.ts'
import { callsOf, mendMessages, userText } from './messages.ts'
import { rebuildState } from './rebuild.ts'
import { type EngineEvent, type EnginePorts, type Model, ModelError, type ModelPart, type PreparedCall } from './types.ts'

const initial = [userText('go')]
const final = 'The work is done, and this is the answer.'
interface Script {
  /** Per step its calls: what each touches, whether it writes, whether a person is asked. */
  readonly batches: readonly (readonly { readonly write: boolean; readonly ask: boolean; readonly path: string }[])[]
  /** Which requests break, and after how many parts. */
  readonly faults: readonly { readonly request: number; readonly after: number }[]
}
const scripts: fc.Arbitrary<Script> = fc.record({
  batches: fc.array(
    fc.array(fc.record({ write: fc.boolean(), ask: fc.boolean(), path: fc.constantFrom('path:/a', 'path:/a/b', 'path:/c', 'command') }), {
      minLength: 1,
      maxLength: 4,
    }),
    { maxLength: 3 },
  ),
  faults: fc.array(fc.record({ request: fc.integer({ min: 0, max: 6 }), after: fc.integer({ min: 0, max: 3 }) }), { maxLength: 2 }),
})

/** A world that outlives the processes of its run: what was done in it stays done. `process` gives the ports of the next process; `kill` is its kill -9. */
function lastingWorld(script: Script): { process: () => { ports: EnginePorts; kill: () => void }; effects: Map<string, number> } {
  const effects = new Map<string, number>()
  let requests = 0
  let ids = 0
  const model: Model = {
    ...scripted([]),
    async *stream({ messages }) {
      const fault = script.faults.find((one) => one.request === requests)
      requests++
      let sent = 0
      for (const part of reply(script, messages)) {
        if (fault && sent++ >= fault.after) throw new ModelError('network', 'cut')
        yield part
      }
    },
  }
  const world: World = {
    models: { m: model },
    clock: manualClock(),
    prepare: ({ input }) => {
      const { write, ask, path } = input as Script['batches'][number][number]
      return {
        access: write ? 'write' : 'read',
        repeatable: !write,
        targets: [path],
        ...(ask ? { decision: { action: 'ask', reason: '', preview: null } } : {}),
      }
    },
  }
  return {
    effects,
    process() {
      let alive = true
      const execute = async (one: PreparedCall): Promise<ReturnType<typeof done>> => {
        if (!alive) return new Promise(() => undefined)
        effects.set(one.callId, (effects.get(one.callId) ?? 0) + 1)
        await Promise.resolve()
        return done('done')
      }
      const ports = { ...fakePorts({ ...world, execute }), newId: (kind: string) => `${kind}${++ids}` }
      return { ports, kill: () => (alive = false) }
    },
  }
}

/** What the model says: the next batch of the script, or the answer, from where it broke off. */
function* reply(script: Script, messages: Parameters<Model['stream']>[0]['messages']): Generator<ModelPart> {
  const asked = messages.filter((message) => message.role === 'assistant' && callsOf(message.content).length > 0).length
  const batch = script.batches[asked]
  if (batch) {
    for (const [n, input] of batch.entries()) yield call('tool', { ...input, n, asked })
    return yield end('tool_calls')
  }
  const shown = messages
    .flatMap((message) => (message.role === 'assistant' ? message.content.map((part) => (part.type === 'text' ? part.text : '')) : []))
    .join('')
  const rest = final.slice(shown.length)
  for (let at = 0; at < rest.length; at += 7) yield say(rest.slice(at, at + 7))
  yield end()
}

/** One process: takes up to `most` lines, asks for one more that it never writes down, and dies. */
async function live(ports: EnginePorts, ledger: EngineEvent[], most: number): Promise<void> {
  const lines = runAgent(rebuildState(initial, ledger), ports, new AbortController().signal)
  for (let taken = 0; taken < most; taken++) {
    const { value, done: over } = await lines.next()
    if (over) return
    ledger.push(value)
  }
  void lines.next()
  await settle()
}

test('killed after any line, again and again, a run ends with every word shown once and no write done twice', async () => {
  let unknown = 0
  await fc.assert(
    fc.asyncProperty(scripts, fc.array(fc.nat({ max: 25 }), { maxLength: 4 }), async (script, kills) => {
      const world = lastingWorld(script)
      const ledger: EngineEvent[] = []
      for (const most of [...kills, Infinity]) {
        if (ledger.at(-1)?.type === 'finished') break
        const { ports, kill } = world.process()
        await live(ports, ledger, most)
        kill()
      }
      expect(ledger.at(-1)).toMatchObject({ type: 'finished', status: 'completed' })
      const state = rebuildState(initial, ledger)
      expect(state.open).toEqual([])
      expect(mendMessages(state.messages)).toEqual(state.messages)
      expect(
        only(ledger, 'text')
          .map((event) => event.text)
          .join(''),
      ).toBe(final)
      const asked = only(ledger, 'step.finished').flatMap((event) => callsOf(event.content))
      expect(
        only(ledger, 'call.finished')
          .map((event) => event.callId)
          .toSorted(),
      ).toEqual(asked.map((one) => one.callId).toSorted())
      expect(asked).toHaveLength(script.batches.flat().length)
      for (const one of asked) {
        const write = (one.input as { write: boolean }).write
        const outcome = only(ledger, 'call.finished').find((event) => event.callId === one.callId)?.outcome.status
        const count = world.effects.get(one.callId) ?? 0
        if (outcome === 'unknown') unknown++
        const most = write ? 1 : Infinity
        const least = outcome === 'unknown' ? 0 : 1
        expect(count >= least && count <= most, `${outcome} after ${count} runs`).toBe(true)
        expect(outcome).toMatch(write && kills.length > 0 ? /^(completed|unknown)$/ : /^completed$/)
      }
    }),
    { numRuns: 400 },
  )
  expect(unknown).toBeGreaterThan(0)
})

test('a run that crashed after its last step is finished without asking the model again', async () => {
  const turn = [say('answer'), end()]
  const before: EngineEvent[] = []
  for await (const event of runAgent(rebuildState(initial, []), fakePorts({ models: { m: scripted([turn]) } }), new AbortController().signal))
    before.push(event)
  const model = scripted([])
  const after: EngineEvent[] = []
  for await (const event of runAgent(rebuildState(initial, before.slice(0, -1)), fakePorts({ models: { m: model } }), new AbortController().signal))
    after.push(event)
  expect(after).toMatchObject([{ type: 'finished', status: 'completed' }])
  expect(model.requests).toEqual([])
})

test('a crash in a model call charges its whole reservation, once, however often the ledger is read', () => {
  const request = { system: '', messages: initial, tools: [], maxOutputTokens: 10 }
  const asked: EngineEvent = { type: 'step.requested', step: 1, messageId: 'a', model: 'm', request, reservedUsd: 0.5 }
  const shown: EngineEvent = { type: 'text', messageId: 'a', text: 'half' }
  const state = rebuildState(initial, [asked, shown])
  expect(state.spent.costUsd).toBe(0.5)
  expect(state.messages.at(-1)).toEqual({ role: 'assistant', content: [{ type: 'text', text: 'half' }] })
  const told: EngineEvent = { type: 'noted', why: 'interrupted', message: userText('go on') }
  const later = rebuildState(initial, [asked, shown, told, { ...asked, messageId: 'b', reservedUsd: 0.25 }])
  expect(later.spent.costUsd).toBe(0.75)
  expect(later.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'user'])
})

test('after a crash in mid-answer the model is told of the break before it reads what was sent meanwhile', async () => {
  const request = { system: '', messages: initial, tools: [], maxOutputTokens: 10 }
  const ledger: EngineEvent[] = [
    { type: 'step.requested', step: 1, messageId: 'a', model: 'm', request, reservedUsd: 0 },
    { type: 'text', messageId: 'a', text: 'half' },
  ]
  const inbox = [[userText('also this')]]
  const ports = fakePorts({ models: { m: scripted([[say('rest'), end()]]) }, steering: () => inbox.shift() ?? [] })
  for await (const event of runAgent(rebuildState(initial, ledger), ports, new AbortController().signal)) ledger.push(event)
  expect(only(ledger, 'noted').map((event) => event.why)).toEqual(['interrupted', 'steered'])
})

test('what a restart rebuilds is what the live run knew: limits and the guard hold across it', async () => {
  const again = [call('read', { a: 1 }), end('tool_calls')]
  const ledger: EngineEvent[] = []
  for (let life = 0; life < 9 && ledger.at(-1)?.type !== 'finished'; life++) {
    const ports = fakePorts({ models: { m: scripted([again]) } })
    for await (const event of runAgent(
      rebuildState(initial, ledger),
      { ...ports, newId: (kind) => `${kind}${ledger.length}` },
      new AbortController().signal,
    )) {
      ledger.push(event)
      if (event.type === 'call.finished') break
    }
  }
  expect(only(ledger, 'call.finished')).toHaveLength(4)
  expect(ledger.at(-1)).toMatchObject({ status: 'failed', stop: 'repetition' })
})
