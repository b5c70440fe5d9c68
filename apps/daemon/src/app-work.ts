import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Caller } from '@steward/kernel'
import { createAppStore } from './domains/apps/store.ts'
import { createExecutionApprovalStore } from './domains/executions/approval-store.ts'
import { createStepStore } from './domains/executions/step-store.ts'
import { createExecutionStore } from './domains/executions/store.ts'
import { createPlanStore } from './domains/plans/store.ts'
import { createSecretsRoom } from './domains/secrets/room.ts'
import type { JsonSchema } from './engine/execution/types.ts'
import { wireHooks } from './app-hooks.ts'
import { wireMemory } from './app-memory.ts'
import type { WorkParts } from './app-parts.ts'
import { wireTasks } from './app-tasks.ts'
import { lazyRoom } from './lazy-room.ts'
import { forgetAll } from './maintenance.ts'
import { createWorkspaces, expandHome, workspaceRules } from './platform/files/workspace.ts'
import type { Commit } from './platform/storage/event-log.ts'

const shipped = fileURLToPath(new URL('../apps', import.meta.url))
/** What a start does not need is read so much later. */
const settleAfterMs = 1_000
const dayMs = 86_400_000
/** An expired plan can be looked at for so long. */
const planDays = 7
const forgottenAtOnce = 500

