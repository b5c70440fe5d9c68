import { Fault } from '@steward/contract'
import { createLimiter } from '../../platform/limiter.ts'
import { newWebhookId, newWebhookSecret, verifyGithub, verifyStandard } from '../../platform/webhook-signature.ts'
import { toFire, type FireRecord, type FireStore } from './fire-store.ts'
import type { Flow } from './flow.ts'
import type { TaskPorts } from './ports.ts'
import type { TaskRecord, TaskStore } from './store.ts'

const windowMs = 60_000
/** Of one task in a minute. */
const mostFires = 120
/** From one address in a minute, before it is not listened to any more. */
const mostFailures = 20
/** Headers that a task is told of. */
const told = ['content-type', 'user-agent', 'x-github-event', 'x-github-delivery', 'webhook-id', 'webhook-timestamp']
/** A request to a webhook's address, as it came. */
export interface WebhookRequest {
  readonly id: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Uint8Array
  readonly address: string | undefined
}
const sealName = (webhookId: string) => `webhook:${webhookId}`
const notGenuine = () => new Fault('unauthenticated', 'There is no such webhook, or the request is not signed with its secret.')
const tooMany = (retryAfterMs: number) => new Fault('too_many', 'There were too many requests; try again later.', { retryAfterMs })
const contentOf = (body: Uint8Array): unknown => {
  const text = Buffer.from(body).toString('utf8')
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
/** Fires tasks on signed requests. A request is known again by its id, so that one that is sent twice fires once. */
export function createWebhooks(
  parts: { readonly tasks: TaskStore; readonly fires: FireStore; readonly flow: Pick<Flow, 'take'>; enqueue(fireId: string): void },
  { log, clock, box, redact }: TaskPorts,
) {
  const { tasks, fires, flow, enqueue } = parts
  const failures = createLimiter(mostFailures, windowMs, clock.now)
  const rates = createLimiter(mostFires, windowMs, clock.now)
  const genuine = (task: TaskRecord | undefined, { id, headers, body }: WebhookRequest): string | undefined => {
    const sealed = task?.webhookSecret ?? null
    const secret = sealed === null ? undefined : box.open(sealName(id), sealed)
    const trigger = task?.triggers.find(({ kind }) => kind === 'webhook')
    if (secret === undefined || trigger?.kind !== 'webhook') return undefined
    return trigger.signature === 'github' ? verifyGithub(secret, headers, body) : verifyStandard(secret, headers, body, clock.now())
  }
  const answer = (fire: FireRecord) => ({ status: 202, body: { fireId: fire.id, status: toFire(fire).status } })
  return {
    newId: newWebhookId,
    /** A fresh secret: as it is shown, and as it is kept. */
    newSecret(webhookId: string): { shown: string; sealed: string } {
      const shown = newWebhookSecret()
      return { shown, sealed: box.seal(sealName(webhookId), shown) }
    },
    /**
     * Answers 202 when the fire is on the disk; it begins by itself. Throws Fault: `unauthenticated` for what is not genuine, `too_many`, `conflict` for a
     * task that is paused.
     */
    async receive(request: WebhookRequest): Promise<{ status: number; body: unknown }> {
      const from = request.address ?? 'unknown'
      const wait = failures.wait(from)
      if (wait > 0) throw tooMany(wait)
      const task = tasks.ofWebhook(request.id)
      const name = genuine(task, request)
      if (task === undefined || name === undefined) {
        failures.take(from)
        throw notGenuine()
      }
      const key = `webhook:${name}`
      const earlier = fires.ofKey(task.id, key)
      if (earlier) return answer(earlier)
      if (task.status === 'paused') throw new Fault('conflict', 'This task is paused.')
      const late = rates.take(task.id)
      if (late > 0) throw tooMany(late)
      const headers = Object.fromEntries(told.flatMap((header) => (request.headers[header] === undefined ? [] : [[header, request.headers[header]]])))
      const input = redact({ webhook: { headers, body: contentOf(request.body) } }) as never
      const now = clock.now()
      const taken = log.commit((emit) => flow.take(emit, task, 'webhook', now, now, { key, input, chain: [] }))
      await log.durable()
      if (taken?.fate === 'start') enqueue(taken.id)
      const fire = fires.ofKey(task.id, key)
      if (!fire) throw new Fault('unavailable', 'The task was deleted meanwhile.')
      return answer(fire)
    },
  }
}
export type Webhooks = ReturnType<typeof createWebhooks>
