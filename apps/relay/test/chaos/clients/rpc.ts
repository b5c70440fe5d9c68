import { setTimeout as delay } from 'node:timers/promises'
import type { Field } from '../field.ts'
import { openLine } from '../line.ts'

type Ack = { readonly ok: true; readonly result: string } | { readonly ok: false; readonly error: string }
const timeoutMs = 4_000
const allowanceMs = 1_000
const longestMs = 30_000
const answerTo = (params: string) => `answer to ${params}`

/** A machine that serves one method, and registers it again wherever it comes back. Until the returned function is called. */
export function serveMethod(field: Field, machineId: string): { readonly method: string; close(): void } {
  const method = `${machineId}:echo`
  const served = new Set<string>()
  const line = openLine({
    field,
    handshake: () => ({ clientType: 'machine-scoped', machineId }),
    before(socket) {
      socket.on('rpc-request', ({ params }: { params: string }, give: (result: string) => void) => {
        if (served.has(params)) field.tally.broken(`The call ${params} came twice.`)
        served.add(params)
        setTimeout(() => give(answerTo(params)), field.chance.next() * 20)
      })
    },
    opened(socket) {
      const register = async (): Promise<void> => {
        const ack = await socket.call<{ ok: boolean }>('rpc-register', { method }, 3_000).catch(() => undefined)
        if (ack?.ok === true) return field.tally.count('RPC registrations')
        if (socket.socket.connected) return register()
      }
      void register()
    },
  })
  return { method, close: () => line.close() }
}
/** Calls the method one call after the other. Each must be answered rightly, or fail within its time-out. */
export async function callMethod(field: Field, method: string, name: string): Promise<void> {
  const { tally } = field
  const line = openLine({ field })
  for (let at = 0; !field.isOver(); at++) {
    const { socket, node } = await line.connected()
    const params = `${name}.${at}`
    const began = performance.now()
    let isOver = false
    const call = socket
      .call<Ack>('rpc-call', { method, params, timeoutMs }, longestMs)
      .catch(() => undefined)
      .finally(() => (isOver = true))
    // Its time begins when its node has it: what was sent after it on the same socket has been answered then.
    const isDue = async () => {
      await socket.call('ping', {}, longestMs).catch(() => undefined)
      await delay(timeoutMs + allowanceMs, undefined, { ref: false })
    }
    await Promise.race([call, isDue()])
    if (!isOver) {
      // A node that is slow in everything answers what came later no sooner.
      await socket.call('ping', {}, longestMs).catch(() => undefined)
      if (!isOver && socket.socket.connected && !field.disturbed(node, began))
        tally.broken(`The call ${params} had no answer after ${Math.round(performance.now() - began)} ms, with time-out ${timeoutMs} ms.`)
      tally.count('RPC over late, on a node that was slow or cut off')
    }
    const ack = await call
    tally.most('longest RPC, ms', performance.now() - began)
    tally.count(ack === undefined ? 'RPC failed: caller lost its connection' : ack.ok ? 'RPC answered' : `RPC failed: ${ack.error}`)
    if (ack?.ok === true && ack.result !== answerTo(params)) tally.broken(`The call ${params} was answered ${ack.result}.`)
    await field.pause(120)
  }
  line.close()
}
