import { realpathSync } from 'node:fs'
import path from 'node:path'
import { operations, protocol } from '@steward/contract/daemon'
import { createCall } from '@steward/kernel'
import { createAgentsRoom } from './domains/agents/room.ts'
import { createApprovalsRoom } from './domains/approvals/room.ts'
import { createApprovalStore } from './domains/approvals/store.ts'
import { createAuditRoom } from './domains/audit/room.ts'
import { createBackupsRoom } from './domains/backups/room.ts'
import { createEventsRoom } from './domains/events/room.ts'
import { createFilesRoom } from './domains/files/room.ts'
import { createMessagesRoom } from './domains/messages/room.ts'
import { createModelsRoom } from './domains/models/room.ts'
import { createPermissionsRoom } from './domains/permissions/room.ts'
import { createRuleStore } from './domains/permissions/store.ts'
import { createQuestionsRoom } from './domains/questions/room.ts'
import { createQuestionStore } from './domains/questions/store.ts'
import { createActions } from './domains/runs/actions.ts'
import { createCallStore } from './domains/runs/call-store.ts'
import { createLedgerStore } from './domains/runs/ledger-store.ts'
import { createRunsRoom } from './domains/runs/room.ts'
import { createRunStore } from './domains/runs/store.ts'
import { createCheckpointStore } from './domains/sessions/checkpoint-store.ts'
import { createSessionsRoom } from './domains/sessions/room.ts'
import { createSettingsRoom } from './domains/settings/room.ts'
import { createSystemRoom } from './domains/system/room.ts'
import { programVersion } from './domains/system/version.ts'
import { createTasksRoom } from './domains/tasks/room.ts'
import { createGatewayKey, createOwnerToken } from './domains/tokens/owner-token.ts'
import { createTokensRoom } from './domains/tokens/room.ts'
import { createUsageRoom } from './domains/usage/room.ts'
import { createByteStore } from './platform/byte-store.ts'
import { createFeed } from './platform/feed.ts'
import { createFiles } from './platform/files/files.ts'
import { followPath } from './platform/files/real-path.ts'
import { createLive } from './platform/live.ts'
import { createLogger } from './platform/logger.ts'
import { probeProvider } from './platform/model-probe.ts'
import { knownModels, modelFacts } from './platform/models/prices.ts'
import { createLiveFetcher } from './platform/net/fetcher.ts'
import { createProcesses } from './platform/processes/processes.ts'
import { createRedactor, secretsOf } from './platform/redact.ts'
import { openSecretBox } from './platform/secrets/box.ts'
import { keyFile } from './platform/secrets/key-file.ts'
import { createLedger } from './platform/storage/ledger.ts'
import { builtinTools } from './tools/builtin.ts'
import { createJudge } from './tools/permissions/judge.ts'
import { createRegistry } from './tools/registry.ts'
import { wireWork } from './app-work.ts'
import { createMaintenance } from './maintenance.ts'
import { createModelSource } from './model-source.ts'
import { createSecretWords } from './secret-words.ts'
import { openStores } from './stores.ts'
import type { App, AppOptions } from './app-types.ts'

