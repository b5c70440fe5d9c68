import type { Handlers } from '@steward/kernel'
import type { z } from 'zod'
import type { memory, memoryEvents } from '@steward/contract/daemon'

type MemoryEvents = typeof memoryEvents
export type MemoryEmit = <N extends keyof MemoryEvents>(name: N, data: z.input<MemoryEvents[N]['data']>) => void
/** A commit on agents.db that may tell of memories and of nothing else. */
export type MemoryCommit = <T>(write: (emit: MemoryEmit) => T extends Promise<unknown> ? never : T) => T
interface MemoryContext {
  readonly commit: MemoryCommit
  keep(answer: unknown): void
}
export type MemoryHandlers = Handlers<typeof memory, MemoryContext>
