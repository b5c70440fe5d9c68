import type { PermissionMode } from '@steward/contract/daemon'
import type { CallOutcome, EnginePorts, ModelMessage, RunSettings, Settlement } from '../../engine/types.ts'
import { newId } from '../../platform/ids.ts'
import { userMessage } from './history.ts'
import type { RunDeps, SessionRecordPort, StoredMessage } from './ports.ts'
import type { RunRecord } from './store.ts'
import { createToolPort } from './tool-port.ts'
import type { Waits } from './waits.ts'

const sandboxWords = (cwd: string) => `You work in the folder ${cwd}. Relative paths start there. Today is ${new Date().toISOString().slice(0, 10)}.`

/** What one run hands to the engine: settings read anew at every step, tools judged by the rules of the moment, waits that survive a restart. */
export function createEnginePorts(
  deps: RunDeps,
  run: RunRecord,
  waits: Waits,
  steered: WeakMap<ModelMessage, string>,
  pause: (paused: boolean) => void,
  recalled = '',
): EnginePorts & { suggestion(callId: string): unknown } {
  const session = (): SessionRecordPort => {
    const found = deps.sessions.find(run.sessionId)
    if (!found) throw new DOMException(`The session ${run.sessionId} is gone.`, 'AbortError')
    return found
  }
  const agent = () => deps.agent(session().agentId)
  const mode = (): PermissionMode => run.options.permissionMode ?? session().permissionMode
  let pausedMs = 0
  let pausedSince: number | undefined
  const steady = () => performance.now() - pausedMs - (pausedSince === undefined ? 0 : performance.now() - pausedSince)
  const tools = createToolPort(deps, run, {
    session,
    agent,
    mode,
    waits,
    pause(paused) {
      if (paused) pausedSince ??= performance.now()
      else if (pausedSince !== undefined) {
        pausedMs += performance.now() - pausedSince
        pausedSince = undefined
      }
      pause(paused)
    },
  })
  const taken = new Set<string>()
  let queue: Promise<void> = Promise.resolve()
  let ready: ModelMessage[] = []
  /** A steering message with files is ready for the step after its files have been read. */
  const readWithFiles = async (row: StoredMessage) => {
    await queue
    const whole = await userMessage(deps, row)
    steered.set(whole, row.id)
    ready.push(whole)
  }
  const limits = (): RunSettings['limits'] => {
    const now = session()
    const mine = { ...agent().limits, ...now.limits, ...run.options.limits }
    const spentHere = deps.runs.find(run.id)?.usage.costUsd ?? 0
    const caps = [
      run.options.budgetUsd,
      agent().budgetUsd,
      deps.setting('runs.budgetUsd'),
      now.budgetUsd === null ? null : now.budgetUsd - (now.usage.costUsd - spentHere),
    ]
    const budgets = caps.filter((cap): cap is number => cap !== null && cap !== undefined)
    return {
      steps: mine.steps ?? deps.setting('runs.steps'),
      toolCalls: mine.toolCalls ?? deps.setting('runs.toolCalls'),
      minutes: mine.minutes ?? deps.setting('runs.minutes'),
      outputBytes: mine.outputBytes ?? deps.setting('tools.outputBytes'),
      tokens: mine.tokens ?? deps.setting('runs.tokens'),
      budgetUsd: budgets.length === 0 ? null : Math.max(0, Math.min(...budgets)),
    }
  }
  return {
    suggestion: tools.suggestion,
    settings() {
      const now = session()
      const { options } = run
      const configured = agent()
      return {
        model: options.model ?? deps.modelFor(now.model),
        fallbackModel: options.fallbackModel ?? configured.fallbackModel,
        system: [
          configured.instructions,
          sandboxWords(now.workspace.path),
          tools.offers('skills.load') ? deps.skills.words(configured) : '',
          recalled,
        ]
          .filter((part) => part !== '')
          .join('\n\n'),
        limits: limits(),
        ...(options.thinking === undefined ? {} : { thinking: options.thinking }),
        ...(options.effort === undefined ? {} : { effort: options.effort }),
        ...(options.outputSchema === undefined ? {} : { outputSchema: options.outputSchema as never }),
      }
    },
    model: (id) => deps.model(id),
    tools: tools.describe,
    prepare: tools.prepare,
    execute: (call, signal): Promise<CallOutcome> => tools.execute(call, signal, limits().outputBytes),
    settled: (callId, signal): Promise<Settlement> => waits.approval(callId, signal),
    steering() {
      for (const row of deps.messages.steering(run.sessionId)) {
        if (taken.has(row.id)) continue
        taken.add(row.id)
        const message: ModelMessage = { role: 'user', content: [{ type: 'text', text: row.text }] }
        if (deps.messages.attachments(row.id).length === 0) {
          steered.set(message, row.id)
          ready.push(message)
        } else queue = readWithFiles(row).catch((error: unknown) => deps.report(error, { runId: run.id }))
      }
      const messages = ready
      ready = []
      return messages
    },
    newId: (kind) => newId(kind === 'message' ? 'msg' : 'call'),
    now: steady,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(done, ms)
        function done() {
          signal.removeEventListener('abort', aborted)
          resolve()
        }
        function aborted() {
          clearTimeout(timer)
          reject(signal.reason as Error)
        }
        if (signal.aborted) aborted()
        else signal.addEventListener('abort', aborted, { once: true })
      }),
  }
}
