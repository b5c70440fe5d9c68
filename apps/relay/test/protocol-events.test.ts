import { randomUUID } from 'node:crypto'
import type { RelaySocket } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { onEveryKind } from './kinds.ts'
import { anything } from './protocol.ts'

type Who = 'phone' | 'cli' | 'machine'
/** What the other side must hear, beside the acknowledgement: an update by its `t`, an ephemeral by its `type`, or an event by its name. */
interface Hears {
  readonly who: Who
  readonly update?: string
  readonly ephemeral?: string
  readonly event?: string
}
interface Row {
  readonly who: Who
  readonly event: string
  readonly payload: unknown
  /** Undefined: the existing clients ask for none. */
  readonly ack?: unknown
  readonly hears?: readonly Hears[]
}
const artifactId = randomUUID()
const rows = (sid: string, machineId: string): readonly Row[] => [
  {
    who: 'cli',
    event: 'message',
    payload: { sid, message: 'm', localId: 'l' },
    ack: { ok: true, seq: 1 },
    hears: [{ who: 'phone', update: 'new-message' }],
  },
  { who: 'phone', event: 'message', payload: { sid, message: 'n' }, hears: [{ who: 'cli', update: 'new-message' }] },
  { who: 'phone', event: 'message', payload: { sid: 'none', message: 'n' }, ack: { ok: false, error: 'Session not found' } },
  { who: 'cli', event: 'session-alive', payload: { sid, time: Date.now(), thinking: true }, hears: [{ who: 'phone', ephemeral: 'activity' }] },
  {
    who: 'cli',
    event: 'update-metadata',
    payload: { sid, expectedVersion: 0, metadata: 'x' },
    ack: { result: 'success', version: 1, metadata: 'x' },
    hears: [
      { who: 'phone', update: 'update-session' },
      { who: 'cli', update: 'update-session' },
    ],
  },
  {
    who: 'cli',
    event: 'update-metadata',
    payload: { sid, expectedVersion: 0, metadata: 'y' },
    ack: { result: 'version-mismatch', version: 1, metadata: 'x' },
  },
  { who: 'cli', event: 'update-metadata', payload: { sid: 'none', expectedVersion: 0, metadata: 'y' }, ack: { result: 'error' } },
  {
    who: 'cli',
    event: 'update-state',
    payload: { sid, expectedVersion: 0, agentState: null },
    ack: { result: 'success', version: 1, agentState: null },
  },
  {
    who: 'cli',
    event: 'update-state',
    payload: { sid, expectedVersion: 7, agentState: 'z' },
    ack: { result: 'version-mismatch', version: 1, agentState: null },
  },
  { who: 'machine', event: 'machine-alive', payload: { machineId, time: Date.now() }, hears: [{ who: 'phone', ephemeral: 'machine-activity' }] },
  {
    who: 'machine',
    event: 'machine-update-metadata',
    payload: { machineId, metadata: 'x', expectedVersion: 1 },
    ack: { result: 'success', version: 2, metadata: 'x' },
    hears: [
      { who: 'phone', update: 'update-machine' },
      { who: 'machine', update: 'update-machine' },
    ],
  },
  {
    who: 'machine',
    event: 'machine-update-metadata',
    payload: { machineId, metadata: 'y', expectedVersion: 1 },
    ack: { result: 'version-mismatch', version: 2, metadata: 'x' },
  },
  {
    who: 'machine',
    event: 'machine-update-state',
    payload: { machineId, daemonState: 's', expectedVersion: 1 },
    ack: { result: 'success', version: 2, daemonState: 's' },
  },
  {
    who: 'machine',
    event: 'machine-update-state',
    payload: { machineId: 'none', daemonState: 's', expectedVersion: 1 },
    ack: { result: 'error', message: anything.string },
  },
  { who: 'machine', event: 'rpc-register', payload: { method: `${machineId}:bash` }, hears: [{ who: 'machine', event: 'rpc-registered' }] },
  { who: 'phone', event: 'rpc-call', payload: { method: `${machineId}:bash`, params: 'p' }, ack: { ok: true, result: 'answer to p' } },
  { who: 'machine', event: 'rpc-unregister', payload: { method: `${machineId}:bash` }, hears: [{ who: 'machine', event: 'rpc-unregistered' }] },
  { who: 'phone', event: 'rpc-register', payload: { method: `${machineId}:bash` }, hears: [{ who: 'phone', event: 'rpc-error' }] },
  {
    who: 'cli',
    event: 'usage-report',
    payload: { key: 'k', sessionId: sid, tokens: { total: 5 }, cost: { total: 0.1 } },
    ack: { success: true, reportId: anything.string, createdAt: anything.number, updatedAt: anything.number },
    hears: [{ who: 'phone', ephemeral: 'usage' }],
  },
  {
    who: 'cli',
    event: 'usage-report',
    payload: { key: 'k', sessionId: 'none', tokens: { total: 5 }, cost: { total: 0.1 } },
    ack: { success: false, error: anything.string },
  },
  { who: 'cli', event: 'ping', payload: {}, ack: {} },
  { who: 'phone', event: 'app-state', payload: { state: 'active' } },
  { who: 'phone', event: 'access-key-get', payload: { sessionId: sid, machineId }, ack: { ok: true, accessKey: null } },
  { who: 'phone', event: 'access-key-get', payload: { sessionId: 'none', machineId }, ack: { ok: false, error: anything.string } },
  {
    who: 'phone',
    event: 'artifact-create',
    payload: { id: artifactId, header: 'aA==', body: 'Yg==', dataEncryptionKey: 'aw==' },
    ack: { result: 'success', artifact: { id: artifactId } },
    hears: [{ who: 'phone', update: 'new-artifact' }],
  },
  {
    who: 'phone',
    event: 'artifact-read',
    payload: { artifactId },
    ack: { result: 'success', artifact: { id: artifactId, header: 'aA==', body: 'Yg==' } },
  },
  {
    who: 'phone',
    event: 'artifact-update',
    payload: { artifactId, header: { data: 'aGg=', expectedVersion: 1 } },
    ack: { result: 'success', header: { version: 2, data: 'aGg=' } },
    hears: [{ who: 'phone', update: 'update-artifact' }],
  },
  {
    who: 'phone',
    event: 'artifact-update',
    payload: { artifactId, header: { data: 'aQ==', expectedVersion: 1 } },
    ack: { result: 'version-mismatch', header: { currentVersion: 2, currentData: 'aGg=' } },
  },
  {
    who: 'phone',
    event: 'artifact-delete',
    payload: { artifactId },
    ack: { result: 'success' },
    hears: [{ who: 'phone', update: 'delete-artifact' }],
  },
  { who: 'phone', event: 'artifact-read', payload: { artifactId }, ack: { result: 'error', message: anything.string } },
  { who: 'cli', event: 'session-end', payload: { sid, time: Date.now() }, hears: [{ who: 'phone', ephemeral: 'activity' }] },
  { who: 'machine', event: 'stream-listen', payload: {}, ack: { ok: true } },
  { who: 'phone', event: 'stream-open', payload: { machineId: 'none' }, ack: { ok: false, error: 'The machine is offline.' } },
  { who: 'phone', event: 'stream-resume', payload: { streamId: 's', key: 'k', received: 0 }, ack: { ok: false } },
  { who: 'phone', event: 'stream-close', payload: { streamId: 's' }, ack: { ok: false } },
  { who: 'phone', event: 'stream-credit', payload: { streamId: 's', upTo: 1 }, hears: [{ who: 'phone', event: 'refused' }] },
  { who: 'phone', event: 'stream-data', payload: { streamId: 's', offset: 0, data: Buffer.from('x') }, hears: [{ who: 'phone', event: 'refused' }] },
]