/** The composition root: the only file that knows every room. Opens the databases and wires everything; starts nothing by itself. */
export async function openApp(options: AppOptions): Promise<App> {
  const { env = process.env } = options
  const home = realpathSync(options.home)
  const startedAt = new Date().toISOString()
  const version = programVersion()
  let addresses: { url: string | null; socket: string | null } = { url: null, socket: null }

  const stores = await openStores(home, options.sync)
  const { chat, agents: agentsDb, settings: settingsDb } = stores
  const { settings, keep, handlers: settingsHandlers } = createSettingsRoom(settingsDb.db, env)
  if (settings.get('storage.sync') === 'full') for (const store of Object.values(stores)) store.syncEveryCommit()
  const box = openSecretBox(home)
  const [ownerToken, gatewayKey] = [createOwnerToken(home), createGatewayKey(home)]
  const models = createModelsRoom(settingsDb.db, {
    box,
    env,
    table: { known: knownModels, facts: modelFacts },
    wanted: () => settings.get('models.default'),
    probe: ({ kind, baseUrl, key }, signal) => probeProvider({ kind, baseUrl, key }, signal),
  })
  const secrets = createSecretWords(settingsDb.log, [ownerToken, gatewayKey, ...secretsOf(env)])
  secrets.add(models.secrets)
  const redact = createRedactor(secrets.words)
  const logger = createLogger(settings.get('log.level'), redact, options.logTo)
  const report = (error: unknown, about: object = {}) => logger.error({ error, ...about }, error instanceof Error ? error.message : String(error))

  const processes = await createProcesses({
    home,
    daemonId: `${process.pid}-${Date.now().toString(36)}`,
    sandbox: settings.get('tools.sandbox'),
    allowEnv: settings.get('tools.env'),
  })
  const live = createLive()
  const registry = createRegistry([...builtinTools, ...(options.tools ?? [])])
  const judge = createJudge({ home, followPath })
  const logs = { chat: chat.log, agents: agentsDb.log, settings: settingsDb.log }
  const audit = createAuditRoom(agentsDb, { logs, key: keyFile(path.join(home, 'audit.key')), report })
  const agents = createAgentsRoom(agentsDb.db)
  const tokens = createTokensRoom(settingsDb, { ownerToken, gatewayKey, box, url: () => addresses.url, report })

  const runStore = createRunStore(chat.db)
  const callStore = createCallStore(chat.db)
  const approvalStore = createApprovalStore(chat.db)
  const questionStore = createQuestionStore(chat.db)
  const ruleStore = createRuleStore(chat.db)
  const checkpointStore = createCheckpointStore(chat.db)
  const modelSource = createModelSource({ models, registry, override: options.models })
  const fetcher = createLiveFetcher(`Steward/${version}`, () => settings.get('tools.fetchAllow'))
  const filesIn = (roots: readonly string[]) => createFiles({ roots, home })
  const userHome = env['HOME'] === undefined ? {} : { userHome: env['HOME'] }
  const work = wireWork({
    home,
    ...userHome,
    version,
    stores,
    box,
    registry,
    judge,
    rules: ruleStore,
    processes,
    fetcher,
    models: modelSource,
    filesIn,
    url: () => addresses.url,
    call: (caller, ...asked) => call(tokens.stillGood(caller), ...asked),
    run: (id) => runStore.find(id),
    setting: settings.get,
    redact,
    report,
    said: ({ appId, text }) => logger.info({ appId }, text),
  })
  secrets.add(work.secrets)
  const bytes = createByteStore(home)
  const files = createFilesRoom(chat, {
    bytes,
    maxBytes: () => settings.get('files.maxBytes'),
    sessionExists: (id) => sessions.store.find(id) !== undefined,
    report,
  })
  const messages = createMessagesRoom(chat.db, {
    sessionExists: (id) => sessions.store.find(id) !== undefined,
    toolCallsOf: callStore.ofMessage,
    writing: live.current,
  })
  const sessions = createSessionsRoom(chat, {
    home,
    agents,
    models: modelSource,
    messages,
    calls: callStore,
    runs: { openOf: (sessionId) => runStore.open(sessionId).length > 0, cancelAll: (sessionId) => cancelAll(sessionId) },
    files,
    live,
    setting: settings.get,
    report,
    ...userHome,
  })
  const runs = createRunsRoom(
    {
      commit: chat.log.commit,
      log: chat.log,
      live,
      runs: runStore,
      ledger: createLedgerStore(chat.db),
      calls: callStore,
      sessions: sessions.store,
      messages: messages.store,
      approvals: approvalStore,
      questions: questionStore,
      rules: ruleStore,
      checkpoints: { record: sessions.checkpoints.record, insert: checkpointStore.insert },
      registry,
      toolsReady: work.ready,
      judge,
      processes,
      fetcher,
      filesIn,
      agent: agents.resolve,
      model: modelSource.model,
      modelFor: modelSource.modelFor,
      checkModel: modelSource.check,
      setting: settings.get,
      fileBytes: async (id) => {
        const file = files.find(id)
        const chunks: Uint8Array[] = []
        if (file) for await (const chunk of files.open(file)) chunks.push(chunk)
        return Buffer.concat(chunks)
      },
      redact,
      report,
    },
    (fileId, sessionId) => {
      const file = files.find(fileId)
      return file !== undefined && (file.sessionId === null || file.sessionId === sessionId)
    },
  )
  const cancelAll = async (sessionId: string) => {
    for (const run of runStore.open(sessionId)) await runs.runner.cancel(run.id)
    await processes.stopOwner(sessionId)
  }
  const sessionExists = (id: string) => sessions.store.find(id) !== undefined
  const usage = createUsageRoom(agentsDb, { log: chat.log, report })
  const backups = createBackupsRoom({ home, version, holdBytes: bytes.hold })
  const maintenance = createMaintenance({ stores, days: () => settings.get('storage.eventDays'), prune: work.prune, report })
  const system = createSystemRoom({
    version,
    home,
    startedAt,
    sandbox: processes.sandboxKind,
    addresses: () => addresses,
    runs: runStore.counts,
    databases: maintenance.databases,
    executions: work.counts,
    stop: () => options.onStop?.(),
  })
  const handlers = {
    ...sessions.handlers,
    ...createTasksRoom({
      sessions: sessions.store,
      runOf: (sessionId) => runStore.list({ sessionId, limit: 1 }).items[0],
      agents,
      models: modelSource,
    }).handlers,
    ...messages.handlers,
    ...runs.handlers,
    ...createActions({
      sessionExists,
      sessionOf: (kind, id) =>
        (kind === 'run'
          ? runStore.find(id)
          : kind === 'call'
            ? callStore.find(id)
            : kind === 'approval'
              ? approvalStore.find(id)
              : questionStore.find(id)
        )?.sessionId,
      activeRun: (sessionId) => runStore.active(sessionId)?.id,
    }).handlers,
    ...createApprovalsRoom(approvalStore, {
      rules: ruleStore,
      ofExecutions: work.approvals,
      workspaceOf: (sessionId) => sessions.store.find(sessionId)?.workspace.path,
    }).handlers,
    ...createQuestionsRoom(questionStore).handlers,
    ...createPermissionsRoom(ruleStore, sessionExists).handlers,
    ...files.handlers,
    ...agents.handlers,
    ...work.handlers,
    ...models.handlers,
    ...settingsHandlers,
    ...tokens.handlers,
    ...usage.handlers,
    ...audit.handlers,
    ...createEventsRoom(logs).handlers,
    ...system.handlers,
    ...backups.handlers,
  }
  const call = createCall(operations, handlers, createLedger(stores, audit.refusals), (error, facts) =>
    report(error, { operation: facts.operation, requestId: facts.requestId }),
  )
  settings.onChange((key) => {
    if (key === 'log.level') logger.level = settings.get(key)
  })
  const readers = [audit, usage, sessions.search]
  return {
    call,
    feed: createFeed({ c: chat.log, a: agentsDb.log, s: settingsDb.log }, live, sessionExists),
    authenticator: tokens.authenticator,
    ownerToken,
    version,
    logger,
    setting: settings.get,
    keepSetting: (key, value) => keep(settingsDb.log.commit, key, value),
    redeem: tokens.redeem,
    ready: maintenance.ready,
    openedAt: (opened) => void (addresses = opened),
    begin() {
      for (const reader of readers) reader.start()
      maintenance.start()
      files.sweepBytes().catch(report)
      runs.runner.recover()
      work.begin()
      logger.info({ version, protocol, home, sandbox: processes.sandboxKind }, 'Steward is up.')
    },
    async caughtUp() {
      for (const reader of readers) await reader.caughtUp()
    },
    async close() {
      await Promise.all([runs.runner.stop(), work.stop()])
      await work.close()
      await processes.close()
      maintenance.close()
      for (const reader of readers) await reader.close()
      await files.close()
      tokens.close()
      await sessions.close()
      for (const store of Object.values(stores)) {
        await store.log.durable().catch((error: unknown) => report(error))
        await store.close()
      }
      logger.info('Steward has stopped.')
    },
  }
}
