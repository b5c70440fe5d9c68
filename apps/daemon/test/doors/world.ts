import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { lastUserText, toolResults, type Script } from '@steward/testkit'
import { ofSession } from '../sessions-harness.ts'
import { model, startDaemon, type TestDaemon } from '../kit.ts'

/** Answers by what was asked: `write NAME` and `ask` call a tool first, everything else is answered with a sentence. */
export const worldScript: Script = (request) => {
  const words = lastUserText(request)
  if (toolResults(request).length > 0) return { text: 'Done.' }
  if (words.startsWith('write')) return { calls: [{ name: 'files_write', input: { path: 'note.txt', content: `${words}\n` } }] }
  if (words.startsWith('read')) return { calls: [{ name: 'files_read', input: { path: 'package.json' } }] }
  if (words.startsWith('ask')) return { calls: [{ name: 'ask_questions', input: { questions: [{ id: 'colour', question: 'Which colour?' }] } }] }
  return { text: ['You said: ', words] }
}
export interface World {
  readonly root: string
  readonly home: string
  readonly workspace: string
  /** A session whose one run called a tool and answered, and the ids in it. */
  readonly done: { readonly session: string; readonly message: string; readonly run: string; readonly call: string }
  /** Sessions at rest, one for each operation that changes one. */
  readonly idle: Readonly<Record<string, string>>
  /** Runs that wait for an approval, one for each operation that settles or ends one. */
  readonly waiting: Readonly<Record<string, { readonly session: string; readonly run: string; readonly approval: string; readonly call: string }>>
  readonly questions: Readonly<Record<string, { readonly session: string; readonly question: string; readonly call: string }>>
  readonly interruptedRun: string
  /** Plans that have not been executed: one that is read, one that is. */
  readonly plans: { readonly kept: string; readonly run: string }
  readonly execution: string
  /** Executions that wait for an approval, one for each operation that settles or ends one. */
  readonly waitingExecutions: Readonly<Record<string, { readonly execution: string; readonly approval: string }>>
  readonly workflow: string
  readonly spareWorkflow: string
  readonly memory: string
  readonly spareMemory: string
  readonly task: string
  readonly spareTask: string
  readonly hook: string
  readonly spareHook: string
  readonly app: string
  /** The state of the skill `kept`, and a skill in the trash. */
  readonly skillEtag: string
  readonly trashedSkill: string
  readonly file: string
  readonly spareFile: string
  readonly agent: string
  readonly spareAgent: string
  readonly rule: string
  readonly token: string
  /** A browser that has logged in. */
  readonly login: string
  /** The text of a token that holds one scope which no operation needs. */
  readonly powerless: string
  /** Credentials of the provider `spare`, which nobody answers for, and that of the environment. */
  readonly auth: string
  readonly spareAuth: string
  readonly environmentAuth: string
  /** A home with the file of another tool in it. */
  readonly person: string
  readonly backup: string
  readonly backupPath: string
}
const idleNames = ['rename', 'archive', 'delete', 'send', 'start', 'task', 'act'] as const
const waitingNames = [
  'read',
  'settle',
  'cancel',
  'steer',
  'result',
  'actApprove',
  'actReject',
  'actCancel',
  'actSteer',
  'actResult',
  'interrupted',
] as const

