// Long: one table of one line for each operation, read from top to bottom.
import type { FaultCode, Sent } from '@steward/contract'
import type { OperationName, Operations } from '@steward/contract/daemon'
import { model } from '../kit.ts'
import { foundId } from '../../src/domains/auth/discover.ts'
import type { World } from './world.ts'

/** What every door is asked of one operation. `bad`: well-formed, and refused with this code. */
export interface Cases<N extends OperationName> {
  readonly good: readonly Sent<Operations[N]>[]
  readonly bad?: readonly (readonly [input: Sent<Operations[N]>, code: FaultCode])[]
  /** A different input that fits, for the key that was used before; made by the test from the first good one where it is absent. */
  readonly other?: Sent<Operations[N]>
  /** Where it is proved instead, when there is no good case that every door could be asked: a test file that names the operation. */
  readonly elsewhere?: string
}
/** In this order: what only reads, then what changes something of its own, then what sets runs going. A new operation without a line here does not compile. */
export type CaseTable = { readonly [N in OperationName]: Cases<N> }
const no = {
  session: 'ses_none',
  message: 'msg_none',
  run: 'run_none',
  call: 'call_none',
  approval: 'apr_none',
  question: 'que_none',
  file: 'file_none',
  agent: 'agt_none',
  token: 'tok_none',
  rule: 'rule_none',
  plan: 'plan_none',
  execution: 'exe_none',
  workflow: 'wfl_none',
  memory: 'mem_none',
  auth: 'auth_none',
  found: 'found_none',
  task: 'task_none',
  hook: 'hook_none',
  fire: 'fire_none',
  login: 'lgn_none',
} as const

