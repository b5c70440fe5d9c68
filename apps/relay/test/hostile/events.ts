import type { World } from './world.ts'
import { mark } from './world.ts'

/** What another account sends over a socket of its own, naming all it can of the victim's. Whether there is an answer is not asked: what there is names nothing of the victim's. */
export const events: Readonly<Record<string, (world: World) => unknown>> = {
  message: ({ session }) => ({ sid: session, message: 'theirs', localId: 'l' }),
  'session-alive': ({ session }) => ({ sid: session, time: Date.now(), thinking: true }),
  'session-end': ({ session }) => ({ sid: session, time: Date.now() }),
  'update-metadata': ({ session }) => ({ sid: session, expectedVersion: 0, metadata: 'theirs' }),
  'update-state': ({ session }) => ({ sid: session, expectedVersion: 0, agentState: null }),
  'machine-alive': ({ machine }) => ({ machineId: machine, time: Date.now() }),
  'machine-update-metadata': ({ machine }) => ({ machineId: machine, metadata: 'theirs', expectedVersion: 0 }),
  'machine-update-state': ({ machine }) => ({ machineId: machine, daemonState: 'theirs', expectedVersion: 0 }),
  'rpc-register': ({ machine }) => ({ method: `${machine}:bash` }),
  'rpc-unregister': ({ machine }) => ({ method: `${machine}:bash` }),
  'rpc-call': ({ machine }) => ({ method: `${machine}:bash`, params: 'theirs', timeoutMs: 500 }),
  'rpc-cancel': ({ machine }) => ({ method: `${machine}:bash`, id: 'x' }),
  'usage-report': ({ session }) => ({ key: mark, sessionId: session, tokens: { total: 1 }, cost: { total: 1 } }),
  'app-state': () => ({ state: 'active' }),
  'access-key-get': ({ session, machine }) => ({ sessionId: session, machineId: machine }),
  'artifact-read': ({ artifact }) => ({ artifactId: artifact }),
  'artifact-update': ({ artifact }) => ({ artifactId: artifact, header: { data: 'QQ==', expectedVersion: 1 } }),
  'artifact-delete': ({ artifact }) => ({ artifactId: artifact }),
  'stream-listen': () => ({}),
  'stream-data': () => ({ streamId: 'x', offset: 0, data: Buffer.from('theirs') }),
  'stream-credit': () => ({ streamId: 'x', upTo: 9 }),
  'stream-close': () => ({ streamId: 'x' }),
  'stream-resume': () => ({ streamId: 'x', key: 'x', received: 0 }),
  'stream-open': ({ machine }) => ({ machineId: machine, meta: 'theirs' }),
}
