import type { Random } from '@steward/testkit'
import type { DaemonProcess } from './daemon-process.ts'
import { modeOf, order, type Kind } from './scenarios.ts'
import { createWatcher, type Watcher } from './watcher.ts'

/** One message that a client has sent, with what it was told. */
export interface Sent {
  readonly tag: string
  readonly kind: Kind | 'plain' | 'steer'
  readonly text: string
  readonly key: string
  readonly delivery: 'queue' | 'steer'
  /** Clients send one after the other, so each one's messages keep their order. */
  readonly client: number
  answer: { messageId: string; runId: string } | undefined
}
/** One session with one scenario. */
export interface Trial {
  readonly kind: Kind
  readonly tag: string
  readonly sessionId: string
  readonly watcher: Watcher
  readonly sent: Sent[]
  /** Runs whose cancelling was acknowledged. */
  readonly cancelled: Set<string>
  /** Decisions that were acknowledged, by the approval's or question's id. */
  readonly settled: Map<string, string>
}
const model = 'anthropic/wire-1'
let count = 0
/** Digits, which a `sleep` takes after its point; no two test runs on one machine have one in common. */
const nextTag = () => `${process.pid}${String((count += 1)).padStart(5, '0')}`

/** A session for a scenario, on a daemon that is up. */
export async function openTrial(daemon: DaemonProcess, kind: Kind): Promise<Trial> {
  const { status, body } = await daemon.ask('POST', '/v1/sessions', { model, permissionMode: modeOf(kind), title: kind })
  if (status !== 201) throw new Error(`A session was refused: ${JSON.stringify(body)}`)
  return { kind, tag: nextTag(), sessionId: body.id, watcher: createWatcher(body.id), sent: [], cancelled: new Set(), settled: new Map() }
}
function prepare(trial: Trial, kind: Sent['kind'], client = 0, delivery: Sent['delivery'] = 'queue', tag = nextTag()): Sent {
  const sent: Sent = { tag, kind, text: order(kind === 'steer' ? 'plain' : kind, tag), key: `key-${tag}`, delivery, client, answer: undefined }
  trial.sent.push(sent)
  return sent
}
/** Sends a message, or sends it again under its key. Leaves it unanswered when the daemon is gone; any other answer than 202 is an error. */
export async function send(daemon: DaemonProcess, trial: Trial, sent: Sent): Promise<void> {
  const answer = await daemon.ask(
    'POST',
    `/v1/sessions/${trial.sessionId}/messages`,
    { text: sent.text, delivery: sent.delivery },
    { 'idempotency-key': sent.key },
  )
  if (answer.status !== 202) throw new Error(`A message was answered with ${answer.status}: ${JSON.stringify(answer.body)}`)
  if (sent.answer && sent.answer.messageId !== answer.body.messageId)
    throw new Error(`The key ${sent.key} gave ${sent.answer.messageId}, then ${answer.body.messageId}.`)
  sent.answer = answer.body
}
/** What the clients of a scenario do, each until the daemon does not answer any more. Never throws for a daemon that is gone. */
export async function act(daemon: DaemonProcess, trial: Trial, random: Random): Promise<void> {
  const whileUp = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (daemon.alive() && !gone(error)) throw error
    }
  }
  const deliver = (sent: Sent) => send(daemon, trial, sent)
  switch (trial.kind) {
    case 'burst': {
      const queues = [0, 1, 2].map((client) => Array.from({ length: 3 }, () => prepare(trial, 'plain', client)))
      await Promise.all(
        queues.map((queue) =>
          whileUp(async () => {
            for (const sent of queue) await deliver(sent)
          }),
        ),
      )
      return
    }
    case 'queued': {
      const messages = [prepare(trial, 'queued'), prepare(trial, 'plain'), prepare(trial, 'steer', 0, 'steer'), prepare(trial, 'plain')]
      return whileUp(async () => {
        for (const sent of messages) await deliver(sent)
      })
    }
    case 'compact': {
      const messages = [prepare(trial, 'plain'), prepare(trial, 'compact')]
      return whileUp(async () => {
        for (const sent of messages) await deliver(sent)
      })
    }
    case 'cancel': {
      const sent = prepare(trial, 'cancel', 0, 'queue', trial.tag)
      const afterMs = random.int(0, 500)
      return whileUp(async () => {
        await deliver(sent)
        await new Promise((resolve) => setTimeout(resolve, afterMs))
        const { runId } = sent.answer!
        const { status, body } = await daemon.ask('POST', `/v1/runs/${runId}/cancel`, {})
        if (status !== 200) throw new Error(`Cancelling was answered with ${status}: ${JSON.stringify(body)}`)
        if (body.status === 'cancelled') trial.cancelled.add(runId)
      })
    }
    default: {
      const sent = prepare(trial, trial.kind, 0, 'queue', trial.tag)
      return whileUp(async () => {
        await deliver(sent)
        if (trial.kind === 'approval' || trial.kind === 'question') await decide(daemon, trial, random.chance(0.5))
      })
    }
  }
}
const gone = (error: unknown) => error instanceof TypeError || (error as { name?: string }).name === 'AbortError'
/** Answers what a session waits for now, and notes what was acknowledged. */
export async function decide(daemon: DaemonProcess, trial: Trial, approve: boolean): Promise<number> {
  let made = 0
  const { body: approvals } = await daemon.ask('GET', `/v1/approvals?sessionId=${trial.sessionId}`)
  for (const { id } of approvals.items) {
    const { status, body } = await daemon.ask('POST', `/v1/approvals/${id}`, { decision: approve ? 'approve' : 'reject' })
    if (status === 200 && body.settled) trial.settled.set(id, approve ? 'approved' : 'rejected')
    made++
  }
  const { body: questions } = await daemon.ask('GET', `/v1/questions?sessionId=${trial.sessionId}`)
  for (const { id } of questions.items) {
    const { status, body } = await daemon.ask('POST', `/v1/questions/${id}`, { answer: 'this one' })
    if (status === 200 && body.settled) trial.settled.set(id, 'answered')
    made++
  }
  return made
}
