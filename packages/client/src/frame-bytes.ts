import { Fault } from '@steward/contract'
import { chunksOf } from './chunks.ts'
import { faultIn, type Link } from './frame-link.ts'
import { oneAnswer } from './one-answer.ts'
import { createQueue } from './queue.ts'
import type { Bytes, Download } from './sender.ts'

/** The daemon's rules of transfers (kernel, frame.ts): pieces of 64 KiB, 16 of them before the first grant. */
const chunkBytes = 64 * 1024
const openCredit = 16

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(text)
}
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))

async function* pieces(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const whole = bytes instanceof Blob ? chunksOf(bytes.stream()) : bytes instanceof Uint8Array ? [bytes] : bytes
  for await (const chunk of whole) for (let at = 0; at < chunk.byteLength; at += chunkBytes) yield chunk.subarray(at, at + chunkBytes)
}
/** Sends a call with bytes behind it, no faster than the daemon takes them; from the start again after a cut, where the bytes can be read again. */
export function upload(link: Link, frame: Record<string, unknown>, bytes: Bytes, again: boolean, signal?: AbortSignal): Promise<unknown> {
  const lasting = bytes instanceof Uint8Array || bytes instanceof Blob
  let round = 0
  let credit = openCredit
  let wake: (() => void) | undefined
  const mustWait = (mine: number) => credit === 0 && mine === round
  const over = () => {
    round += 1
    wake?.()
  }
  return oneAnswer(signal, (settle, fail) => {
    const pour = async (send: (rest: Record<string, unknown>) => void, mine: number) => {
      try {
        for await (const piece of pieces(bytes)) {
          while (mustWait(mine)) await new Promise<void>((resolve) => (wake = resolve))
          if (mine !== round) return
          credit -= 1
          send({ chunk: toBase64(piece) })
        }
        if (mine === round) send({ chunk: '', end: true })
      } catch (error) {
        send({ cancel: true })
        running.end()
        fail(new Fault('invalid', 'The bytes to upload cannot be read.', undefined, { cause: error }))
      }
    }
    const running = link.add({
      start(send) {
        over()
        credit = openCredit
        send(frame)
        void pour(send, round)
      },
      receive(answer) {
        if (typeof answer['credit'] === 'number') {
          credit += answer['credit']
          return wake?.()
        }
        over()
        settle(answer)
      },
      fail(fault) {
        over()
        fail(fault)
      },
      again: () => again && lasting,
      patient: () => false,
    })
    return running
  })
}
/** Asks for bytes and grants as many more as its reader has taken. A cut before the first of them is made good; later it is a fault. */
export function download(link: Link, frame: Record<string, unknown>, signal?: AbortSignal): Promise<Download> {
  const queue = createQueue<Uint8Array>()
  return new Promise((resolve, reject) => {
    let begun = false
    const fail = (fault: Fault) => {
      signal?.removeEventListener('abort', giveUp)
      queue.end(fault)
      reject(fault)
    }
    const end = () => {
      running.end()
      signal?.removeEventListener('abort', giveUp)
      queue.end()
    }
    const giveUp = () => {
      running.send({ cancel: true })
      running.end()
      fail(new Fault('unavailable', 'The download was given up by its caller.', undefined, { retryable: false }))
    }
    async function* read(): AsyncGenerator<Uint8Array> {
      let taken = 0
      let whole = false
      try {
        for (let next = await queue.next(); next; next = await queue.next()) {
          yield next.value
          if (++taken < openCredit / 2) continue
          running.send({ credit: taken })
          taken = 0
        }
        whole = true
      } finally {
        if (!whole) running.send({ cancel: true })
        end()
      }
    }
    const running = link.add({
      start: (send) => send(frame),
      receive(answer) {
        const fault = faultIn(answer)
        if (fault) {
          running.end()
          return fail(fault)
        }
        if ('ok' in answer) {
          begun = true
          resolve({ value: answer.ok, bytes: read() })
        } else if (answer['end'] === true) end()
        else if (typeof answer['chunk'] === 'string') queue.push(fromBase64(answer['chunk']))
      },
      fail: (fault) =>
        fail(begun ? new Fault('unavailable', 'The download was cut; what came so far is not the whole.', undefined, { cause: fault }) : fault),
      again: () => !begun,
      patient: () => false,
    })
    signal?.addEventListener('abort', giveUp, { once: true })
    if (signal?.aborted) giveUp()
  })
}
