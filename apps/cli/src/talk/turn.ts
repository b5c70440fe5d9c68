import { randomUUID } from 'node:crypto'
import type { WireEvent } from '@steward/contract'
import type { Asker } from './asker.ts'
import { watchDaemon, type Link } from './connect.ts'
import { followRun, type RunEnd } from './follow-run.ts'
import { createPerson } from './person.ts'
import type { Screen } from './screen.ts'

export interface TurnInput {
  readonly sessionId: string
  readonly text: string
  /** A cursor of the session's log, to follow from. */
  readonly after?: string
  readonly model?: string
  readonly permissionMode?: string
  readonly budgetUsd?: number
}
export interface Turn {
  readonly ended: Promise<RunEnd>
  /** Cancels the run; `ended` follows when it is over. */
  cancel(): Promise<void>
  /** Stops following; the run goes on without us. */
  leave(): void
}
/** Starts a run in a session and shows it as it goes. Throws Fault when it is refused; sent twice by a cut connection, it is still one run. */
export async function startTurn(
  link: Link,
  { sessionId, text, after, ...options }: TurnInput,
  screen: Screen,
  asker: Asker | undefined,
  event?: (event: WireEvent) => void,
): Promise<Turn> {
  const { sender, socket } = link
  const { runId } = (await sender.call('runs.start', { subject: { sessionId }, input: text, ...options }, { key: randomUUID() })) as { runId: string }
  const person = createPerson(sender, screen, asker)
  const left = new AbortController()
  const unwatch = watchDaemon(socket, (words) => screen.note(screen.style.yellow(words)))
  const follow = async () => {
    try {
      return await followRun(
        sender,
        { sessionId, runId, ...(after === undefined ? {} : { after }) },
        { ...person, screen, ...(event ? { event } : {}) },
        left.signal,
      )
    } finally {
      unwatch()
      await person.leave()
    }
  }
  return {
    ended: follow(),
    async cancel() {
      await sender.call('runs.cancel', { id: runId }, { key: randomUUID() })
    },
    leave: () => left.abort(),
  }
}
