import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Fault } from '@steward/contract'
import { operations, type OperationName, type Operations } from '@steward/contract/daemon'
import type { Answer, Contract, Sent } from '@steward/contract'
import { createCall, type Call, type Caller, type CallOptions } from '@steward/kernel'
import { createAgentsRoom } from '../src/domains/agents/room.ts'
import { createAuditRoom } from '../src/domains/audit/room.ts'
import { createBackupsRoom } from '../src/domains/backups/room.ts'
import { createEventsRoom } from '../src/domains/events/room.ts'
import { createFilesRoom } from '../src/domains/files/room.ts'
import { createModelsRoom } from '../src/domains/models/room.ts'
import { createSettingsRoom } from '../src/domains/settings/room.ts'
import { createSystemRoom } from '../src/domains/system/room.ts'
import { programVersion } from '../src/domains/system/version.ts'
import { createGatewayKey, createOwnerToken } from '../src/domains/tokens/owner-token.ts'
import { createTokensRoom } from '../src/domains/tokens/room.ts'
import { createUsageRoom } from '../src/domains/usage/room.ts'
import { agentsMigrations } from '../src/migrations/agents.ts'
import { chatMigrations } from '../src/migrations/chat.ts'
import { settingsMigrations } from '../src/migrations/settings.ts'
import { createByteStore } from '../src/platform/byte-store.ts'
import { probeProvider } from '../src/platform/model-probe.ts'
import { knownModels, modelFacts } from '../src/platform/models/prices.ts'
import { openSecretBox } from '../src/platform/secrets/box.ts'
import { keyFile } from '../src/platform/secrets/key-file.ts'
import { createLedger } from '../src/platform/storage/ledger.ts'
import { openStore } from '../src/platform/storage/store.ts'