/** `place` is a folder of this daemon's own. */
export const caseTable = (world: World, place: string): CaseTable => {
  const { done, idle, waiting, questions } = world
  const at = (name: string) => waiting[name]!
  const own = (name: string) => idle[name]!
  const execution = (name: string) => world.waitingExecutions[name]!
  return {
    'sessions.get': { good: [{ id: done.session }], bad: [[{ id: no.session }, 'not_found']] },
    'sessions.list': { good: [{}, { limit: 3 }, { archived: true }, { status: 'waiting' }], bad: [[{ cursor: 'nonsense' }, 'invalid']] },
    'sessions.search': { good: [{ query: 'Done' }, { query: 'world', limit: 1 }, { query: '"(* OR' }] },
    'sessions.overview': { good: [{ id: done.session }], bad: [[{ id: no.session }, 'not_found']] },
    'sessions.marks': { good: [{ id: done.session }], bad: [[{ id: no.session }, 'not_found']] },
    // By a name that no other call writes: the workspace is that of all of them.
    'sessions.files': {
      good: [
        { id: done.session, query: 'package' },
        { id: done.session, query: 'age.j', limit: 1 },
      ],
      bad: [[{ id: no.session }, 'not_found']],
    },
    'sessions.export': { good: [{ id: done.session }, { id: done.session, format: 'markdown' }], bad: [[{ id: no.session }, 'not_found']] },
    'messages.list': {
      good: [{ sessionId: done.session }, { sessionId: done.session, order: 'oldest', limit: 1 }],
      bad: [[{ sessionId: no.session }, 'not_found']],
    },
    'messages.get': { good: [{ id: done.message }], bad: [[{ id: no.message }, 'not_found']] },
    'runs.get': { good: [{ id: done.run }], bad: [[{ id: no.run }, 'not_found']] },
    'runs.list': { good: [{ sessionId: done.session }, { status: 'completed' }, { limit: 2 }] },
    'approvals.list': { good: [{}, { sessionId: at('read').session }, { status: 'approved' }] },
    'approvals.get': { good: [{ id: at('read').approval }, { id: execution('read').approval }], bad: [[{ id: no.approval }, 'not_found']] },
    'questions.list': { good: [{}, { sessionId: questions['answer']!.session }, { status: 'answered' }] },
    'permissions.list': { good: [{}, { workspace: world.workspace }] },
    'files.get': {
      good: [{ id: world.file }, { id: world.file, sessionId: done.session }],
      bad: [
        [{ id: no.file }, 'not_found'],
        [{ id: world.file, sessionId: own('rename') }, 'not_found'],
      ],
    },
    'files.list': { good: [{}, { sessionId: done.session }, { limit: 1 }] },
    'files.download': {
      good: [{ id: world.file }],
      bad: [
        [{ id: no.file }, 'not_found'],
        [{ id: world.file, sessionId: own('rename') }, 'not_found'],
      ],
    },
    'agents.get': { good: [{ id: world.agent }], bad: [[{ id: no.agent }, 'not_found']] },
    'agents.list': { good: [{}, { limit: 1 }] },
    'providers.list': { good: [{}] },
    'auth.list': { good: [{}, { provider: 'spare', limit: 1 }, { provider: 'unheard-of' }], bad: [[{ cursor: 'nonsense' }, 'invalid']] },
    'auth.get': { good: [{ id: world.auth }, { id: world.environmentAuth }], bad: [[{ id: no.auth }, 'not_found']] },
    'auth.discover': { good: [{}] },
    'models.list': { good: [{}, { available: true, limit: 5 }] },
    'settings.list': { good: [{}, { limit: 2 }] },
    'settings.get': { good: [{ key: 'runs.steps' }] },
    'config.get': { good: [{}, { key: 'runs' }, { key: 'runs.steps' }], bad: [[{ key: 'runs.stebs' }, 'unprocessable']] },
    'logs.list': {
      good: [{}, { limit: 1 }, { components: ['http', 'crash'] }, { level: 'warn', since: '2026-01-01T00:00:00.000Z' }, { text: 'nowhere said' }],
      bad: [[{ cursor: 'nonsense' }, 'invalid']],
    },
    'tokens.list': { good: [{}] },
    'tokens.whoami': { good: [{}] },
    'logins.list': { good: [{}] },
    'usage.runs': { good: [{}, { sessionId: done.session }, { taskId: world.task, until: '2999-01-01T00:00:00.000Z' }] },
    'usage.totals': { good: [{}, { by: 'model' }, { by: 'agent', since: '2020-01-01T00:00:00.000Z' }, { by: 'task', model: 'builtin' }] },
    'audit.list': { good: [{ sessionId: done.session }, { name: 'tool.call', limit: 2 }] },
    'audit.export': { good: [{ sessionId: done.session }] },
    'audit.verify': { good: [{}] },
    'events.list': { good: [{ sessionId: done.session }, { log: 'settings', limit: 3 }] },
    'system.status': { good: [{}] },
    'system.version': { good: [{}] },
    'tools.list': { good: [{}] },
    'apps.list': { good: [{}, { limit: 2 }] },
    'apps.get': { good: [{ id: 'spotify' }, { id: 'files' }, { id: world.app }], bad: [[{ id: 'unheard-of' }, 'not_found']] },
    'secrets.list': { good: [{}, { limit: 1 }] },
    'plans.get': { good: [{ id: world.plans.kept }], bad: [[{ id: no.plan }, 'not_found']] },
    'plans.list': { good: [{}, { limit: 1 }] },
    'executions.get': { good: [{ id: world.execution }, { id: execution('read').execution }], bad: [[{ id: no.execution }, 'not_found']] },
    'executions.steps': { good: [{ id: world.execution }, { id: world.execution, limit: 1 }], bad: [[{ id: no.execution }, 'not_found']] },
    'executions.wait': {
      good: [{ id: world.execution }, { id: execution('read').execution, waitMs: 0 }],
      bad: [[{ id: no.execution }, 'not_found']],
    },
    'tasks.get': {
      good: [{ id: done.session }, { id: at('read').session }, { id: world.task }],
      bad: [
        [{ id: no.session }, 'not_found'],
        [{ id: no.task }, 'not_found'],
      ],
    },
    'tasks.list': {
      good: [{ kind: 'stored' }, { kind: 'session', limit: 2 }, { status: 'waiting' }],
      bad: [[{ cursor: 'nonsense' }, 'invalid']],
    },
    'tasks.runs': {
      good: [{ id: world.task }],
      bad: [
        [{ id: no.task }, 'not_found'],
        [{ id: done.session }, 'unprocessable'],
      ],
    },
    'hooks.get': { good: [{ id: world.hook }], bad: [[{ id: no.hook }, 'not_found']] },
    'hooks.list': { good: [{ limit: 1 }], bad: [[{ cursor: 'nonsense' }, 'invalid']] },
    'hooks.deliveries': { good: [{ id: world.hook, status: 'failed' }], bad: [[{ id: no.hook }, 'not_found']] },
    'tasks.progress': { good: [{ id: world.task }], bad: [[{ id: no.task }, 'not_found']] },
    'tasks.preview': {
      good: [
        { id: world.task, after: '2026-01-01T00:00:00.000Z' },
        { schedule: { kind: 'cron', expression: '30 2 * * *', zone: 'Europe/Berlin' }, after: '2026-03-27T12:00:00.000Z', count: 3 },
      ],
      bad: [[{ id: no.task }, 'not_found']],
    },
    'history.list': { good: [{}, { limit: 2 }, { status: 'waiting', toolId: 'files.write' }, { since: '2999-01-01T00:00:00.000Z' }] },
    'history.export': { good: [{}, { toolId: 'files.read' }] },
    'workflows.get': {
      good: [{ id: world.workflow }, { id: world.workflow, version: 1 }],
      bad: [
        [{ id: no.workflow }, 'not_found'],
        [{ id: '../x' }, 'not_found'],
      ],
    },
    'workflows.list': { good: [{}, { limit: 1 }] },
    'workflows.versions': { good: [{ id: world.workflow }, { id: world.workflow, limit: 1 }], bad: [[{ id: no.workflow }, 'not_found']] },
    'workflows.diff': { good: [{ id: world.workflow }, { id: world.workflow, from: 2, to: 1 }], bad: [[{ id: no.workflow }, 'not_found']] },
    'workflows.export': { good: [{ id: world.workflow }, { id: world.workflow, version: 1 }], bad: [[{ id: no.workflow }, 'not_found']] },
    'memory.get': { good: [{ id: world.memory }], bad: [[{ id: no.memory }, 'not_found']] },
    'memory.list': { good: [{}, { all: true, limit: 1 }, { tag: 'world', kind: 'fact' }], bad: [[{ cursor: 'nonsense' }, 'invalid']] },
    'memory.search': {
      good: [{ query: 'where is the world?' }, { query: 'world', tags: ['world'], limit: 1 }, { query: 'world', all: true }, { query: '"(* OR' }],
    },
    'memory.export': { good: [{}, { all: true, tag: 'world' }] },
    'skills.list': { good: [{}, { limit: 1 }, { status: 'invalid' }, { tag: 'OLD' }, { query: 'KEPT' }], bad: [[{ cursor: 'nonsense' }, 'invalid']] },
    'skills.get': { good: [{ name: 'kept' }, { name: 'bad' }], bad: [[{ name: 'unheard-of' }, 'not_found']] },
    'skills.file': {
      good: [
        { name: 'kept', path: 'SKILL.md' },
        { name: 'kept', path: 'bytes.bin' },
      ],
      bad: [
        [{ name: 'unheard-of', path: 'SKILL.md' }, 'not_found'],
        [{ name: 'kept', path: 'nothing.md' }, 'not_found'],
        [{ name: 'kept', path: '../spare/SKILL.md' }, 'unprocessable'],
      ],
    },
    'skills.search': { good: [{ query: 'keeping' }, { query: 'old skill', limit: 1 }] },
    'skills.tags': { good: [{}, { limit: 1 }] },
    'skills.validate': { good: [{ name: 'kept' }, { name: 'bad' }], bad: [[{ name: 'unheard-of' }, 'not_found']] },
    'skills.trash': { good: [{}, { limit: 1 }] },
    'backups.list': { good: [{}] },
    'backups.verify': { good: [{ path: world.backupPath }, { path: `${world.root}/nowhere` }] },

    'sessions.create': {
      good: [{}, { title: 'ünï 😀 "\n', model, permissionMode: 'plan', budgetUsd: 1.5, workspace: { path: world.workspace } }],
      bad: [
        [{ agentId: no.agent }, 'unprocessable'],
        [{ model: 'nobody/nothing' }, 'unprocessable'],
        [{ workspace: { repositoryUrl: 'https://example.org/a.git' } }, 'unprocessable'],
      ],
      other: { title: 'Another' },
    },
    'sessions.rename': { good: [{ id: own('rename'), title: 'Renamed' }], bad: [[{ id: no.session, title: 'x' }, 'not_found']] },
    'sessions.archive': {
      good: [{ id: own('archive') }, { id: own('archive'), archived: false }],
      bad: [[{ id: no.session }, 'not_found']],
    },
    'sessions.delete': { good: [{ id: own('delete') }], bad: [[{ id: no.session }, 'not_found']] },
    'sessions.fork': {
      good: [{ id: done.session }, { id: done.session, messageId: done.message, title: 'Forked' }],
      bad: [
        [{ id: no.session }, 'not_found'],
        [{ id: done.session, messageId: no.message }, 'not_found'],
      ],
    },
    'agents.create': {
      good: [
        { name: 'New' },
        { name: 'Whole', description: 'd', instructions: 'i', model, tools: ['files.*'], permissionMode: 'ask', limits: { steps: 3 }, budgetUsd: 2 },
      ],
    },
    'agents.update': { good: [{ id: world.agent, name: 'Changed', limits: { steps: 9 } }], bad: [[{ id: no.agent, name: 'x' }, 'not_found']] },
    'agents.delete': { good: [{ id: world.spareAgent }], bad: [[{ id: no.agent }, 'not_found']] },
    'providers.set': {
      good: [{ id: 'local', kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1', key: 'sk-not-shown-0001', models: ['m'] }],
    },
    'providers.test': { good: [{ id: 'spare' }], bad: [[{ id: 'unheard-of' }, 'not_found']] },
    'providers.discover': { good: [{}] },
    'auth.add': {
      good: [{ provider: 'spare', key: 'a-key-of-the-world-03', name: 'Added', priority: 5, enabled: false, expiresAt: '2999-01-01T00:00:00.000Z' }],
      bad: [
        [{ provider: 'unheard-of', key: 'x' }, 'not_found'],
        [{ provider: 'spare', key: 'a-key-of-the-world-01' }, 'conflict'],
        [{ provider: 'spare', key: 'a-new-key', name: 'Kept' }, 'conflict'],
      ],
    },
    'auth.update': {
      good: [{ id: world.auth, name: 'Changed', priority: 1, expiresAt: null }],
      bad: [
        [{ id: no.auth, name: 'x' }, 'not_found'],
        [{ id: world.environmentAuth, enabled: false }, 'conflict'],
      ],
    },
    'auth.test': { good: [{ id: world.auth }, { id: world.environmentAuth }], bad: [[{ id: no.auth }, 'not_found']] },
    'auth.adopt': {
      good: [{ id: foundId('codex', 'OPENAI_API_KEY'), name: 'Adopted' }],
      bad: [
        [{ id: no.found }, 'not_found'],
        [{ id: foundId('codex', 'tokens') }, 'unprocessable'],
      ],
    },
    'auth.remove': {
      good: [{ id: world.spareAuth }],
      bad: [
        [{ id: no.auth }, 'not_found'],
        [{ id: world.environmentAuth }, 'conflict'],
      ],
    },
    'providers.remove': { good: [{ id: 'spare' }], bad: [[{ id: 'unheard-of' }, 'not_found']] },
    'models.price': {
      good: [
        { model, price: { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25 }, contextTokens: 50_000 },
        { model, price: null },
      ],
      other: { model, price: { input: 9, output: 9, cacheRead: 9, cacheWrite: 9 } },
    },
    'settings.set': {
      good: [{ key: 'runs.toolCalls', value: 12 }],
      bad: [[{ key: 'runs.toolCalls', value: 'many' }, 'unprocessable']],
      other: { key: 'runs.toolCalls', value: 13 },
    },
    'settings.reset': { good: [{ key: 'runs.steps' }], other: { key: 'runs.minutes' } },
    'config.set': {
      good: [
        { key: 'log', value: { level: 'warn', days: 7 } },
        { key: 'plans.minutes', value: 3 },
      ],
      bad: [
        [{ key: 'log', value: { level: 'warn', days: 'all' } }, 'unprocessable'],
        [{ key: 'logs', value: {} }, 'unprocessable'],
      ],
      other: { key: 'plans.minutes', value: 4 },
    },
    'config.reset': { good: [{ key: 'log' }], bad: [[{ key: 'logs' }, 'unprocessable']], other: { key: 'plans.minutes' } },
    'tokens.create': { good: [{ name: 'Phone', scopes: ['sessions:read', 'approvals:*'], expiresAt: '2999-01-01T00:00:00.000Z' }] },
    'tokens.revoke': { good: [{ id: world.token }], bad: [[{ id: no.token }, 'not_found']] },
    'logins.create': { good: [{}] },
    'logins.end': { good: [{ id: world.login }], bad: [[{ id: no.login }, 'not_found']] },
    'permissions.add': {
      good: [{ tool: 'files.write', pattern: 'docs/*', action: 'allow', level: 'session', sessionId: done.session }],
      bad: [[{ tool: 'files.write', action: 'allow', level: 'session', sessionId: no.session }, 'unprocessable']],
    },
    'secrets.set': { good: [{ name: 'spotify.token', value: 'not-shown-0001' }], other: { name: 'spotify.other', value: 'x' } },
    'secrets.remove': { good: [{ name: 'spare.token' }], bad: [[{ name: 'unheard.of' }, 'not_found']] },
    'apps.configure': {
      good: [
        { id: 'spotify', settings: { baseUrl: 'http://127.0.0.1:9/v1' } },
        { id: 'spotify', enabled: false },
        { id: 'spotify', enabled: true },
      ],
      bad: [
        [{ id: 'unheard-of', enabled: false }, 'not_found'],
        [{ id: 'files', enabled: false }, 'conflict'],
        [{ id: 'spotify', settings: { nonsense: 'x' } }, 'unprocessable'],
      ],
      other: { id: 'spotify', settings: { baseUrl: null } },
    },
    'apps.add': {
      good: [{ id: 'added', name: 'Added', server: { url: 'http://127.0.0.1:9/other' } }],
      bad: [[{ id: 'files', server: { url: 'http://127.0.0.1:9/mcp' } }, 'conflict']],
      other: { id: 'another', server: { url: 'http://127.0.0.1:9/mcp' } },
    },
    'apps.restart': {
      good: [{ id: world.app }],
      bad: [
        [{ id: 'unheard-of' }, 'not_found'],
        [{ id: 'files' }, 'conflict'],
      ],
    },
    'apps.authorize': { good: [], bad: [[{ id: 'files' }, 'conflict']], elsewhere: 'apps/daemon/test/stories/mcp-apps.test.ts' },
    'apps.authorized': {
      good: [],
      bad: [[{ code: 'x', state: 'unheard-of' }, 'unprocessable']],
      elsewhere: 'apps/daemon/test/stories/mcp-apps.test.ts',
    },
    'apps.remove': {
      good: [{ id: world.app }],
      bad: [
        [{ id: 'unheard-of' }, 'not_found'],
        [{ id: 'spotify' }, 'conflict'],
      ],
    },
    'plans.create': {
      good: [
        { text: 'read package.json', model: 'builtin' },
        { text: 'sing me a song', model: 'builtin' },
      ],
      other: { text: 'show the files' },
    },
    'executions.start': {
      good: [
        { toolId: 'files.read', inputs: { path: 'package.json' } },
        { planId: world.plans.run },
        { planId: world.plans.run },
        { workflowId: world.workflow, inputs: { path: 'package.json' } },
        { toolId: 'files.write', inputs: { path: 'dry.txt', content: 'x' }, dryRun: true },
      ],
      bad: [
        [{ toolId: 'files.nothing' }, 'not_found'],
        [{ toolId: 'files.read', inputs: { path: 7 } }, 'unprocessable'],
        [{ planId: no.plan }, 'not_found'],
        [{ workflowId: no.workflow }, 'not_found'],
      ],
      other: { toolId: 'files.list', inputs: {} },
    },
    'executions.cancel': {
      good: [{ id: execution('cancel').execution }, { id: world.execution }],
      bad: [[{ id: no.execution }, 'not_found']],
    },
    'executions.settle': {
      good: [
        { id: execution('settle').approval, decision: 'reject', reason: 'No.' },
        { id: execution('settle').approval, decision: 'approve' },
      ],
      bad: [[{ id: no.approval, decision: 'approve' }, 'not_found']],
    },
    'executions.resume': {
      good: [{ id: execution('interrupted').execution, outcome: 'done', outputs: { given: true } }],
      bad: [
        [{ id: no.execution, outcome: 'done' }, 'not_found'],
        [{ id: world.execution, outcome: 'again' }, 'conflict'],
      ],
    },
    'workflows.save': {
      good: [
        { name: 'New', permissions: ['files:read'], steps: [{ id: 'a', toolId: 'files.list', inputs: {} }] },
        { id: world.workflow, name: 'Changed', permissions: [], steps: [{ id: 'a', toolId: 'files.read', inputs: { path: 'a' } }] },
      ].map((one) => ({ ...one, permissions: ['files:read'] })),
      bad: [
        [{ id: '../x', name: 'x', permissions: [], steps: [{ id: 'a', toolId: 'files.list', inputs: {} }] }, 'not_found'],
        [{ name: 'x', permissions: [], steps: [{ id: 'a', toolId: 'files.nothing', inputs: {} }] }, 'unprocessable'],
      ],
      other: { name: 'Other', permissions: ['files:read'], steps: [{ id: 'a', toolId: 'files.list', inputs: {} }] },
    },
    'memory.save': {
      good: [
        { text: 'größe "a" 😀', tags: ['A'] },
        { text: 'of a session', kind: 'fact', sessionId: done.session },
      ],
      bad: [
        [{ text: 'x', sessionId: no.session }, 'unprocessable'],
        [{ text: 'x', agentId: no.agent }, 'unprocessable'],
      ],
      other: { text: 'something else' },
    },
    'memory.update': {
      good: [{ id: world.memory, tags: ['changed', 'world'] }],
      bad: [
        [{ id: no.memory, text: 'x' }, 'not_found'],
        [{ id: world.memory, text: 'To be forgotten.' }, 'conflict'],
      ],
      other: { id: world.memory, kind: 'note' },
    },
    'memory.import': { good: [], elsewhere: 'apps/daemon/src/domains/memory/transfer.test.ts' },
    'memory.delete': { good: [{ id: world.spareMemory }], bad: [[{ id: no.memory }, 'not_found']] },
    'workflows.import': { good: [], elsewhere: 'apps/daemon/src/domains/workflows/transfer.test.ts' },
    'workflows.capture': {
      good: [
        { name: 'Captured', planId: world.plans.kept },
        { name: 'Done before', executionIds: [world.execution] },
      ],
      bad: [
        [{ name: 'x', planId: no.plan }, 'not_found'],
        [{ name: 'x', executionIds: [no.execution] }, 'not_found'],
      ],
      other: { name: 'Captured again', planId: world.plans.kept },
    },
    'workflows.run': {
      good: [
        { id: world.workflow, inputs: { path: 'package.json' } },
        { id: 'Spare', inputs: { path: 'package.json' } },
      ],
      bad: [
        [{ id: no.workflow }, 'not_found'],
        [{ id: world.spareWorkflow, inputs: {} }, 'unprocessable'],
      ],
      other: { id: world.spareWorkflow, inputs: { path: 'package.json' } },
    },
    'workflows.delete': { good: [{ id: world.spareWorkflow }], bad: [[{ id: no.workflow }, 'not_found']] },
    'tasks.create': {
      good: [
        {
          name: 'Yearly',
          target: { kind: 'prompt', text: 'Say hello.' },
          schedule: { kind: 'cron', expression: '0 3 1 1 *', zone: 'Europe/Berlin' },
          overlap: { parallel: 2 },
          quietHours: { from: '22:00', to: '06:00', zone: 'UTC' },
        },
        {
          name: 'Later',
          target: { kind: 'workflow', workflowId: world.workflow, inputs: { path: 'package.json' } },
          schedule: { kind: 'once', at: '2999-01-01T00:00:00.000Z' },
        },
      ],
      bad: [
        [{ name: 'x', target: { kind: 'prompt', text: 'x' }, schedule: { kind: 'cron', expression: '61 * * * *', zone: 'UTC' } }, 'unprocessable'],
        [{ name: 'x', target: { kind: 'prompt', text: 'x' }, schedule: { kind: 'once', at: '2001-01-01T00:00:00.000Z' } }, 'unprocessable'],
      ],
    },
    'tasks.pause': { good: [{ id: world.task }], bad: [[{ id: no.task }, 'not_found']], other: { id: world.spareTask } },
    'tasks.resume': { good: [{ id: world.task }], bad: [[{ id: no.task }, 'not_found']], other: { id: world.spareTask } },
    'tasks.rotateSecret': { good: [{ id: world.task }], bad: [[{ id: world.spareTask }, 'unprocessable']] },
    'tasks.runNow': { good: [{ id: world.task }], bad: [[{ id: no.task }, 'not_found']], other: { id: world.spareTask } },
    'tasks.cancel': {
      good: [{ id: world.spareTask }],
      bad: [
        [{ id: no.task }, 'not_found'],
        [{ id: world.spareTask, fireId: no.fire }, 'not_found'],
        [{ id: own('task') }, 'conflict'],
      ],
      other: { id: world.task },
    },
    'tasks.delete': { good: [{ id: world.spareTask }], bad: [[{ id: no.task }, 'not_found']] },
    'hooks.create': {
      good: [
        {
          name: 'Tell',
          on: { events: ['task.failed'], filter: { name: 'Kept*', status: ['failed'] } },
          action: { kind: 'webhook', url: 'https://example.com/hook' },
          active: false,
        },
      ],
      bad: [
        [{ name: 'x', on: { events: ['task.dreamt'] }, action: { kind: 'task', taskId: world.task } }, 'unprocessable'],
        [{ name: 'x', on: { events: ['call.committed'] }, action: { kind: 'task', taskId: world.task } }, 'unprocessable'],
      ],
    },
    'hooks.update': { good: [{ id: world.hook, name: 'Changed' }], bad: [[{ id: no.hook, name: 'x' }, 'not_found']] },
    'hooks.rotateSecret': { good: [{ id: world.hook }], bad: [[{ id: no.hook }, 'not_found']], other: { id: world.spareHook } },
    'hooks.test': { good: [{ id: world.hook }], bad: [[{ id: no.hook }, 'not_found']], other: { id: world.spareHook } },
    'hooks.delete': { good: [{ id: world.spareHook }], bad: [[{ id: no.hook }, 'not_found']], other: { id: no.hook } },
    'skills.create': {
      good: [
        { name: 'new', description: 'Is new.' },
        {
          name: 'whole-1',
          description: 'Has all: "of" it.',
          body: '# Whole\n\nünï 😀',
          license: 'MIT',
          compatibility: 'Needs git.',
          metadata: { version: '1.0' },
          allowedTools: ['Read', 'Bash(git:*)'],
          tags: ['a', 'b'],
        },
      ],
      bad: [[{ name: 'kept', description: 'x' }, 'conflict']],
      other: { name: 'another', description: 'Is another.' },
    },
    'skills.update': {
      good: [{ name: 'kept', etag: world.skillEtag, description: 'Was changed.', tags: [], license: null }],
      bad: [
        [{ name: 'unheard-of', etag: world.skillEtag, body: 'x' }, 'not_found'],
        [{ name: 'spare', etag: world.skillEtag, body: 'x' }, 'conflict'],
        [{ name: 'kept', etag: world.skillEtag, text: 'no frontmatter' }, 'unprocessable'],
      ],
      other: { name: 'kept', etag: world.skillEtag, body: 'Another.' },
    },
    'skills.delete': { good: [{ name: 'spare' }], bad: [[{ name: 'unheard-of' }, 'not_found']], other: { name: 'kept' } },
    'skills.restore': { good: [{ id: world.trashedSkill }], bad: [[{ id: 'trs_none' }, 'not_found']] },
    'permissions.remove': { good: [{ id: world.rule }], bad: [[{ id: no.rule }, 'not_found']] },
    'files.upload': {
      good: [{ name: 'größe "a".txt', mediaType: 'text/plain', sessionId: done.session }],
      bad: [[{ name: 'x', sessionId: no.session }, 'not_found']],
    },
    'files.delete': { good: [{ id: world.spareFile }], bad: [[{ id: no.file }, 'not_found']] },
    'tasks.update': {
      good: [
        { id: own('task'), settings: { permissionMode: 'plan', limits: { steps: 5 }, budgetUsd: 3, model } },
        { id: world.task, name: 'Changed', missed: 'all' },
      ],
      bad: [
        [{ id: no.task, name: 'x' }, 'not_found'],
        [{ id: own('task'), name: 'x' }, 'invalid'],
        [{ id: world.task, settings: {} }, 'invalid'],
        [{ id: world.task, schedule: { kind: 'cron', expression: '0 0 * * *', zone: 'Mars' } }, 'unprocessable'],
        [{ id: no.session, settings: {} }, 'not_found'],
        [{ id: own('task'), settings: { model: 'nobody/nothing' } }, 'unprocessable'],
        [{ id: own('task'), settings: { agentId: no.agent } }, 'unprocessable'],
      ],
    },
    'backups.create': { good: [{ path: `${place}/copy` }], other: { path: `${place}/other` } },
    'backups.delete': { good: [{ name: world.backup }], bad: [[{ name: 'unheard-of' }, 'not_found']], other: { name: 'unheard-of' } },

    'approvals.settle': {
      good: [
        { id: execution('forward').approval, decision: 'approve' },
        { id: at('settle').call, decision: 'reject', reason: 'No.' },
        { id: at('settle').approval, decision: 'approve' },
      ],
      bad: [[{ id: no.approval, decision: 'approve' }, 'not_found']],
    },
    'questions.answer': {
      good: [
        { id: questions['answer']!.question, answer: { colour: 'red' } },
        { id: questions['answer']!.call, answer: 'blue' },
      ],
      bad: [
        [{ id: no.question, answer: 'x' }, 'not_found'],
        [{ id: questions['act']!.question, answer: { shape: 'round' } }, 'unprocessable'],
      ],
      other: { id: questions['answer']!.question, answer: { colour: 'green' } },
    },
    'runs.cancel': { good: [{ id: at('cancel').run }, { id: done.run }], bad: [[{ id: no.run }, 'not_found']] },
    'tasks.steer': {
      good: [{ id: at('actSteer').session, text: 'And do it well.' }],
      bad: [
        [{ id: no.task, text: 'x' }, 'not_found'],
        [{ id: own('task'), text: 'x' }, 'conflict'],
      ],
    },
    'runs.steer': {
      good: [{ id: at('steer').run, text: 'Use blue.' }],
      bad: [
        [{ id: no.run, text: 'x' }, 'not_found'],
        [{ id: done.run, text: 'x' }, 'conflict'],
      ],
    },
    'runs.toolResult': {
      good: [
        { id: at('result').call, result: { given: true } },
        { id: done.call, result: 'late' },
      ],
      bad: [[{ id: no.call, result: 1 }, 'not_found']],
      other: { id: at('result').call, result: { given: false } },
    },
    'runs.resume': {
      good: [{ id: world.interruptedRun }],
      bad: [
        [{ id: no.run }, 'not_found'],
        [{ id: done.run }, 'conflict'],
      ],
    },
    'sessions.act': {
      good: [
        { sessionId: at('actApprove').session, type: 'approve', id: at('actApprove').call },
        { sessionId: at('actApprove').session, type: 'approve', id: at('actApprove').call },
        { sessionId: at('actReject').session, type: 'reject', id: at('actReject').approval, reason: 'Not now.' },
        { sessionId: questions['act']!.session, type: 'answer', id: questions['act']!.call, answer: 'green' },
        { sessionId: at('actResult').session, type: 'tool_result', id: at('actResult').call, result: [1, 2] },
        { sessionId: at('actSteer').session, type: 'steer', text: 'Left.' },
        { sessionId: at('actCancel').session, type: 'cancel' },
      ],
      bad: [
        [{ sessionId: no.session, type: 'cancel' }, 'not_found'],
        [{ sessionId: done.session, type: 'approve', id: no.call }, 'not_found'],
        [{ sessionId: done.session, type: 'approve' }, 'invalid'],
        [{ sessionId: done.session, type: 'steer', text: 'x' }, 'conflict'],
        [{ sessionId: own('act'), type: 'cancel', id: at('read').run }, 'not_found'],
      ],
      other: { sessionId: at('actApprove').session, type: 'cancel' },
    },
    'messages.send': {
      good: [{ sessionId: own('send'), text: 'Hello.' }],
      bad: [
        [{ sessionId: no.session, text: 'x' }, 'not_found'],
        [{ sessionId: own('send'), text: 'x', model: 'nobody/nothing' }, 'unprocessable'],
        [{ sessionId: own('send'), text: 'x', attachments: [no.file] }, 'unprocessable'],
      ],
    },
    'runs.start': {
      good: [{ subject: { sessionId: own('start') }, input: 'Hello.', model, limits: { steps: 4 }, budgetUsd: 1 }],
      bad: [[{ subject: { sessionId: no.session }, input: 'x' }, 'not_found']],
      other: { subject: { sessionId: own('start') }, input: 'Goodbye.' },
    },
    'sessions.rewindPreview': {
      good: [{ id: done.session, messageId: done.message }],
      bad: [
        [{ id: no.session, messageId: no.message }, 'not_found'],
        [{ id: done.session, messageId: no.message }, 'not_found'],
      ],
    },
    'sessions.rewind': {
      good: [{ id: done.session, messageId: done.message }],
      bad: [
        [{ id: no.session, messageId: no.message }, 'not_found'],
        [{ id: done.session, messageId: no.message }, 'not_found'],
      ],
      other: { id: done.session, messageId: no.message },
    },
    'system.stop': { good: [{}] },
  }
}
