import { createMemoryStore } from './domains/memory/store.ts'
import { lazyRoom } from './lazy-room.ts'
import type { WorkParts } from './app-parts.ts'

/** A part of the composition root: the memory, loaded when something is saved, searched, recalled or to be forgotten. */
export function wireMemory({ stores: { agents }, exists, models, setting, redact, reporter }: WorkParts) {
  const report = reporter('memory')
  const store = createMemoryStore(agents.db)
  const room = lazyRoom(['memory'], async () => {
    const { createMemoryRoom } = await import('./domains/memory/room.ts')
    return createMemoryRoom(agents.db, store, {
      redact,
      report,
      embeddingModel: () => setting('memory.embeddingModel'),
      embedder: models.embedder,
      commit: agents.log.commit,
      agentExists: exists.agent,
      sessionExists: exists.session,
      days: () => setting('memory.days'),
    })
  })
  type Room = Awaited<ReturnType<typeof room.load>>
  const whereAny = (act: (room: Room) => unknown): void => {
    if (store.isAny()) room.load().then(act).catch(report)
  }
  return {
    handlers: room.handlers,
    isAny: store.isAny,
    load: room.load,
    /** Gives memories their vectors, where an embedding model is set. */
    embed(): void {
      if (setting('memory.embeddingModel') !== null) whereAny((made) => made.embed())
    },
    /** Forgets what has expired or is too old. */
    prune: () => whereAny((made) => made.prune()),
    close: async () => (await room.loaded())?.close(),
  }
}