/** Builds one data folder with something of everything, by the daemon's own operations, and stops it. Copies of it are the same world at every door. */
export async function buildWorld(): Promise<World> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-world-')))
  const home = path.join(root, 'home')
  const workspace = path.join(root, 'workspace')
  const daemon = await startDaemon({ turns: worldScript, home, workspace, env: { STEWARD_SKILLS_PATH: path.join(root, 'skills') } })
  const { client } = daemon
  writeFileSync(path.join(workspace, 'package.json'), '{"name":"world"}')
  const open = async (title: string) => (await client.sessions.create({ model, title })).id
  const session = await open('Done')
  const run = await daemon.say(session, 'read it')
  const [message, answer] = (await client.messages.list({ sessionId: session })).items
  const idle: Record<string, string> = {}
  for (const name of idleNames) idle[name] = await open(`For ${name}`)
  const waiting: Record<string, World['waiting'][string]> = {}
  for (const name of waitingNames) {
    const at = await open(`Waits for ${name}`)
    const { runId } = await client.messages.send({ sessionId: at, text: `write for ${name}` })
    await daemon.runUntil(runId, 'waiting')
    const approval = (await client.approvals.list({ sessionId: at })).items[0]!
    waiting[name] = { session: at, run: runId, approval: approval.id, call: approval.callId }
  }
  const questions: Record<string, World['questions'][string]> = {}
  for (const name of ['answer', 'act']) {
    const at = await open(`Asks for ${name}`)
    const { runId } = await client.messages.send({ sessionId: at, text: 'ask me' })
    await daemon.runUntil(runId, 'waiting')
    const question = (await client.questions.list({ sessionId: at })).items[0]!
    questions[name] = { session: at, question: question.id, call: question.callId }
  }
  const upload = (name: string) =>
    client.upload('files.upload', { name, mediaType: 'text/plain', sessionId: session }, Buffer.from(`This is ${name}.`))
  const [file, spareFile] = [await upload('kept.txt'), await upload('spare.txt')]
  const [agent, spareAgent] = [await client.agents.create({ name: 'Kept' }), await client.agents.create({ name: 'Spare' })]
  const rule = await client.permissions.add({ tool: 'shell.run', pattern: 'make *', action: 'allow', level: 'global' })
  const { token } = await client.tokens.create({ name: 'Spare', scopes: ['sessions:read'] })
  const { code } = await client.logins.create({})
  await fetch(`${daemon.url}/v1/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) })
  const login = (await client.logins.list({})).items[0]?.id ?? ''
  const { secret: powerless } = await client.tokens.create({ name: 'Powerless', scopes: ['nothing:read'] })
  await client.providers.set({ id: 'spare', kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1' })
  const auth = await client.auth.add({ provider: 'spare', key: 'a-key-of-the-world-01', name: 'Kept' })
  const spareAuth = await client.auth.add({ provider: 'spare', key: 'a-key-of-the-world-02', name: 'Spare', priority: 200 })
  const environmentAuth = (await client.auth.list({ provider: 'anthropic' })).items[0]!.id
  const person = path.join(root, 'person')
  mkdirSync(path.join(person, '.codex'), { recursive: true })
  writeFileSync(path.join(person, '.codex', 'auth.json'), '{"OPENAI_API_KEY":"sk-world-0001","tokens":{"access_token":"a-login-of-a-tool"}}', {
    mode: 0o600,
  })
  await client.settings.set({ key: 'runs.steps', value: 77 })
  const planned = async (text: string) => (await client.plans.create({ text, model: 'builtin' })).plan.id!
  const plans = { kept: await planned('read package.json'), run: await planned('read package.json') }
  const execution = (await client.executions.start({ toolId: 'files.read', inputs: { path: 'package.json' } })).id!
  const waitingExecutions: Record<string, World['waitingExecutions'][string]> = {}
  for (const name of ['read', 'settle', 'forward', 'cancel', 'interrupted']) {
    const { id, approvalId } = await client.executions.start({ toolId: 'files.write', inputs: { path: `${name}.txt`, content: name } })
    waitingExecutions[name] = { execution: id!, approval: approvalId! }
  }
  const definition = (name: string) => ({
    name,
    permissions: ['files:read'],
    inputs: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    steps: [{ id: 'read', toolId: 'files.read', inputs: { path: '{{inputs.path}}' } }],
  })
  const { id: workflow } = await client.workflows.save(definition('Kept'))
  await client.workflows.save({ id: workflow, ...definition('Kept'), description: 'Reads a file.' })
  const { id: spareWorkflow } = await client.workflows.save(definition('Spare'))
  const scheduled = (name: string) => ({
    name,
    target: { kind: 'tool', toolId: 'files.read', inputs: { path: 'package.json' } } as const,
    schedule: { kind: 'cron', expression: '0 3 1 1 *', zone: 'UTC' } as const,
    overlap: { parallel: 100 },
  })
  const { id: memory } = await client.memory.save({ text: 'The world is in a temporary folder.', kind: 'fact', tags: ['world'] })
  const { id: spareMemory } = await client.memory.save({ text: 'To be forgotten.' })
  const { id: task } = await client.tasks.create({ ...scheduled('Kept'), triggers: [{ kind: 'webhook' }] })
  const { id: spareTask } = await client.tasks.create(scheduled('Spare'))
  const hooked = (name: string) => ({ name, on: { events: ['task.missed'] }, action: { kind: 'task' as const, taskId: spareTask }, active: false })
  const { id: hook } = await client.hooks.create(hooked('Kept'))
  const { id: spareHook } = await client.hooks.create(hooked('Spare'))
  await client.secrets.set({ name: 'spotify.token', value: 'a token of the world' })
  await client.secrets.set({ name: 'spare.token', value: 'a spare token' })
  const { id: app } = await client.apps.add({ id: 'spare', server: { url: 'http://127.0.0.1:9/mcp' } })
  const { etag } = await client.skills.create({ name: 'kept', description: 'Is kept.', body: 'Keep it.', tags: ['old', 'good'] })
  for (const name of ['spare', 'trashed']) await client.skills.create({ name, description: `Is ${name}.` })
  mkdirSync(path.join(root, 'skills', 'bad'))
  writeFileSync(path.join(root, 'skills', 'bad', 'SKILL.md'), '---\nname: other\nnonsense: 1\n---\n')
  writeFileSync(path.join(root, 'skills', 'kept', 'bytes.bin'), Buffer.from([0, 255, 254]))
  const { id: trashedSkill } = await client.skills.delete({ name: 'trashed' })
  const backup = await client.backups.create({})
  await daemon.served.app.caughtUp()
  await daemon.stop()
  await daemon.wire.close()
  writeLog(home)
  interrupt(home, waiting['interrupted']!)
  interruptExecution(home, waitingExecutions['interrupted']!)
  return {
    root,
    home,
    workspace,
    done: { session, message: message!.id, run: run.id, call: answer!.toolCalls[0]!.id },
    idle,
    waiting,
    questions,
    interruptedRun: waiting['interrupted']!.run,
    plans,
    execution,
    waitingExecutions,
    workflow,
    spareWorkflow,
    memory,
    spareMemory,
    task,
    spareTask,
    hook,
    spareHook,
    app,
    skillEtag: etag!,
    trashedSkill,
    file: file.id,
    spareFile: spareFile.id,
    agent: agent.id,
    spareAgent: spareAgent.id,
    rule: rule.id,
    token: token.id,
    login,
    powerless,
    auth: auth.id,
    spareAuth: spareAuth.id,
    environmentAuth,
    person,
    backup: backup.name,
    backupPath: backup.path,
  }
}
/** A daemon in this process hands its lines to the test; what the files of a log say is the same for all doors. */
function writeLog(home: string): void {
  const line = (level: string, component: string, second: number, msg: string) =>
    `${JSON.stringify({ level, time: `2026-01-01T00:00:0${second}.000Z`, pid: 1, component, msg })}\n`
  mkdirSync(path.join(home, 'logs'), { mode: 0o700 })
  const text = line('info', 'daemon', 1, 'One.') + line('warn', 'http', 2, 'Two.') + line('error', 'runner', 3, 'Three.')
  writeFileSync(path.join(home, 'logs', 'steward.log'), text)
}
/** No run of ours comes to rest as interrupted; a runtime without a resume token leaves its runs so. */
function interrupt(home: string, { session, run }: { session: string; run: string }): void {
  const db = new DatabaseSync(path.join(home, 'chat_history.db'))
  db.prepare(`UPDATE runs SET status = 'interrupted' WHERE id = ?`).run(run)
  db.prepare(`UPDATE sessions SET status = 'interrupted' WHERE id = ?`).run(session)
  db.close()
}
/** As a kill in the middle of its step leaves it. */
function interruptExecution(home: string, { execution, approval }: { execution: string; approval: string }): void {
  const db = new DatabaseSync(path.join(home, 'agents.db'))
  db.prepare(`UPDATE execution_approvals SET status = 'approved' WHERE id = ?`).run(approval)
  db.prepare(
    `INSERT OR REPLACE INTO execution_steps (execution_seq, step, tool_id, call_id, status, inputs, attempts, started_at)
     SELECT e.seq, 'call', a.tool_id, a.call_id, 'unknown', a.input, 1, a.created_at FROM executions e JOIN execution_approvals a ON a.execution_id = e.id WHERE e.id = ?`,
  ).run(execution)
  db.prepare(`UPDATE executions SET status = 'interrupted', started_at = created_at WHERE id = ?`).run(execution)
  db.close()
}
/** The daemon on a copy of the world, when everything that waits is waiting again. */
export async function settled(daemon: TestDaemon, world: World): Promise<void> {
  for (const [name, { run }] of Object.entries(world.waiting)) if (name !== 'interrupted') await daemon.runUntil(run, 'waiting')
  for (const { session } of Object.values(world.questions)) {
    const { runId } = ofSession(await daemon.client.tasks.get({ id: session }))
    await daemon.runUntil(runId ?? '', 'waiting')
  }
  await daemon.served.app.caughtUp()
}
