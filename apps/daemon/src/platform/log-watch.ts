import { Fault } from '@steward/contract'
import { events } from '@steward/contract/daemon'
import type { Happening } from '../engine/types.ts'
import { createConsumer } from './consumer.ts'
import { createCursors } from './cursors.ts'
import type { Database } from './storage/database.ts'
import type { Commit, Emit, EventLog, LogEvent } from './storage/event-log.ts'

export type LogName = Happening['log']
/** A place in each log. */
export type Heads = Readonly<Record<LogName, number>>
const names: readonly LogName[] = ['chat', 'agents', 'settings']
/** Where nothing was found, the place is saved so seldom: reading so many events again costs less than a transaction for each batch. */
const savedEach = 1_000
const savedEachMs = 600_000
/** The data of a longer event is not handed on. */
const longestData = 262_144

export interface Reaction {
  /** A part of the commit that moves the reader on. */
  write(emit: Emit): void
  /** When that is committed. */
  after(): Promise<void> | void
}
export interface LogWatchOptions {
  readonly db: Database
  readonly commit: Commit
  readonly logs: Readonly<Record<LogName, EventLog>>
  /** Whose places are saved. */
  readonly consumer: string
  /** Whether events of this name are of interest at all. */
  wants(name: string): boolean
  /** What is to be written on these events; undefined for nothing. What it throws is reported, and the events come again. */
  react(found: readonly Happening[]): Promise<Reaction | undefined>
  report(error: unknown): void
}
/** What acts on events of all logs: what it writes and its place are one transaction, so each event is acted on once, also after a crash. */
export function createLogWatch({ db, commit, logs, consumer, wants, react, report }: LogWatchOptions) {
  const cursors = createCursors(db, consumer)
  let readers: ReturnType<typeof follow>[] | undefined
  let timer: NodeJS.Timeout | undefined
  const follow = (log: LogName) => {
    let at = cursors.find(log)
    let saved = at
    const reader = createConsumer({
      log: logs[log],
      report,
      saved: () => at,
      async work(batch) {
        const last = batch.at(-1)?.seq ?? at
        const found = batch.filter(({ name }) => wants(name)).map((event) => happening(log, event))
        const reaction = found.length > 0 ? await react(found) : undefined
        if (reaction || last - saved >= savedEach) {
          commit((emit) => {
            reaction?.write(emit)
            cursors.save(log, last)
          })
          saved = last
        }
        at = last
        await reaction?.after()
      },
    })
    /** Where it stands; what it is saved before cannot be forgotten. */
    const save = (): void => {
      if (at === saved) return
      commit(() => cursors.save(log, at))
      saved = at
    }
    return { ...reader, save }
  }
  const saveAll = (): void => {
    try {
      for (const reader of readers ?? []) reader.save()
    } catch (error) {
      report(error)
    }
  }
  return {
    /** Now: events after these places are still to be read. A part of the commit that makes the first of those who are interested. */
    arm(): Heads {
      const heads = { chat: logs.chat.head(), agents: logs.agents.head(), settings: logs.settings.head() }
      for (const log of names) if (!cursors.has(log)) cursors.save(log, heads[log])
      return heads
    },
    /** Begins to read, once. */
    start(): void {
      if (readers) return
      readers = names.map(follow)
      for (const reader of readers) reader.start()
      timer = setInterval(saveAll, savedEachMs)
      timer.unref()
    },
    async close(): Promise<void> {
      clearInterval(timer)
      for (const reader of readers ?? []) await reader.close()
      saveAll()
    },
  }
}
/** Forgets a watch that nobody is interested in, so that it keeps no event from being forgotten. */
export function forgetWatch(db: Database, commit: Commit, consumer: string): void {
  const cursors = createCursors(db, consumer)
  if (names.some(cursors.has)) commit(() => cursors.forget())
}
function happening(log: LogName, { seq, name, at, sessionId, runId, json }: LogEvent): Happening {
  const { id, data } = JSON.parse(json) as { id: string; data: Record<string, unknown> }
  return { log, seq, id, name, at, sessionId, runId, data: json.length > longestData ? { tooLong: true } : data }
}
/** Nothing is set off by what tells of calls and of hooks: it would go on for ever. Throws Fault `unprocessable` for that, and for a name of no event. */
export function checkEvent(name: string): void {
  if (!Object.hasOwn(events, name)) throw new Fault('unprocessable', `There is no event ${JSON.stringify(name)}.`)
  if (/^(call|hook)\./.test(name)) throw new Fault('unprocessable', `The event ${name} sets nothing off.`)
}
/** An event as it is handed on: as clients see it. */
export const toWire = ({ id, name, at, sessionId, runId, data }: Happening) => ({
  id,
  name,
  at,
  ...(sessionId === null ? {} : { sessionId }),
  ...(runId === null ? {} : { runId }),
  data,
})
