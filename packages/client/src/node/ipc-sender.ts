import { randomUUID } from 'node:crypto'
import type { Contract } from '@steward/contract'
import { operations } from '@steward/contract/daemon'
import type { Patience } from '../back-off.ts'
import { createFrameSender } from '../frame-sender.ts'
import type { Sender } from '../sender.ts'
import { ipcLines } from './ipc-line.ts'

export interface IpcSenderOptions {
  /** The path of the daemon's socket. */
  readonly socket: string
  /** The owner's token; it proves itself and is never sent. */
  readonly token: string
  /** Names this running client to the daemon; a random one unless said. */
  readonly instanceId?: string
  readonly contract?: Contract
  readonly pace?: Partial<Patience>
}
/** Talks to the daemon over its socket on this machine; makes the connection anew after a cut. */
export function createIpcSender({ socket, token, instanceId = randomUUID(), contract = operations, pace }: IpcSenderOptions): Sender {
  return createFrameSender(
    ipcLines(() => ({ socket, secret: token }), { instanceId, features: ['bytes'] }),
    { contract, pace },
  )
}
