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
import { createSystemRoom } from './domains/system/room.ts'
import { programVersion } from './domains/system/version.ts'
import { createGatewayKey, createOwnerToken } from './domains/tokens/owner-token.ts'
import { createTokensRoom } from './domains/tokens/room.ts'
import { createUsageRoom } from './domains/usage/room.ts'
import { createByteStore } from './platform/byte-store.ts'
import { createFeed } from './platform/feed.ts'
import { createFiles } from './platform/files/files.ts'
import { followPath } from './platform/files/real-path.ts'
import { createLive } from './platform/live.ts'
import { createLiveFetcher } from './platform/net/fetcher.ts'
import { createProcesses } from './platform/processes/processes.ts'
import { createRedactor, secretsOf } from './platform/redact.ts'
import { openSecretBox } from './platform/secrets/box.ts'
import { keyFile } from './platform/secrets/key-file.ts'
import { createLedger } from './platform/storage/ledger.ts'
import { builtinTools } from './tools/builtin.ts'
import { createJudge } from './tools/permissions/judge.ts'
import { createRegistry } from './tools/registry.ts'
import { wireModels } from './app-models.ts'
import { wireLog } from './app-log.ts'
import { wireSettings } from './app-settings.ts'
import { wireSkills } from './app-skills.ts'
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
  const { settings, keep, handlers: settingsHandlers, watchFile, unwatchFile } = wireSettings(home, settingsDb, options)
  if (settings.get('storage.sync') === 'full') for (const store of Object.values(stores)) store.syncEveryCommit()
  const box = openSecretBox(home)
  const [ownerToken, gatewayKey] = [createOwnerToken(home), createGatewayKey(home)]
  const secrets = createSecretWords(settingsDb.log, [ownerToken, gatewayKey, ...secretsOf(env)])
  const redact = createRedactor(secrets.words)
  const log = wireLog({ home, words: secrets.words, stores, logTo: options.logTo, setting: settings.get, onChange: settings.onChange })
  const [logger, report] = [log.of('daemon'), log.reporter('daemon')]
  const models = wireModels({ settings: settingsDb, box, env, setting: settings.get, words: secrets, redact, report: log.reporter('models') })

  const processes = await createProcesses({
    home,
    daemonId: `${process.pid}-${Date.now().toString(36)}`,
    sandbox: settings.get('tools.sandbox'),
    allowEnv: settings.get('tools.env'),
    onExit: log.commandEnded,
  })
  const live = createLive()
  const userHome = env['HOME'] === undefined ? {} : { userHome: env['HOME'] }
  const agents = createAgentsRoom(agentsDb.db)
  const agentIn = (sessionId: string) => agents.resolve(sessions.store.find(sessionId)?.agentId ?? null)
  const skills = wireSkills({ home, ...userHome, agents: agentsDb, agentIn, setting: settings.get, report })
  const registry = createRegistry([...builtinTools, skills.tool, ...(options.tools ?? [])])
  const judge = createJudge({ home, followPath })
  const logs = { chat: chat.log, agents: agentsDb.log, settings: settingsDb.log }
  const audit = createAuditRoom(agentsDb, { logs, key: keyFile(path.join(home, 'audit.key')), report })
  const tokens = createTokensRoom(settingsDb, { ownerToken, gatewayKey, box, url: () => addresses.url, report })

  const runStore = createRunStore(chat.db)
  const callStore = createCallStore(chat.db)
  const approvalStore = createApprovalStore(chat.db)
  const questionStore = createQuestionStore(chat.db)
  const ruleStore = createRuleStore(chat.db)
  const checkpointStore = createCheckpointStore(chat.db)
  const modelSource = createModelSource({ models, reports: models.reports, registry, override: options.models })
  const fetcher = createLiveFetcher(`Steward/${version}`, () => settings.get('tools.fetchAllow'))
  const filesIn = (roots: readonly string[]) => createFiles({ roots, home })
  const sessionExists = (id: string) => sessions.store.find(id) !== undefined
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
    stillGood: tokens.stillGood,
    call: (caller, ...asked) => call(tokens.stillGood(caller), ...asked),
    exists: { agent: (id) => agents.find(id) !== undefined, session: sessionExists },
    conversations: { runs: runStore, calls: callStore, agents, models: modelSource, sessions: () => sessions.store },
    setting: settings.get,
    redact,
    reporter: log.reporter,
    said: ({ appId, text }) => log.of('child').info({ appId }, text),
  })
  secrets.add(work.secrets)
  const bytes = createByteStore(home)
  const files = createFilesRoom(chat, { bytes, maxBytes: () => settings.get('files.maxBytes'), sessionExists, report })
  const messages = createMessagesRoom(chat.db, { sessionExists, toolCallsOf: callStore.ofMessage, writing: live.current })
  const ledger = createLedgerStore(chat.db)
  const sessions = createSessionsRoom(chat, {
    home,
    agents,
    models: modelSource,
    messages,
    calls: callStore,
    runs: { openOf: (sessionId) => runStore.open(sessionId).length > 0, cancelAll: (sessionId) => cancelAll(sessionId) },
    files,
    live,
    processes,
    filesIn,
    steps: ledger.steps,
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
      ledger,
      calls: callStore,
      sessions: sessions.store,
      messages: messages.store,
      approvals: approvalStore,
      questions: questionStore,
      rules: ruleStore,
      checkpoints: { record: sessions.checkpoints.record, insert: checkpointStore.insert },
      marks: sessions.marks,
      registry,
      toolsReady: work.ready,
      memory: work.memory,
      skills: skills.offers,
      judge,
      processes,
      fetcher,
      filesIn,
      agent: agents.resolve,
      model: modelSource.model,
      modelFor: modelSource.modelFor,
      checkModel: modelSource.check,
      setting: settings.get,
      fileBytes: files.bytesOf,
      redact,
      report: log.reporter('runner'),
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
  const usage = createUsageRoom(agentsDb, { log: chat.log, report })
  const backups = createBackupsRoom({ home, version, holdBytes: bytes.hold })
  const maintenance = createMaintenance({ stores, days: () => settings.get('storage.eventDays'), work, report: log.reporter('storage') })
  const system = createSystemRoom({
    version,
    home,
    startedAt,
    sandbox: processes.sandboxKind,
    addresses: () => addresses,
    runs: runStore.counts,
    databases: maintenance.databases,
    executions: work.counts,
    host: options,
  })
  const handlers = {
    ...sessions.handlers,
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
    ...skills.handlers,
    ...models.handlers,
    ...settingsHandlers,
    ...log.handlers,
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
    if (key === 'memory.embeddingModel') work.memory.embed()
  })
  const readers = [audit, usage, sessions.search]
  return {
    call,
    feed: createFeed({ c: chat.log, a: agentsDb.log, s: settingsDb.log }, live, sessionExists),
    authenticator: tokens.authenticator,
    ownerToken,
    version,
    log,
    setting: settings.get,
    keepSetting: (key, value) => keep(settingsDb.log.commit, key, value),
    redeem: tokens.redeem,
    ready: maintenance.ready,
    receive: work.receive,
    openedAt: (opened) => void (addresses = opened),
    begin() {
      for (const reader of readers) reader.start()
      maintenance.start()
      files.sweepBytes().catch(report)
      runs.runner.recover()
      work.begin()
      watchFile(logger)
      skills.begin()
      logger.info({ version, protocol, home, sandbox: processes.sandboxKind }, 'Steward is up.')
    },
    async caughtUp() {
      for (const reader of readers) await reader.caughtUp()
    },
    async close() {
      unwatchFile()
      await Promise.all([runs.runner.stop(), work.stop()])
      await Promise.all([work.close(), skills.close()])
      await processes.close()
      maintenance.close()
      for (const reader of readers) await reader.close()
      await files.close()
      tokens.close()
      await sessions.close()
      models.close()
      for (const store of Object.values(stores)) {
        await store.log.durable().catch((error: unknown) => report(error))
        await store.close()
      }
      log.close('Steward has stopped.')
    },
  }
}
