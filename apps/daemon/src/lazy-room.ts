import { operations, type OperationName } from '@steward/contract/daemon'
import type { RoomHandlers } from './platform/context.ts'

type Of<Noun extends string> = Extract<OperationName, `${Noun}.${string}`>
/** All handlers of some nouns. */
export type HandlersOf<Noun extends string> = Required<Pick<RoomHandlers, Of<Noun>>>
export interface LazyRoom<Room, Noun extends string> {
  readonly handlers: HandlersOf<Noun>
  /** Loads and makes the room, once. */
  load(): Promise<Room>
  /** The room, if anything has needed it. */
  loaded(): Promise<Room> | undefined
}
/**
 * A room whose code is loaded with the first call of one of its nouns' operations: what a start does not need does not slow it down. `make` imports
 * the room and hands it what it stands on. A room that could not be loaded is tried again at the next call.
 */
export function lazyRoom<Noun extends string, Room extends { readonly handlers: HandlersOf<Noun> }>(
  nouns: readonly Noun[],
  make: () => Promise<Room>,
): LazyRoom<Room, Noun> {
  let made: Promise<Room> | undefined
  const load = (): Promise<Room> => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
  const names = (Object.keys(operations) as OperationName[]).filter((name) => nouns.some((noun) => name.startsWith(`${noun}.`)))
  const handlers = names.map((name) => [
    name,
    async (context: never, input: never) => {
      const room = await load()
      return (room.handlers as unknown as Record<string, (context: never, input: never) => Promise<unknown>>)[name]?.(context, input)
    },
  ])
  return { handlers: Object.fromEntries(handlers) as HandlersOf<Noun>, load, loaded: () => made }
}
