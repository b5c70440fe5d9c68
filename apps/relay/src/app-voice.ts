import { Fault } from '@steward/contract'
import { voiceOf } from './app-files.ts'
import { voiceHandlers } from './domains/voice/handlers.ts'
import { endOfSessions, sweepVoice } from './domains/voice/sweep.ts'
import { ownsSession } from './domains/sessions/store.ts'
import type { Parts } from './parts.ts'
import { createVoiceRooms } from './platform/livekit.ts'
import { createSweeper } from './sweeper.ts'

/** The room of voice. Without a voice server it answers with what must be set. */
export function openVoice({ config, database, lanes, withLock, report }: Parts) {
  const place = voiceOf(config)
  const rooms = place && createVoiceRooms(place)
  const everyMs = config.sweepEveryMs
  const sweeper = createSweeper(
    rooms === undefined ? [] : [{ name: 'sweep-voice', everyMs, run: (signal, now) => sweepVoice(database, lanes, rooms, signal, now - everyMs) }],
    withLock,
    report,
  )
  const ends = new Set<Promise<void>>()
  return {
    handlers: voiceHandlers({
      database,
      ownsSession,
      lanes,
      rooms() {
        if (rooms) return rooms
        throw new Fault(
          'unavailable',
          'This relay has no voice: its operator must set the address of a LiveKit server, its key and its secret.',
          undefined,
          {
            retryable: false,
          },
        )
      },
    }),
    /** Closes the rooms of sessions that are gone. What fails is told of, and left to the sweep. */
    removed(accountId: string, sessionIds: readonly string[]): void {
      if (rooms === undefined) return
      const work = endOfSessions(database, lanes, rooms, accountId, sessionIds)
        .catch((error: unknown) => report(error, 'voice'))
        .finally(() => ends.delete(work))
      ends.add(work)
    },
    closeRoom: async (room: string): Promise<void> => rooms?.close(room),
    start: sweeper.start,
    async stop() {
      await sweeper.stop()
      await Promise.all(ends)
    },
  }
}