onEveryKind((begin) => {
  test('every event of the clients is answered, and those who must hear of it do', async () => {
    const relay = await begin()
    const { api, socket, socketElsewhere } = await relay.account()
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    const sid = body.session.id
    const machineId = randomUUID()
    await api.post('/v1/machines', { id: machineId, metadata: 'm', daemonState: 'd' })
    const sockets: Record<Who, RelaySocket> = {
      phone: await socket(),
      cli: await socketElsewhere({ clientType: 'session-scoped', sessionId: sid }),
      machine: await socketElsewhere({ clientType: 'machine-scoped', machineId }),
    }
    sockets.machine.socket.on('rpc-request', ({ params }: { params: string }, answer: (value: string) => void) => answer(`answer to ${params}`))
    for (const row of rows(sid, machineId)) {
      const told = (row.hears ?? []).map(({ who, update, ephemeral, event }) => {
        const listener = sockets[who]
        listener.updates.length = 0
        listener.ephemerals.length = 0
        if (update !== undefined) return listener.next(({ body: { t } }) => t === update)
        if (ephemeral !== undefined) return listener.nextEphemeral(({ type }) => type === ephemeral)
        return new Promise((resolve) => listener.socket.once(event ?? '', resolve))
      })
      const label = `${row.event} ${JSON.stringify(row.payload).slice(0, 120)}`
      if (row.ack === undefined) sockets[row.who].socket.emit(row.event, row.payload)
      else expect(await sockets[row.who].call(row.event, row.payload), label).toMatchObject(row.ack as object)
      await Promise.all(told).catch((error: unknown) => {
        throw new Error(`${label}: ${(error as Error).message}`, { cause: error })
      })
    }
    expect(relay.reported).toEqual([])
  })
})
