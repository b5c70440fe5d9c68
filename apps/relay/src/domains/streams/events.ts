import { Fault } from '@steward/contract'
import type { z } from 'zod'
import type { Connection, SocketEvent } from '../../connection.ts'
import { firstWindow, frames, mostBytes } from './frames.ts'
import type { Streams } from './streams.ts'

/** The events of streams. Data and credit have no acknowledgement: what is wrong with them closes the stream, and both ends are told why. */
export function streamEvents(streams: Streams): SocketEvent[] {
  const refused = ({ message, code }: Fault) => ({ ok: false, error: message, code })
  const event = <F extends z.ZodType>(name: string, frame: F, handle: (connection: Connection, sent: z.output<F>) => unknown): SocketEvent => ({
    event: name,
    handle(connection, payload) {
      const read = frame.safeParse(payload)
      if (read.success) return handle(connection, read.data)
      const [first] = read.error.issues
      throw new Fault('invalid', `${name} does not fit: ${first?.path.join('.')}: ${first?.message}.`)
    },
    refused,
  })
  return [
    { event: 'stream-listen', refused, handle: async (connection) => (await streams.listen(connection), { ok: true }) },
    event('stream-open', frames.open, async (connection, sent) => ({
      ok: true,
      ...(await streams.open(connection, sent)),
      window: firstWindow,
      mostBytes,
    })),
    event('stream-data', frames.data, (connection, sent) => streams.data(connection, sent)),
    event('stream-credit', frames.credit, (connection, sent) => streams.credit(connection, sent)),
    event('stream-close', frames.close, (connection, sent) => (streams.close(connection, sent), { ok: true })),
    event('stream-resume', frames.resume, async (connection, sent) => ({ ok: true, ...(await streams.resume(connection, sent)) })),
  ]
}
