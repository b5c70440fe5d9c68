import { Fault } from '@steward/contract'
import type { Origin, RunOptions } from '@steward/contract/daemon'
import { holds, type Caller } from '@steward/kernel'
import { newId } from '../../platform/ids.ts'
import type { Commit } from '../../platform/storage/event-log.ts'
import type { RunDeps, StoredMessage } from './ports.ts'

export interface Enqueued {
  readonly messageId: string
  readonly runId: string
}
export interface Wanted {
  readonly sessionId: string
  readonly text: string
  readonly attachments?: readonly string[] | undefined
  readonly options: RunOptions
  readonly delivery: 'queue' | 'steer'
  readonly origin?: { readonly [K in keyof Origin]?: Origin[K] | undefined } | undefined
}
/** Refuses a permission mode that acts without asking to callers who may not change permissions. */
function checkMode(caller: Caller, mode: string | undefined): void {
  if ((mode === 'auto' || mode === 'accept-edits') && !holds(caller.scopes, 'permissions:write'))
    throw new Fault('forbidden', `The permission mode ${mode} needs the scope permissions:write, which this credential does not hold.`)
}

/** Takes a message in: as a run of its own that waits its turn, or as steering for the run under way. In one transaction, so it is never lost. */
export function createEnqueue(deps: RunDeps, fileOfSession: (fileId: string, sessionId: string) => boolean) {
  return (commit: Commit, caller: Caller, wanted: Wanted): Enqueued => {
    const { sessions, messages, runs } = deps
    const session = sessions.find(wanted.sessionId)
    if (!session) throw new Fault('not_found', `There is no session ${wanted.sessionId}.`)
    if (session.archived)
      throw new Fault(
        'conflict',
        `The session ${session.id} is archived; bring it back with \`steward sessions archive ${session.id} --archived false\`.`,
      )
    checkMode(caller, wanted.options.permissionMode)
    for (const model of [wanted.options.model, wanted.options.fallbackModel]) if (model !== undefined) deps.checkModel(model)
    for (const fileId of wanted.attachments ?? [])
      if (!fileOfSession(fileId, session.id))
        throw new Fault('unprocessable', `There is no file ${fileId} that this session may use; upload it first.`)
    const under = runs.active(session.id)
    const steers = wanted.delivery === 'steer' && under !== undefined && under.status !== 'queued'
    const at = new Date().toISOString()
    const runId = steers ? under.id : newId('run')
    const messageId = newId('msg')
    const place = { sessionId: session.id, runId }
    const origin: Origin = { sender: caller.id, ...wanted.origin, door: wanted.origin?.door ?? caller.door }
    return commit((emit) => {
      const position = sessions.nextPosition(session.id)
      const message = {
        id: messageId,
        ...place,
        position,
        role: 'user' as const,
        status: 'queued' as const,
        text: deps.redact(wanted.text),
        reasoning: null,
        model: null,
        origin,
        synthetic: false,
        createdAt: at,
      }
      messages.insert({ ...message, delivery: steers ? 'steer' : 'queue', parts: null }, wanted.attachments)
      emit('message.created', { message: { ...message, attachments: messages.attachments(messageId), toolCalls: [] } }, place)
      if (!steers) {
        runs.insert({
          id: runId,
          sessionId: session.id,
          agentId: session.agentId,
          model: wanted.options.model ?? session.model,
          options: wanted.options,
          origin,
          caller: caller.id,
          createdAt: at,
        })
        emit('status', { status: 'queued', previous: null, stop: null, message: null, resumes: 0 }, place)
        sessions.update(session.id, { status: under ? session.status : 'queued', ...(under ? {} : { runId }) })
      }
      return { messageId, runId }
    })
  }
}
/** Gives a steering message that came too late a run of its own. */
export function requeueLate(
  { commit, runs, sessions, messages }: Pick<RunDeps, 'commit' | 'runs' | 'sessions' | 'messages'>,
  message: StoredMessage,
): void {
  const session = sessions.find(message.sessionId)
  if (!session) return
  const runId = newId('run')
  commit((emit) => {
    messages.assign(message.id, runId)
    runs.insert({
      id: runId,
      sessionId: session.id,
      agentId: session.agentId,
      model: session.model,
      options: {},
      origin: message.origin,
      caller: message.origin?.sender ?? 'owner',
      createdAt: new Date().toISOString(),
    })
    emit('status', { status: 'queued', previous: null, stop: null, message: null, resumes: 0 }, { sessionId: session.id, runId })
    if (session.status === 'idle') sessions.update(session.id, { status: 'queued' })
  })
}
