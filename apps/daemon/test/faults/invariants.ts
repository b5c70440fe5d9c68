import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { WireEvent } from '@steward/contract'
import type { Message, ToolCall } from '@steward/contract/daemon'
import { expect } from 'vitest'
import type { DaemonProcess } from './daemon-process.ts'
import { line, usdPerAnswer, type Seen } from './scenarios.ts'
import type { Trial } from './trial.ts'

/** What the checks have counted, for the report. */
export interface Tally {
  kills: number
  /** The longest that a daemon took, from being ready, until every run had ended or waited for a person. */
  slowestMs: number
  /** Rounds in which the next daemon had to end what the last one left. */
  swept: number
  resumed: number
  unknown: number
  words: number
  messages: number
  calls: number
}
async function pages<T>(daemon: DaemonProcess, route: string): Promise<T[]> {
  const found: T[] = []
  for (let cursor = ''; ;) {
    const { status, body } = await daemon.ask(
      'GET',
      `${route}${route.includes('?') ? '&' : '?'}limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    expect(status, JSON.stringify(body)).toBe(200)
    found.push(...body.items)
    if (body.nextCursor === null) return found
    cursor = body.nextCursor
  }
}
interface Run {
  readonly id: string
  readonly status: string
  readonly error: string | null
  readonly resumes: number
  readonly usage: Record<string, number>
}
/** Everything that must be true of a session when its daemon has been killed, has come back and has nothing left to do. */
export async function checkTrial(daemon: DaemonProcess, trial: Trial, seen: Seen, linesFile: string, tally: Tally): Promise<void> {
  const { sessionId, sent, watcher } = trial
  const messages = await pages<Message>(daemon, `/v1/sessions/${sessionId}/messages?order=oldest`)
  const runs = await pages<Run>(daemon, `/v1/runs?sessionId=${sessionId}`)
  const log = await pages<WireEvent>(daemon, `/v1/event-log?log=chat&sessionId=${sessionId}`)
  const about = `${trial.kind} ${sessionId}`

  for (const { answer, text } of sent) {
    const there = messages.filter((message) => message.role === 'user' && message.text === text)
    expect(
      there.map(({ id }) => id),
      `${about}: the message "${text}" is there exactly once`,
    ).toEqual([answer!.messageId])
  }
  expect(messages.filter(({ role, synthetic }) => role === 'user' && !synthetic).length, `${about}: nobody sent more`).toBe(sent.length)
  for (const client of new Set(sent.map((one) => one.client))) {
    const mine = sent.filter((one) => one.client === client && one.delivery === 'queue').map(({ answer }) => answer!.messageId)
    const placed = messages.filter(({ id }) => mine.includes(id)).map(({ id }) => id)
    expect(placed, `${about}: one client's messages keep their order`).toEqual(mine)
  }
  expect(
    messages.map(({ position }) => position),
    `${about}: in reading order, each place once`,
  ).toEqual([...new Set(messages.map(({ position }) => position))].toSorted((a, b) => a - b))
  for (const message of messages) expect(['final', 'interrupted'], `${about}: ${message.id} is ${message.status}`).toContain(message.status)
  const triggers = new Map(
    runs.map(({ id }) => [id, messages.findIndex((message) => message.runId === id && message.role === 'user' && !message.synthetic)]),
  )
  messages.forEach((message, at) => {
    if (message.role === 'assistant') expect(at, `${about}: an answer stands after what it answers`).toBeGreaterThan(triggers.get(message.runId!)!)
  })

  for (const run of runs) {
    const wanted = trial.cancelled.has(run.id) ? ['cancelled'] : trial.kind === 'cancel' ? ['completed', 'cancelled'] : ['completed']
    expect(wanted, `${about}: the run ${run.id} ended as ${run.status} (${run.error})`).toContain(run.status)
    for (const value of Object.values(run.usage)) expect(value, `${about}: usage is never negative`).toBeGreaterThanOrEqual(0)
    if (run.resumes > 0) tally.resumed++
    const tag = sent.find(({ answer }) => answer?.runId === run.id)?.tag
    if (run.status === 'completed' && tag !== undefined)
      expect(run.usage['costUsd'], `${about}: every answer that was asked for is charged`).toBeGreaterThanOrEqual(
        (seen.asked.get(tag) ?? 0) * usdPerAnswer - 1e-9,
      )
  }
  const { body: session } = await daemon.ask('GET', `/v1/sessions/${sessionId}`)
  const total = runs.reduce((sum, run) => sum + run.usage['costUsd']!, 0)
  expect(session.status, about).toBe('idle')
  expect(session.usage.costUsd, `${about}: the session's usage is its runs'`).toBeCloseTo(total, 6)
  const told = log.filter(({ name }) => name === 'usage').reduce((sum, { data }) => sum + (data as { costUsd: number }).costUsd, 0)
  expect(told, `${about}: the log tells all that was charged`).toBeCloseTo(total, 6)

  const calls = messages.flatMap(({ toolCalls }) => toolCalls)
  const lines = readFileSync(linesFile, 'utf8')
  for (const call of calls) checkCall(call, lines, seen, about, tally)
  for (const tag of sent.map((one) => one.tag))
    for (let nth = 0; nth < 3; nth++)
      expect(lines.split(line(tag, nth)).length - 1, `${about}: ${line(tag, nth)} was written once at most`).toBeLessThanOrEqual(1)

  expect(watcher.complaints, about).toEqual([])
  const byId = new Map(messages.map((message) => [message.id, message]))
  for (const [id, words] of watcher.shown) {
    const kept = byId.get(id)
    expect(kept?.text.slice(0, words.text.length), `${about}: what was shown of ${id} is kept`).toBe(words.text)
    expect((kept?.reasoning ?? '').slice(0, words.reasoning.length), `${about}: the thoughts shown of ${id} are kept`).toBe(words.reasoning)
    tally.words += words.text.split(' ').length + words.reasoning.split(' ').length - 2
  }
  const logged = new Map(log.map((event) => [event.seq, event]))
  for (const [seq, event] of watcher.events) expect(logged.get(seq), `${about}: the event ${seq} that was shown is in the log`).toEqual(event)
  expect(
    log.map(({ seq }) => seq),
    `${about}: the reader missed no event`,
  ).toEqual([...watcher.events.keys()])

  for (const [id, decision] of trial.settled) {
    const { body } = await daemon.ask('GET', decision === 'answered' ? `/v1/questions?status=answered&sessionId=${sessionId}` : `/v1/approvals/${id}`)
    const status = decision === 'answered' ? body.items.find((question: { id: string }) => question.id === id)?.status : body.status
    expect(status, `${about}: an acknowledged decision stands`).toBe(decision)
  }
  tally.messages += sent.length
  tally.calls += calls.length
}
function checkCall(call: ToolCall, lines: string, seen: Seen, about: string, tally: Tally): void {
  const wanted = /'(line-[^']+)' >>/.exec(String((call.input as { command?: string }).command ?? ''))?.[1]
  const written = wanted === undefined ? undefined : lines.split(wanted).length - 1
  expect(['completed', 'failed', 'denied', 'unknown', 'cancelled'], `${about}: the call ${call.id} has an outcome, ${call.status}`).toContain(
    call.status,
  )
  if (written !== undefined && call.status === 'completed') expect(written, `${about}: ${wanted} was written, as its result says`).toBe(1)
  if (written !== undefined && (call.status === 'denied' || call.startedAt === null))
    expect(written, `${about}: ${wanted} was never begun (${call.status})`).toBe(0)
  if (['files.read', 'files.write', 'ask.questions'].includes(call.toolId))
    expect(['completed', 'cancelled'], `${about}: ${call.toolId} is repeated after a crash (${call.text})`).toContain(call.status)
  if (call.status === 'failed') expect(call.text, `${about}: no call of these fails`).toBe('')
  if (call.status !== 'unknown') return
  tally.unknown++
  expect(seen.results.get(call.id), `${about}: the model was told that the outcome is unknown`).toMatch(/outcome of this call is unknown/)
}
/** The three databases are whole. Looks from another process, read-only, while the daemon runs. */
export function checkDatabases(home: string): void {
  for (const name of ['chat_history.db', 'agents.db', 'settings.db']) {
    const db = new DatabaseSync(path.join(home, name), { readOnly: true, timeout: 5000 })
    expect(db.prepare('PRAGMA integrity_check').all(), name).toEqual([{ integrity_check: 'ok' }])
    expect(db.prepare('PRAGMA foreign_key_check').all(), name).toEqual([])
    expect(db.prepare('PRAGMA journal_mode').get(), name).toEqual({ journal_mode: 'wal' })
    db.close()
  }
}
/** Processes whose environment or arguments hold one of the texts. */
export function processesWith(texts: readonly string[]): string[] {
  const found: string[] = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    try {
      const words = `${readFileSync(`/proc/${pid}/cmdline`, 'latin1')}\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`
      if (texts.some((text) => words.includes(text))) found.push(`${pid}: ${words.slice(0, 200).replaceAll('\0', ' ')}`)
    } catch {
      // It has ended meanwhile.
    }
  }
  return found
}