export const ownerCaller: Caller = { id: 'owner', kind: 'owner', door: 'test', scopes: ['*'] }
export interface HarnessOptions {
  readonly home?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly failuresPerMinute?: number
  /** How providers are asked, where that is not over the network. */
  readonly probe?: typeof probeProvider
}
/** A data folder that goes with `dispose`. */
export function createHome(): { home: string; dispose(): void } {
  const home = mkdtempSync(path.join(tmpdir(), 'steward-rooms-'))
  return { home, dispose: () => rmSync(home, { recursive: true, force: true }) }
}
/** The rooms of this folder's tests over three real databases, called through the kernel. */
export async function createRoomHarness({ home: given, env = {}, failuresPerMinute, probe = probeProvider }: HarnessOptions = {}) {
  const made = given === undefined ? createHome() : undefined
  const home = given ?? made?.home ?? ''
  const chat = await openStore(home, 'chat', chatMigrations)
  const agents = await openStore(home, 'agents', agentsMigrations)
  const settings = await openStore(home, 'settings', settingsMigrations)
  const stores = { chat, agents, settings }
  const logs = { chat: chat.log, agents: agents.log, settings: settings.log }
  const reported: unknown[] = []
  const report = (error: unknown) => void reported.push(error)
  const box = openSecretBox(home)
  const [ownerToken, gatewayKey] = [createOwnerToken(home), createGatewayKey(home)]
  const bytes = createByteStore(home)
  const sessionRow = chat.db.prepare('SELECT 1 FROM sessions WHERE id = ?')
  const stopped: string[] = []

  const settingsRoom = createSettingsRoom(settings.db, { env })
  const tokensRoom = createTokensRoom(settings, {
    ownerToken,
    gatewayKey,
    box,
    url: () => 'http://127.0.0.1:4100',
    report,
    ...(failuresPerMinute === undefined ? {} : { failuresPerMinute }),
  })
  const agentsRoom = createAgentsRoom(agents.db)
  const modelsRoom = createModelsRoom(settings.db, {
    box,
    env,
    table: { known: knownModels, facts: modelFacts },
    wanted: () => settingsRoom.settings.get('models.default'),
    probe,
    rotation: { added: () => [], turn: (credentials) => ({ credentials: credentials.slice(0, 1), waitMs: null }), forget: () => false },
  })
  const usageRoom = createUsageRoom(agents, { log: chat.log, report })
  const auditRoom = createAuditRoom(agents, { logs, key: keyFile(path.join(home, 'audit.key')), report })
  const filesRoom = createFilesRoom(chat, {
    bytes,
    maxBytes: () => settingsRoom.settings.get('files.maxBytes'),
    sessionExists: (id) => sessionRow.get(id) !== undefined,
    report,
  })
  const handlers = {
    ...settingsRoom.handlers,
    ...tokensRoom.handlers,
    ...agentsRoom.handlers,
    ...modelsRoom.handlers,
    ...usageRoom.handlers,
    ...auditRoom.handlers,
    ...filesRoom.handlers,
    ...createEventsRoom(logs).handlers,
    ...createBackupsRoom({ home, version: programVersion(), holdBytes: bytes.hold }).handlers,
    ...createSystemRoom({
      version: programVersion(),
      home,
      startedAt: new Date().toISOString(),
      sandbox: 'none',
      addresses: () => ({ url: null, socket: null }),
      runs: () => ({ running: 0, waiting: 0, queued: 0 }),
      databases: () =>
        Object.values(stores).map((store) => ({ name: store.name, bytes: store.walBytes(), healthy: store.trouble() === null, message: null })),
      executions: () => ({ running: 0, waiting: 0, queued: 0 }),
      host: { onStop: () => void stopped.push('stop') },
    }).handlers,
  }
  const contract = Object.fromEntries(Object.keys(handlers).map((name) => [name, operations[name as OperationName]]))
  const call: Call = createCall(contract as Contract, handlers as never, createLedger(stores, auditRoom.refusals), report)
  usageRoom.start()
  auditRoom.start()
  await filesRoom.sweepBytes()
  return {
    home,
    stores,
    logs,
    handlers,
    reported,
    stopped,
    bytes,
    ownerToken,
    call,
    tokens: tokensRoom,
    agents: agentsRoom,
    models: modelsRoom,
    settings: settingsRoom.settings,
    usage: usageRoom,
    audit: auditRoom,
    files: filesRoom,
    /** Calls an operation as the owner, or as the caller given. */
    async ask<N extends keyof typeof handlers & OperationName>(name: N, input: Sent<Operations[N]>, options: CallOptions & { caller?: Caller } = {}) {
      return (await call(options.caller ?? ownerCaller, name, input, options)).value as Answer<Operations[N]>
    },
    /** The fault a call ends with. */
    async refusal(name: OperationName, input: unknown, caller = ownerCaller, options: CallOptions = {}): Promise<Fault> {
      return call(caller, name, input, options).then(
        () => {
          throw new Error(`${name} was expected to be refused.`)
        },
        (fault: Fault) => fault,
      )
    },
    /** A session row, as the sessions room would leave it. */
    addSession(id: string) {
      chat.log.commit(() => {
        chat.db
          .prepare(
            `INSERT INTO sessions (id, title, agent_id, model, workspace, permission_mode, status, created_at, updated_at)
             VALUES (?, 'a', 'agt_default', 'builtin', '/', 'ask', 'idle', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`,
          )
          .run(id)
      })
    },
    removeSession(id: string) {
      chat.log.commit((emit) => {
        chat.db.prepare('DELETE FROM sessions WHERE id = ?').run(id)
        emit('session.deleted', { id }, { sessionId: id })
      })
    },
    async close() {
      tokensRoom.close()
      await usageRoom.close()
      await auditRoom.close()
      await filesRoom.close()
      await Promise.all(Object.values(stores).map((store) => store.close()))
      made?.dispose()
    },
  }
}
export type RoomHarness = Awaited<ReturnType<typeof createRoomHarness>>
