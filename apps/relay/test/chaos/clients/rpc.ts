import type { Field } from '../field.ts'
import { openLine } from '../line.ts'

type Ack = { readonly ok: true; readonly result: string } | { readonly ok: false; readonly error: string }
const timeoutMs = 4_000
const allowanceMs = 1_000
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
    const ack = await socket.call<Ack>('rpc-call', { method, params, timeoutMs }, timeoutMs + allowanceMs).catch((error: Error) => error)
    if (!(ack instanceof Error)) {
      tally.most('longest RPC, ms', performance.now() - began)
      tally.count(ack.ok ? 'RPC answered' : `RPC failed: ${ack.error}`)
      if (ack.ok && ack.result !== answerTo(params)) tally.broken(`The call ${params} was answered ${ack.result}.`)
    } else if (!socket.socket.connected) tally.count('RPC failed: caller lost its connection')
    else if (field.disturbed(node, began)) tally.count('RPC failed: caller cut off')
    else tally.broken(`The call ${params} had no answer after ${Math.round(performance.now() - began)} ms, with time-out ${timeoutMs} ms.`)
    await field.pause(120)
  }
  line.close()
}
