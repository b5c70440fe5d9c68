import type { Field } from '../field.ts'
import type { Ledger } from '../ledger.ts'
import { openLine } from '../line.ts'

interface Receipt {
  readonly id: string
  readonly seq: number
  readonly localId: string
}
interface Writer {
  readonly field: Field
  readonly ledger: Ledger
  readonly sessionId: string
  readonly name: string
}
/** Posts batches of one to five messages, each to any node, the same again until it is acknowledged, and then the next one. */
export async function writeByHttp({ field, ledger, sessionId, name }: Writer): Promise<void> {
  const { tally, chance } = field
  for (let at = 0; !field.isOver();) {
    const messages = Array.from({ length: chance.int(1, 6) }, () => ({ content: `${name}.${at}`, localId: `${name}.${at++}` }))
    const { status, body, tries } = await field.ask<{ messages: Receipt[] }>('POST', `/v3/sessions/${sessionId}/messages`, { messages })
    if (status !== 200) return tally.broken(`${name} was answered ${status}: ${JSON.stringify(body)}`)
    const said = body.messages.map(({ localId }) => localId)
    if (said.join() !== messages.map(({ localId }) => localId).join())
      tally.broken(`${name} sent ${messages[0]?.localId}… and was told of ${said.join()}.`)
    for (const { id, seq, localId } of body.messages) ledger.sent.push({ sessionId, writer: name, localId, content: localId, id, seq })
    tally.count('messages acknowledged', messages.length)
    if (tries > 1) tally.count('messages retried', messages.length)
    tally.acknowledged()
    await field.pause(250)
  }
}
type Ack = { readonly ok: true; readonly id: string; readonly seq: number } | { readonly ok: false; readonly error: string; readonly code: string }
/** Sends with the older clients' event, one after the other, the same again until it is acknowledged. */
export async function writeBySocket({ field, ledger, sessionId, name }: Writer): Promise<void> {
  const { tally } = field
  const line = openLine({ field })
  for (let at = 0; !field.isOver(); at++) {
    const localId = `${name}.${at}`
    for (let tries = 1; ; tries++) {
      const { socket } = await line.connected()
      const ack = await socket.call<Ack>('message', { sid: sessionId, message: localId, localId }, 5_000).catch(() => undefined)
      if (ack?.ok === true) {
        ledger.sent.push({ sessionId, writer: name, localId, content: localId, id: ack.id, seq: ack.seq })
        tally.count('messages acknowledged')
        if (tries > 1) tally.count('messages retried')
        tally.acknowledged()
        break
      }
      if (ack !== undefined && ack.code !== 'unavailable' && ack.code !== 'too_many') tally.broken(`${name} was refused: ${ack.error} (${ack.code})`)
      await field.pause(200)
    }
    await field.pause(150)
  }
  line.close()
}
