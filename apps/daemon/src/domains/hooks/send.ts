import { Fault } from '@steward/contract'
import type { Fire, HookAction } from '@steward/contract/daemon'
import type { Caller } from '@steward/kernel'
import { fillText, fillValue } from '../../engine/reactions/fill.ts'
import { signWebhook } from '../../platform/webhook-signature.ts'
import { ToolError } from '../../tools/tool.ts'
import type { HookPorts, Payload } from './ports.ts'
import type { HookRecord } from './store.ts'

const requestMs = 10_000
const answerBytes = 65_536
const outputBytes = 8_192
/** What a try came to; `final` is not tried again. */
type Sent = { ok: true } | { ok: false; error: string; final?: boolean }
type Of<K extends HookAction['kind']> = Extract<HookAction, { kind: K }>
interface Task {
  /** The id of the delivery, the same for every try. */
  readonly id: string
  readonly hook: HookRecord
  readonly payload: Payload
}
export const secretName = (hookId: string) => `hook:${hookId}`
export const callerOf = ({ owner, ownerKind, scopes }: HookRecord): Caller => ({ id: owner, kind: ownerKind, door: 'hook', scopes })
const statusOf = ({ event }: Payload): string => String((event['data'] as { status?: unknown } | undefined)?.status ?? '')
/** What templates are filled from. */
const scopeOf = ({ hook, payload }: Task) => {
  const { event, taskId, taskName, agentId } = payload
  return { event, task: { id: taskId, name: taskName }, agent: { id: agentId }, hook: { id: hook.id, name: hook.name }, status: statusOf(payload) }
}
const text = (value: unknown): string => (typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value))
/** A value of the environment: without NUL, at most 4,096 characters. */
const plain = (value: unknown): string => text(value).replaceAll('\0', '').slice(0, 4_096)

/** Carries out what hooks do with an event, one try. */
export function createActions({ box, fetcher, processes, allowed, workspace, secret, fireTask, clock }: HookPorts) {
  const headersOf = (given: Of<'webhook'>['headers']): Record<string, string> => {
    const filled = Object.entries(given).map(([name, value]) => [
      name.toLowerCase(),
      value.replace(/\{\{\s*secrets\.([A-Za-z0-9._-]{1,200})\s*\}\}/g, (_whole, wanted: string) => {
        const found = secret(wanted)
        if (found === undefined) throw new Fault('unprocessable', `There is no secret ${wanted}.`)
        return found
      }),
    ])
    return Object.fromEntries(filled) as Record<string, string>
  }
  const webhook = async (task: Task, { url, method, headers, body }: Of<'webhook'>, signal: AbortSignal): Promise<Sent> => {
    const { id, hook, payload } = task
    const { event, taskId, taskName, agentId } = payload
    const whole = { type: event.name, timestamp: event.at, data: { event, task: { id: taskId, name: taskName }, agentId } }
    const sent = JSON.stringify(body === undefined ? whole : fillValue(body, scopeOf(task)))
    const key = box.open(secretName(hook.id), hook.secret)
    if (key === undefined) return { ok: false, error: "The hook's secret cannot be read; make a new one.", final: true }
    const outgoing = { 'content-type': 'application/json', ...headersOf(headers), ...signWebhook(key, id, sent, clock.now()) }
    const limits = { timeoutMs: requestMs, bytes: answerBytes, redirects: 0 }
    const { status } = await fetcher.send({ method, url, headers: outgoing, body: sent, allow: allowed() }, limits, signal)
    if (status >= 200 && status < 300) return { ok: true }
    return { ok: false, error: `It answered with the status ${status}.`, final: status === 410 }
  }
  const command = async ({ id, hook, payload }: Task, { command: line, cwd, timeoutMs }: Of<'command'>, signal: AbortSignal): Promise<Sent> => {
    const { event, taskId, taskName, agentId } = payload
    const data = (event['data'] ?? {}) as Record<string, unknown>
    const folder = cwd ?? (await workspace())
    const env = {
      HOOK_EVENT: event.name,
      HOOK_ID: hook.id,
      HOOK_DELIVERY_ID: id,
      TASK_ID: plain(taskId),
      TASK_NAME: plain(taskName),
      AGENT_ID: plain(agentId),
      STATUS: plain(data['status']),
      OUTPUT: plain(data['outputs'] ?? data['output']),
      ERROR: plain(data['error'] ?? data['message'] ?? data['errors']),
    }
    const request = {
      command: typeof line === 'string' ? ['bash', '-c', line] : line,
      cwd: folder,
      env,
      stdin: JSON.stringify(event),
      timeoutMs,
      outputBytes,
      writable: [folder],
      network: true,
    }
    const { exitCode, stderr, timedOut } = await processes.run(request, signal)
    if (timedOut) return { ok: false, error: `The command took longer than ${timeoutMs} ms and was ended.` }
    if (exitCode === 0) return { ok: true }
    return { ok: false, error: `The command ended with ${exitCode ?? 'a signal'}. ${stderr.trim().slice(-500)}`.trim() }
  }
  const task = async ({ id, hook, payload }: Task, { taskId }: Of<'task'>): Promise<Sent> => {
    await fireTask(callerOf(hook), taskId, { key: id, input: { event: payload.event } as unknown as Fire['input'], chain: payload.chain })
    return { ok: true }
  }
  /** Never throws: what is refused for good is final, all else may be tried again. */
  return async (given: Task, signal: AbortSignal): Promise<Sent> => {
    const { action } = given.hook
    try {
      if (action.kind === 'webhook') return await webhook(given, action, signal)
      return action.kind === 'command' ? await command(given, action, signal) : await task(given, action)
    } catch (error) {
      const isFinal =
        error instanceof ToolError
          ? ['refused', 'invalid', 'outside_workspace'].includes(error.code)
          : error instanceof Fault && !error.retryable && error.code !== 'internal'
      return { ok: false, error: error instanceof Error ? error.message : String(error), ...(isFinal ? { final: true } : {}) }
    }
  }
}
/** Whether a header names a secret. */
export const namesSecret = (action: HookAction): boolean =>
  action.kind === 'webhook' && Object.values(action.headers).some((value) => fillText(value, { secrets: {} }) !== value)
