import { mkdirSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { Fault, type Answer, type Contract, type Sent } from '@steward/contract'
import { operations, type OperationName, type Operations, type SessionTask, type Task } from '@steward/contract/daemon'
import { createCall, type Call, type Caller, type CallOptions } from '@steward/kernel'
import { createMessagesRoom } from '../src/domains/messages/room.ts'
import { createCallStore } from '../src/domains/runs/call-store.ts'
import { createLedgerStore } from '../src/domains/runs/ledger-store.ts'
import { createRunStore } from '../src/domains/runs/store.ts'
import { createCheckpointStore } from '../src/domains/sessions/checkpoint-store.ts'
import { createSessionsRoom } from '../src/domains/sessions/room.ts'
import { createSessionTasks, type TaskPatch } from '../src/domains/tasks/session-tasks.ts'
import type { RoomHandlers } from '../src/platform/context.ts'
import { createFiles } from '../src/platform/files/files.ts'
import { newId } from '../src/platform/ids.ts'
import { createLive } from '../src/platform/live.ts'
import { createProcesses } from '../src/platform/processes/processes.ts'
import { createLedger } from '../src/platform/storage/ledger.ts'
import { createRoomHarness, ownerCaller, type HarnessOptions } from './room-harness.ts'

export const remote = (...scopes: string[]): Caller => ({ id: 'tok_remote', kind: 'token', door: 'test', scopes })
/** The task as the view of a session that it is. */
export function ofSession(task: Task): SessionTask {
  if (task.kind !== 'session') throw new Error(`${task.id} is not the view of a session.`)
  return task
}
/** The rooms of conversations over real databases, called through the kernel; runs are rows that the test writes. */
export async function createSessionsHarness(options: HarnessOptions = {}) {
  const base = await createRoomHarness(options)
  const { chat } = base.stores
  const live = createLive()
  const userHome = realpathSync(path.dirname(base.home))
  const folder = path.join(userHome, `${path.basename(base.home)}-work`)
  mkdirSync(folder, { recursive: true })
  const runs = createRunStore(chat.db)
  const calls = createCallStore(chat.db)
  const checkpoints = createCheckpointStore(chat.db)
  const known = new Set(['builtin', 'anthropic/known'])
  const models = {
    check(id: string) {
      if (!known.has(id)) throw new Fault('unprocessable', `There is no model ${id}.`)
    },
    modelFor: (wanted: string | null) => wanted ?? 'builtin',
  }
  const messages = createMessagesRoom(chat.db, {
    sessionExists: (id) => sessions.store.find(id) !== undefined,
    toolCallsOf: calls.ofMessage,
    writing: live.current,
  })
  const processes = await createProcesses({ home: base.home, daemonId: 'test', sandbox: 'auto', allowEnv: [] })
  const cancelled: string[] = []
  const sessions = createSessionsRoom(chat, {
    home: base.home,
    userHome: path.join(folder, 'user'),
    agents: base.agents,
    models,
    messages,
    calls,
    files: base.files,
    runs: {
      openOf: (sessionId) => runs.open(sessionId).length > 0,
      async cancelAll(sessionId) {
        for (const run of runs.open(sessionId)) {
          cancelled.push(run.id)
          chat.log.commit(() => {
            runs.finish(run.id, { status: 'cancelled', stop: 'cancelled', error: null, output: null }, new Date().toISOString())
            sessions.store.update(sessionId, { status: 'idle' })
          })
        }
      },
    },
    live,
    processes,
    filesIn: (roots) => createFiles({ roots, home: base.home }),
    steps: createLedgerStore(chat.db).steps,
    setting: base.settings.get,
    report: (error) => void base.reported.push(error),
  })
  const tasks = createSessionTasks({
    sessions: sessions.store,
    runOf: (sessionId) => runs.list({ sessionId, limit: 1 }).items[0],
    activeRun: (sessionId) => runs.active(sessionId)?.id,
    agents: base.agents,
    models,
  })
  const ofTasks = {
    'tasks.get': async (_context, { id }) => tasks.get(id),
    'tasks.update': async (context, { id, settings = {} }) => tasks.update(context, id, settings as TaskPatch),
  } satisfies RoomHandlers
  const handlers = { ...sessions.handlers, ...messages.handlers, ...ofTasks }
  const contract = Object.fromEntries(Object.keys(handlers).map((name) => [name, operations[name as OperationName]]))
  const refusals = { refused: () => undefined, wasRead: () => undefined }
  const call: Call = createCall(
    contract as Contract,
    handlers as never,
    createLedger(base.stores, refusals),
    (error) => void base.reported.push(error),
  )
  sessions.search.start()
  type Names = keyof typeof handlers & OperationName
  return {
    ...base,
    folder,
    userHome: path.join(folder, 'user'),
    sessions,
    messages,
    calls,
    runs,
    checkpoints,
    live,
    cancelled,
    call,
    askBase: base.ask,
    async ask<N extends Names>(name: N, input: Sent<Operations[N]>, more: CallOptions & { caller?: Caller } = {}) {
      return (await call(more.caller ?? ownerCaller, name, input, more)).value as Answer<Operations[N]>
    },
    async refusal(name: Names, input: unknown, caller: Caller = ownerCaller): Promise<Fault> {
      return call(caller, name, input).then(
        () => {
          throw new Error(`${name} was expected to be refused.`)
        },
        (fault: Fault) => fault,
      )
    },
    /** A finished message as runs leave it. */
    say(
      sessionId: string,
      role: 'user' | 'assistant',
      text: string,
      more: { runId?: string; parts?: unknown; fileIds?: string[]; status?: 'final' | 'queued' | 'streaming' } = {},
    ) {
      const id = newId('msg')
      chat.log.commit((emit) => {
        const record = {
          id,
          sessionId,
          runId: more.runId ?? null,
          position: sessions.store.nextPosition(sessionId),
          role,
          status: more.status ?? 'final',
          delivery: 'queue',
          text,
          reasoning: null,
          model: role === 'assistant' ? 'builtin' : null,
          parts: (more.parts ?? null) as never,
          origin: null,
          synthetic: false,
          createdAt: new Date().toISOString(),
        } as const
        messages.store.insert(record, more.fileIds)
        emit('message.created', { message: messages.whole(record) }, { sessionId })
      })
      return id
    },
    /** A run as a row. */
    addRun(sessionId: string, status: 'queued' | 'running' | 'waiting' | 'interrupted') {
      const id = newId('run')
      const agentId = base.agents.findDefault().id
      chat.log.commit(() => {
        runs.insert({ id, sessionId, agentId, model: 'builtin', options: {}, origin: null, caller: 'owner', createdAt: new Date().toISOString() })
        if (status !== 'queued') runs.start(id, new Date().toISOString(), 1, 'builtin')
        runs.setStatus(id, status)
        sessions.store.update(sessionId, { status, runId: id })
      })
      return id
    },
    events: (sessionId?: string) =>
      chat.log
        .read(0, 10_000, sessionId)
        .filter(({ name }) => name !== 'call.committed')
        .map(({ name, json }) => ({ name, data: (JSON.parse(json) as { data: unknown }).data })),
    async close() {
      await sessions.search.close()
      await sessions.close()
      await processes.close()
      await base.close()
      if (base.reported.length > 0) throw new AggregateError(base.reported, 'The rooms reported errors.')
    },
  }
}
export type SessionsHarness = Awaited<ReturnType<typeof createSessionsHarness>>
