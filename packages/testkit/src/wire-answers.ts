import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Frame, Wire } from './wire-format.ts'
import { modelOf } from './wire-format.ts'
import { turnIndex } from './wire-script.ts'
import type { Script, Turn, WireFault, WireRequest } from './wire-script.ts'

export interface WireAnswers {
  push(turn: Turn): void
  release(gate: string): void
  /** Gives one answer, faults included. Resolves when it is written or the client has gone. */
  answer(wire: Wire, request: WireRequest, response: ServerResponse): Promise<void>
}

/** The part of the wire server that decides and writes the answers. */
export function createWireAnswers(choose: Script): WireAnswers {
  const pushed: Turn[] = []
  const gates = new Map<string, PromiseWithResolvers<void>>()
  const faulted = new Map<number, number>()
  const serialised = new WeakMap<Turn, Map<string, readonly Frame[]>>()

  const gate = (name: string): PromiseWithResolvers<void> => {
    const found = gates.get(name) ?? Promise.withResolvers<void>()
    gates.set(name, found)
    return found
  }
  const framesOf = (wire: Wire, turn: Turn, index: number, request: WireRequest): readonly Frame[] => {
    const known = serialised.get(turn) ?? new Map<string, readonly Frame[]>()
    serialised.set(turn, known)
    const shape = `${wire.format} ${index} ${modelOf(request)} ${JSON.stringify(request.body['stream_options'] ?? null)}`
    const frames = known.get(shape) ?? wire.frames(turn, index, request)
    known.set(shape, frames)
    return frames
  }
  const faultOf = (turn: Turn, index: number): WireFault | undefined => {
    const { fault } = turn
    if (fault?.times === undefined) return fault
    const seen = faulted.get(index) ?? 0
    if (seen >= fault.times) return undefined
    faulted.set(index, seen + 1)
    return fault
  }

  return {
    push: (turn) => void pushed.push(turn),
    release: (name) => gate(name).resolve(),
    async answer(wire, request, response) {
      const turn = pushed.shift() ?? choose(request)
      const index = turnIndex(request)
      const fault = faultOf(turn, index)
      const gone = new AbortController()
      response.on('close', () => gone.abort())
      try {
        if (turn.firstByteMs !== undefined) await delay(turn.firstByteMs, undefined, { signal: gone.signal })
        if (fault?.kind === 'status' || fault?.kind === 'overflow' || fault?.kind === 'unauthorized') return refuse(wire, fault, response)
        const opened = (name: string | Promise<unknown>): Promise<unknown> =>
          orGone(typeof name === 'string' ? gate(name).promise : name, gone.signal)
        if (fault?.kind === 'hang' && fault.afterDeltas === undefined) await opened(fault.gate)
        if (request.body['stream'] !== true) return void response.writeHead(200, json).end(JSON.stringify(wire.body(turn, index, request)))
        response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', 'request-id': 'req_wire' })
        const frames = framesOf(wire, turn, index, request)
        const endless = fault?.kind === 'endless'
        const stopAt = fault !== undefined && 'afterDeltas' in fault ? fault.afterDeltas : fault?.kind === 'malformed' ? 0 : undefined
        let deltas = 0
        for (const { bytes, delta } of frames) {
          if (stopAt !== undefined && fault !== undefined && delta && deltas === stopAt && (await interrupt(fault, wire, response, opened))) return
          if (delta && turn.deltaMs !== undefined) await delay(turn.deltaMs, undefined, { signal: gone.signal })
          await write(response, bytes, gone.signal)
          if (delta) deltas += 1
          if (endless && delta) break
        }
        if (endless) {
          const { bytes } = wire.textDelta('and on ', index, request)
          for (;;) {
            await delay(turn.deltaMs ?? 1, undefined, { signal: gone.signal })
            await write(response, bytes, gone.signal)
          }
        }
        response.end()
      } catch (error) {
        if (!gone.signal.aborted) throw error
      }
    },
  }
}

const json = { 'content-type': 'application/json' }

/** Does what the fault says at its place in the stream. True: the answer is over. */
async function interrupt(
  fault: WireFault,
  wire: Wire,
  response: ServerResponse,
  opened: (gate: string | Promise<unknown>) => Promise<unknown>,
): Promise<boolean> {
  if (fault.kind === 'hang') {
    await opened(fault.gate)
    return false
  }
  if (fault.kind === 'malformed') {
    response.end('data: {"type": "broken", \n\n')
    return true
  }
  if (fault.kind === 'error-event') {
    response.end(wire.errorEvent(fault.message ?? 'Overloaded').bytes)
    return true
  }
  if (fault.kind === 'cut') {
    // What was written must have left the process, or the client would see fewer deltas than the script says.
    await new Promise((resolve) => response.write('\n', resolve))
    response.destroy()
    return true
  }
  response.end()
  return true
}

function refuse(wire: Wire, fault: Parameters<Wire['error']>[0], response: ServerResponse): void {
  const { status, body } = wire.error(fault)
  const retryAfter = fault.kind === 'status' ? fault.retryAfter : undefined
  response.writeHead(status, retryAfter === undefined ? json : { ...json, 'retry-after': String(retryAfter) }).end(JSON.stringify(body))
}

async function write(response: ServerResponse, bytes: Buffer, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (!response.write(bytes)) await once(response, 'drain', { signal })
}

function orGone(promise: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return Promise.race([promise, once(signal, 'abort').then(() => signal.throwIfAborted())])
}
