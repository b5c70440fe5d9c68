import type { Fault } from '@steward/contract'
import type { Socket } from 'socket.io'
import type { Holder, RelayCaller } from './caller.ts'

export type Scope = 'user-scoped' | 'session-scoped' | 'machine-scoped'
/** A socket that is logged in. */
export interface Connection {
  readonly id: string
  readonly socket: Socket
  readonly holder: Holder
  readonly caller: RelayCaller
  readonly scope: Scope
  readonly sessionId?: string
  readonly machineId?: string
  /** Aborts when the socket is gone. */
  readonly gone: AbortSignal
}
/** An event that a client sends. What `handle` resolves to is the acknowledgement, whatever happens there is one. */
export interface SocketEvent {
  readonly event: string
  /**
   * `after`: it is handled when everything that its socket sent before has been. `free`: it may take long, stores nothing, and is bounded by its own room: it counts
   * for nothing here. `alone`: its answer may be large; a socket has one such event under way, begun when what was answered before has gone out. Otherwise a socket that has too many under way is not read for a while.
   */
  readonly order?: 'after' | 'free' | 'alone'
  handle(connection: Connection, payload: unknown): Promise<unknown> | unknown
  /** The acknowledgement of a refusal, in the form that the clients of this event read. */
  refused(fault: Fault): unknown
}
/** What a room does when a socket comes; what it answers is called when the socket goes. */
export type SocketGuest = (connection: Connection) => void | (() => void)

/** Rooms of Socket.IO in which live sockets hear changes and signals. A session's or machine's socket hears only of its own. */
const rooms = {
  user: (accountId: string) => `u:${accountId}`,
  session: (accountId: string, sessionId: string) => `s:${accountId}:${sessionId}`,
  machine: (accountId: string, machineId: string) => `m:${accountId}:${machineId}`,
}
/** Where those are who may hear of something: the account's own sockets, and those of the session or machine that it is about. */
export const roomsOf = (accountId: string, { sessionId, machineId }: { readonly sessionId?: string; readonly machineId?: string }): string[] => [
  rooms.user(accountId),
  ...(sessionId === undefined ? [] : [rooms.session(accountId, sessionId)]),
  ...(machineId === undefined ? [] : [rooms.machine(accountId, machineId)]),
]
export const roomOf = ({ holder, sessionId, machineId }: Pick<Connection, 'holder' | 'sessionId' | 'machineId'>): string =>
  sessionId !== undefined
    ? rooms.session(holder.accountId, sessionId)
    : machineId !== undefined
      ? rooms.machine(holder.accountId, machineId)
      : rooms.user(holder.accountId)
/** The fields of what a client sent; none for what is no object. */
export const fieldsOf = (payload: unknown): Readonly<Record<string, unknown>> =>
  typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {}
/** So much may wait to be sent to a socket before nobody should put more there. */
const behindBytes = 4 * 1024 * 1024
/** Whether a socket takes what it is sent so slowly that more than 4 MiB wait for it in this process. */
export function isBehind({ socket }: Pick<Connection, 'socket'>): boolean {
  // What Engine.IO has not handed to the network yet; its types keep it to itself.
  const { writeBuffer } = socket.conn as unknown as { writeBuffer: readonly { readonly data?: { readonly length: number } }[] }
  let bytes = 0
  for (const { data } of writeBuffer) if ((bytes += data?.length ?? 0) > behindBytes) return true
  return false
}
