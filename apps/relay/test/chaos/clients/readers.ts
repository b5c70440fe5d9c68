import type { Handshake, Update } from '@steward/testkit/relay'
import type { Field } from '../field.ts'
import type { History } from '../history.ts'
import { openLine } from '../line.ts'

/** Takes the log over a socket, and after each loss from any node what it missed. Until the returned function is called. */
export function readBySocket(field: Field, history: History, handshake: Handshake = {}): () => void {
  const { tally } = field
  let own = 0
  const line = openLine({
    field,
    handshake: () => ({ ...handshake, since: history.last() }),
    before(socket) {
      const connection = ++own
      socket.on('update', (update: Update) => {
        if (connection !== own) return tally.broken(`${history.name} was told ${update.seq} by a connection that it had lost.`)
        tally.count('updates seen')
        history.add(update)
      })
      socket.on('reset', ({ seq }: { seq: number }) => tally.broken(`${history.name} was told to begin anew at ${seq}, having ${history.last()}.`))
      socket.on('disconnect', () => tally.count('readers that lost their connection'))
    },
  })
  return () => line.close()
}
interface Page {
  readonly changes: readonly Update[]
  readonly seq: number
  readonly reset: boolean
}
/** Asks any node again and again for what is new. Until the returned function is called. */
export function readByPolling(field: Field, history: History): () => void {
  const over = new AbortController()
  const poll = async () => {
    while (!over.signal.aborted) {
      const { body } = await field.ask<Page>('GET', `/v1/changes?since=${history.last()}&limit=100`)
      if (body.reset) field.tally.broken(`${history.name} was told to begin anew at ${body.seq}, having ${history.last()}.`)
      for (const update of body.changes) history.add(update)
      field.tally.count('updates seen', body.changes.length)
      if (body.changes.length < 100) await field.pause(400)
    }
  }
  void poll()
  return () => over.abort()
}
