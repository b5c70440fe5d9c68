import { mutates, type Contract } from '@steward/contract'
import { patience, type Patience } from './back-off.ts'
import { followFrames } from './frame-events.ts'
import { createLink, type ConnectionState, type Link, type OpenLine } from './frame-link.ts'
import { download, upload } from './frame-bytes.ts'
import { operationOf } from './http-request.ts'
import { oneAnswer } from './one-answer.ts'
import type { Sender, SendOptions } from './sender.ts'

export interface FrameSenderOptions {
  readonly contract: Contract
  readonly pace: Partial<Patience> | undefined
  /** A stream that is silent for so long is connected anew; absent: the line itself tells when it is dead. */
  readonly silenceMs?: number
  /** Told how the connection does. */
  readonly watch?: ((state: ConnectionState) => void) | undefined
}
/** The sender of both frame doors: WebSocket and IPC. */
export function createFrameSender(open: OpenLine, { contract, pace, silenceMs, watch }: FrameSenderOptions): Sender {
  const link = createLink(open, { ...patience, ...pace }, watch)
  return { ...senderOver(link, { contract, silenceMs }), close: () => link.close() }
}
/** The verbs of a sender over a link that is kept elsewhere. `extra` are fields that every frame carries. */
export function senderOver(
  link: Link,
  { contract, silenceMs, extra }: { readonly contract: Contract; readonly silenceMs?: number | undefined; readonly extra?: object },
): Omit<Sender, 'close'> {
  const facts = (name: string, key: string | undefined) => {
    const op = Object.hasOwn(contract, name) ? contract[name] : undefined
    const writes = op !== undefined && mutates(op)
    const chosen = key ?? (writes && op.database !== undefined ? crypto.randomUUID() : undefined)
    return { key: chosen === undefined ? {} : { key: chosen }, again: op === undefined || !writes || op.database !== undefined }
  }
  return {
    async call(name, input, options: SendOptions = {}) {
      const { key, again } = facts(name, options.key)
      return oneAnswer(options.signal, (settle, fail) =>
        link.add({
          start: (send) => send({ op: name, ...(input === undefined ? {} : { input }), ...key, ...extra }),
          receive: settle,
          fail,
          again: () => again,
          patient: () => false,
        }),
      )
    },
    events: (follow, signal) => followFrames(link, follow, { silenceMs, ...(extra ? { extra } : {}) }, signal),
    async upload(name, input, bytes, options = {}) {
      operationOf(contract, name)
      const { key, again } = facts(name, options.key)
      return upload(link, { op: name, input, ...key, ...extra }, bytes, again, options.signal)
    },
    async download(name, input, range, options = {}) {
      return download(link, { op: name, input, ...(range ? { range } : {}), ...extra }, options.signal)
    },
  }
}
