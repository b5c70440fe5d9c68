import { isBehind, type Connection } from '../../connection.ts'
import type { Nodes } from '../../platform/nodes.ts'
import type { Registry } from './registry.ts'
import type { Remote } from './remote.ts'
import type { Seen } from './seen.ts'
import type { Targets } from './targets.ts'
import { failed, timedOut, unavailable, type RpcAck, type RpcRequest } from './topics.ts'

export interface CallPorts {
  readonly registry: Registry
  readonly targets: Targets
  readonly remote: Remote
  readonly seen: Seen
  readonly nodes: Nodes
  report(error: unknown): void
}
interface Call {
  readonly from: Connection
  readonly request: RpcRequest
  /** Milliseconds since 1970. */
  readonly deadline: number
  isOver: boolean
  isAsked: boolean
  /** Takes back what the call stands on now: a question, or a wait. */
  undo: (() => void) | undefined
  /** A holder that turned out not to serve it. */
  tried: string | undefined
  /** Ends it at its deadline, whatever it stands on: also where nobody says who serves the method. */
  clock: NodeJS.Timeout | undefined
  end(ack: RpcAck): void
}
/** So much may be under way at once on this node. */
const most = { ofSocket: 256, ofAccount: 1_024, bytesOfAccount: 64 * 1024 * 1024 }
/** So long a method is waited for whose node is not there any more. */
const lostMs = 15_000

/** The calls of this node's sockets: each ends with the target's answer, or with why there is none, once. */
export function createCalls({ registry, targets, remote, seen, nodes, report }: CallPorts) {
  const ofSocket = new Map<string, Set<Call>>()
  const ofAccount = new Map<string, { calls: number; bytes: number }>()

  const here = (call: Call): boolean => {
    const { from, request, deadline } = call
    const target = registry.here(from.holder.accountId, request.method)
    if (target === undefined) return false
    call.isAsked = true
    if (target.id === from.id) call.end(failed('Cannot call RPC on the same socket'))
    else call.undo = targets.ask(target, request, deadline - Date.now(), call.end)
    return true
  }
  /** Brings a call to its target if there is one; answers how it stands. */
  const bring = async (call: Call): Promise<'on its way' | 'lost' | 'unknown'> => {
    const { from, request, deadline } = call
    const { accountId } = from.holder
    if (call.isOver || call.isAsked || here(call)) return 'on its way'
    const holder = await registry.elsewhere(accountId, request.method)
    if (call.isOver || call.isAsked || here(call)) return 'on its way'
    if (holder === undefined) return 'unknown'
    const name = `${holder.node} ${holder.socket}`
    if (name === call.tried || !nodes.isThere(holder.node)) return 'lost'
    call.isAsked = true
    call.undo = remote.ask(holder.node, accountId, request, deadline - Date.now(), (ack) => {
      if (ack !== undefined || call.isOver) return call.end(ack ?? failed(unavailable))
      Object.assign(call, { isAsked: false, tried: name })
      wait(call, lostMs)
    })
    return 'on its way'
  }
  /** Waits for a method that is likely to come, or come back. */
  const wait = (call: Call, graceMs: number): void => {
    const { from, request, deadline } = call
    const stop = () => {
      clearTimeout(clock)
      off()
    }
    const again = () =>
      void bring(call).then(
        (how) => (how === 'on its way' ? stop() : undefined),
        (error: unknown) => report(error),
      )
    const over = () => {
      stop()
      call.end(failed(unavailable))
    }
    const clock = setTimeout(over, Math.max(1, Math.min(graceMs, deadline - Date.now())))
    const off = registry.onRegistered(from.holder.accountId, request.method, again)
    call.undo = stop
    again()
  }
  const route = async (call: Call): Promise<void> => {
    const how = await bring(call)
    if (how === 'on its way') return
    const { from, request } = call
    const scopeId = request.method.slice(0, Math.max(0, request.method.lastIndexOf(':')))
    const graceMs = how === 'lost' ? lostMs : seen.worthMs(from.holder.accountId, scopeId)
    if (graceMs > 0) wait(call, graceMs)
    else call.end(failed(unavailable))
  }
  return {
    begin(from: Connection, request: RpcRequest, timeoutMs: number): Promise<RpcAck> | RpcAck {
      const mine = ofSocket.get(from.id) ?? new Set()
      const all = ofAccount.get(from.holder.accountId) ?? { calls: 0, bytes: 0 }
      const bytes = request.params.length
      if (isBehind(from)) return failed('This socket does not keep up with the answers it has asked for.')
      const tooMany = mine.size >= most.ofSocket || all.calls >= most.ofAccount
      if (tooMany || all.bytes + bytes > most.bytesOfAccount) return failed('Too many RPC calls are under way; call again when some have ended.')
      if (request.callId !== undefined) for (const other of mine) if (other.request.callId === request.callId) return failed('This callId is in use.')
      return new Promise((resolve) => {
        const call: Call = {
          from,
          request,
          deadline: Date.now() + timeoutMs,
          isOver: false,
          isAsked: false,
          undo: undefined,
          tried: undefined,
          clock: undefined,
          end(ack) {
            if (call.isOver) return
            call.isOver = true
            clearTimeout(call.clock)
            mine.delete(call)
            if (mine.size === 0) ofSocket.delete(from.id)
            all.bytes -= bytes
            if (--all.calls === 0) ofAccount.delete(from.holder.accountId)
            resolve(ack)
          },
        }
        ofSocket.set(from.id, mine.add(call))
        all.calls++
        all.bytes += bytes
        ofAccount.set(from.holder.accountId, all)
        if (here(call)) return
        call.clock = setTimeout(() => drop(call, call.isAsked ? timedOut : unavailable), timeoutMs)
        route(call).catch((error: unknown) => {
          report(error)
          call.end(failed(unavailable))
        })
      })
    },
    /** The caller wants no answer any more. False where there is no such call. */
    cancel({ id }: Connection, callId: string): boolean {
      for (const call of ofSocket.get(id) ?? []) if (call.request.callId === callId) return drop(call, cancelled)
      return false
    },
    /** A caller has gone: nobody waits for its answers. */
    left({ id }: Connection): void {
      for (const call of ofSocket.get(id) ?? []) drop(call, cancelled)
    },
  }
}
export type Calls = ReturnType<typeof createCalls>
const cancelled = 'The RPC call was cancelled.'
function drop(call: Call, why: string): true {
  call.undo?.()
  call.end(failed(why))
  return true
}
