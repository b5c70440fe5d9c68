import { streamEvents } from './domains/streams/events.ts'
import { createStreamKeys } from './domains/streams/stream-keys.ts'
import { createStreams } from './domains/streams/streams.ts'
import type { Parts, Room } from './parts.ts'

/** The room of opaque streams. */
export function openStreams({ bus, asking, directory, keyFor, connections, nodes, config }: Parts): Room {
  const streams = createStreams({
    bus,
    directory,
    asking,
    keys: createStreamKeys(keyFor('streams/1')),
    connection: (accountId, socketId) => connections(accountId).find(({ id }) => id === socketId),
    onNodeGone: nodes.onGone,
    graceMs: config.streamGraceMs,
  })
  return { events: () => streamEvents(streams), guests: [(connection) => () => streams.gone(connection)] }
}