/** A part of the composition root: apps with their secrets, plans, workflows and executions, wired to each other by their stores' verbs. */
export function wireWork(parts: WorkParts) {
  const { stores, registry, box, setting, redact, processes } = parts
  const { agents, settings } = stores
  const report = parts.reporter('apps')
  const userHome = parts.userHome ?? homedir()
  const rules = { home: parts.home, userHome, setting }
  const open = createWorkspaces(() => workspaceRules(rules))
  const owner: Caller = { id: 'owner', kind: 'owner', door: 'apps', scopes: ['*'] }
  const secrets = createSecretsRoom(settings.db, box)
  /** Told like any change of a secret, so that what it holds is taken out of whatever leaves from now on. */
  const keepSecret = (name: string, text: string): void => {
    const commit: Commit = (write) =>
      settings.log.commit((emit) => {
        emit('secret.changed', { name, removed: false })
        return write(emit)
      })
    secrets.keep(commit, name, text)
  }
  const apps = lazyRoom(['apps', 'tools'], async () => {
    const { createAppsRoom } = await import('./domains/apps/room.ts')
    return createAppsRoom({
      log: agents.log,
      store: createAppStore(agents.db),
      registry,
      secrets: { value: secrets.value, keep: keepSecret },
      folders: { shipped, own: () => path.resolve(userHome, expandHome(setting('apps.folder'), userHome) || path.join('steward', 'apps')) },
      workspace: () => open(undefined, owner),
      userHome,
      mcp: {
        version: parts.version,
        spawn: (request, sandboxed) => (sandboxed ? processes.attach(request) : processes.attachBare(request)),
        redirectUrl: () => {
          const url = parts.url()
          return url === null ? null : `${url}/app/authorized`
        },
        allowAddresses: () => setting('tools.fetchAllow'),
        log: parts.said,
      },
      redact,
      report,
    })
  })
  settings.log.listen((fresh) => {
    for (const { name, json } of fresh) {
      if (name !== 'secret.changed') continue
      const { data } = JSON.parse(json) as { data: { name: string } }
      apps
        .loaded()
        ?.then((room) => room.secretChanged(data.name))
        .catch(report)
    }
  })
  const executionStore = createExecutionStore(agents.db)
  const approvalStore = createExecutionApprovalStore(agents.db)
  const planStore = createPlanStore(agents.db)
  const stepStore = createStepStore(agents.db)
  const ready = () => apps.load().then((room) => room.ready())
  const ensure = (toolId: string) => (registry.find(toolId) ? Promise.resolve() : apps.load().then((room) => room.ensure(toolId)))
  const plans = lazyRoom(['plans'], async () => {
    const { createPlansRoom } = await import('./domains/plans/room.ts')
    return createPlansRoom({
      log: agents.log,
      plans: planStore,
      registry,
      ready,
      models: parts.models,
      box,
      openWorkspace: open,
      executionOf: (planId) => executionStore.ofPlan(planId)?.id,
      setting,
      redact,
      report: parts.reporter('executor'),
    })
  })
  const workflows = lazyRoom(['workflows'], async () => {
    const { createWorkflowsRoom } = await import('./domains/workflows/room.ts')
    return createWorkflowsRoom(agents.db, {
      tool(id) {
        const tool = registry.find(id)
        const listing = registry.listing(id)
        if (!tool || !listing) return undefined
        const { inputsSchema, outputsSchema, permissions } = listing
        return {
          inputsSchema: inputsSchema as JsonSchema,
          ...(outputsSchema === undefined ? {} : { outputsSchema: outputsSchema as JsonSchema }),
          permissions,
          inSession: tool.inSession === true,
        }
      },
      ensure,
      plan: planStore.find,
      execution: (id) => executionStore.find(id),
    })
  })
  const executions = lazyRoom(['executions', 'history'], async () => {
    const { createExecutionsRoom } = await import('./domains/executions/room.ts')
    const made = createExecutionsRoom({
      log: agents.log,
      executions: executionStore,
      steps: stepStore,
      approvals: approvalStore,
      registry,
      ensure,
      judge: parts.judge,
      rules: parts.rules,
      processes,
      fetcher: parts.fetcher,
      filesIn: parts.filesIn,
      plans: { find: (id) => plans.load().then((room) => room.find(id)) },
      workflows: { resolve: (idOrName) => workflows.load().then((room) => room.resolve(idOrName)) },
      openWorkspace: open,
      box,
      setting,
      redact,
      report: parts.reporter('executor'),
    })
    if (begun) made.runner.recover()
    return made
  })
  const memory = wireMemory(parts)
  const tasks = wireTasks(parts, { executions: executionStore, steps: stepStore })
  const hooks = wireHooks(parts, { tasks, secret: secrets.value, workspace: () => open(undefined, owner) })
  let begun = false
  let stopped = false
  let settling: NodeJS.Timeout | undefined
  return {
    handlers: {
      ...apps.handlers,
      ...secrets.handlers,
      ...plans.handlers,
      ...workflows.handlers,
      ...executions.handlers,
      ...memory.handlers,
      ...tasks.handlers,
      ...hooks.handlers,
    },
    memory,
    approvals: approvalStore,
    receive: tasks.receive,
    counts: executionStore.counts,
    nextDue: tasks.nextDue,
    secrets: secrets.values,
    /** Resolves when the tools of all apps are there that can be so soon. */
    ready,
    /** Takes up what was left unfinished at once; reads the apps, and watches their files, when the daemon answers. */
    begin(): void {
      begun = true
      if (executionStore.isUnfinished()) executions.load().catch(parts.reporter('executor'))
      tasks.begin()
      hooks.begin()
      settling = setTimeout(() => {
        apps
          .load()
          .then((room) => room.start())
          .catch(report)
        memory.embed()
      }, settleAfterMs)
      settling.unref()
    },
    /** Forgets what is over since long ago. By the stores alone where that is enough: what has nothing to forget is not loaded for it. */
    prune(): void {
      const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString()
      const forget = (store: { prune(at: string, limit: number): number }, days: number) =>
        void forgetAll((most) => (stopped ? 0 : agents.log.commit(() => store.prune(daysAgo(days), most))), forgottenAtOnce).catch(
          parts.reporter('storage'),
        )
      forget(planStore, planDays)
      memory.prune()
      const days = setting('history.days')
      if (days > 0) for (const store of [executionStore, ...tasks.kept, ...hooks.kept]) forget(store, days)
    },
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(settling)
      await hooks.stop()
      await tasks.stop()
      await (await executions.loaded())?.runner.stop()
      await memory.close()
    },
    close: async () => (await apps.loaded())?.close(),
  }
}
