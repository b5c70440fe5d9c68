import { runAgent } from './loop.ts'
import { freshLedger } from './rebuild.ts'
import { userText } from './messages.ts'
import type {
  CallOutcome,
  EngineEvent,
  EnginePorts,
  Json,
  Model,
  ModelPart,
  ModelRequest,
  PreparedCall,
  RunLimits,
  RunSettings,
  RunState,
  Settlement,
  ToolCallPart,
} from './types.ts'

/** A scripted turn: parts as they come; an Error is thrown at its place, `hang` never goes on. */
export type Turn = readonly (ModelPart | Error | 'hang')[]

export const limits: RunLimits = { steps: 50, toolCalls: 100, minutes: 60, outputBytes: 10_000, tokens: 1_000_000, budgetUsd: null }
export const say = (text: string): ModelPart => ({ type: 'text', text })
export const call = (name: string, input: Json = {}): ModelPart => ({ type: 'tool_call', callId: 'theirs', name, input })
export const end = (
  reason: 'stop' | 'tool_calls' | 'length' | 'content_filter' | 'other' = 'stop',
  inputTokens = 10,
  outputTokens = 10,
): ModelPart => ({
  type: 'finish',
  reason,
  usage: { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 },
})
export const done = (text: string): CallOutcome => ({ status: 'completed', output: text, text })
export const fresh = (text = 'do it'): RunState => freshLedger([userText(text)])

/** A model whose turns come one a request, whatever the request; every request is kept. */
export function scripted(turns: readonly Turn[], more: Partial<Model> = {}): Model & { readonly requests: ModelRequest[] } {
  const requests: ModelRequest[] = []
  return {
    id: 'm',
    contextTokens: 100_000,
    maxOutputTokens: 1000,
    price: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    ...more,
    requests,
    async *stream(request) {
      const turn = turns[requests.length] ?? []
      requests.push(request)
      for (const part of turn) {
        if (part === 'hang') await new Promise(() => undefined)
        else if (part instanceof Error) throw part
        else yield part
      }
    },
  }
}

/** Time that stands still until it is moved. Sleeps up to `instantMs` pass at once and move it. */
export function manualClock(instantMs = 600_000): {
  now(): number
  advance(ms: number): void
  sleep(ms: number, signal: AbortSignal): Promise<void>
  readonly slept: number[]
} {
  let time = 1_000_000
  let timers: { at: number; wake: () => void }[] = []
  const slept: number[] = []
  return {
    slept,
    now: () => time,
    advance(ms) {
      time += ms
      const due = timers.filter((timer) => timer.at <= time)
      timers = timers.filter((timer) => timer.at > time)
      for (const timer of due) timer.wake()
    },
    sleep(ms, signal) {
      slept.push(ms)
      if (ms <= instantMs) {
        time += ms
        return Promise.resolve()
      }
      return new Promise((wake, reject) => {
        timers.push({ at: time + ms, wake })
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
    },
  }
}

export interface World {
  models?: Readonly<Record<string, Model>>
  settings?: Partial<RunSettings>
  clock?: ReturnType<typeof manualClock>
  prepare?: (call: ToolCallPart) => Partial<PreparedCall>
  execute?: (call: PreparedCall, signal: AbortSignal) => Promise<CallOutcome>
  settled?: (callId: string) => Promise<Settlement>
  steering?: EnginePorts['steering']
}

/** Ports over literal answers. A tool named `write…` writes, every other reads; both are allowed and answer `done`. */
export function fakePorts(world: World): EnginePorts {
  const clock = world.clock ?? manualClock()
  let ids = 0
  return {
    settings: () => ({ model: 'm', fallbackModel: null, system: 's', limits, ...world.settings }),
    model: (id) => {
      const model = world.models?.[id]
      return model ? Promise.resolve(model) : Promise.reject(new Error(`There is no model ${id}.`))
    },
    tools: () => [],
    prepare: async ({ callId, name, input }) => {
      const access = name.startsWith('write') ? 'write' : 'read'
      const plain = { callId, name, input, access, repeatable: access === 'read', targets: [], decision: { action: 'allow' } } satisfies PreparedCall
      return { ...plain, ...world.prepare?.({ type: 'tool_call', callId, name, input }) }
    },
    execute: world.execute ?? (() => Promise.resolve(done('done'))),
    settled: world.settled ?? (() => Promise.resolve({ action: 'approve' })),
    steering: world.steering ?? (() => []),
    newId: (kind) => `${kind}_${++ids}`,
    now: clock.now,
    sleep: clock.sleep,
  }
}

/** Runs to the end; `seen` is told each line before the next is asked for. */
export async function collect(
  state: RunState,
  world: World,
  seen: (event: EngineEvent) => void | Promise<void> = () => undefined,
  signal = new AbortController().signal,
): Promise<EngineEvent[]> {
  const events: EngineEvent[] = []
  for await (const event of runAgent(state, fakePorts(world), signal)) {
    events.push(event)
    await seen(event)
  }
  return events
}

/** The lines of one type. */
export function only<T extends EngineEvent['type']>(events: readonly EngineEvent[], type: T): Extract<EngineEvent, { type: T }>[] {
  return events.filter((event): event is Extract<EngineEvent, { type: T }> => event.type === type)
}
/** Lets everything that can go on go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
