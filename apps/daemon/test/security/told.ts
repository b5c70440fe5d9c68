import { lastUserText, toolResults, type Script } from '@steward/testkit'
import type { PermissionMode } from '@steward/contract/daemon'
import { model, type TestDaemon } from '../kit.ts'

export interface ToldCall {
  readonly name: string
  readonly input: unknown
}
/** A model that does whatever the last message says: a JSON list of steps, each a list of calls. After the last it answers with a sentence. */
export const obedient: Script = (request) => {
  const steps = JSON.parse(lastUserText(request)) as ToldCall[][]
  let done = toolResults(request).length
  for (const calls of steps) {
    if (done === 0) return { text: 'I do as told.', calls }
    done -= calls.length
  }
  return { text: 'Done.' }
}
export const shell = (command: string): ToldCall => ({ name: 'shell_run', input: { command, timeoutMs: 10_000 } })
export type Told = Awaited<ReturnType<typeof tell>>
/** Tells the model what to call and waits until it is done, or waits for a person. Answers the calls as they are recorded, in order. */
export async function tell(
  daemon: Pick<TestDaemon, 'client' | 'runUntil'>,
  steps: readonly (readonly ToldCall[])[],
  more: { mode?: PermissionMode; workspace?: string } = {},
) {
  const { mode = 'ask', workspace } = more
  const { client } = daemon
  const session = await client.sessions.create({
    model,
    permissionMode: mode,
    ...(workspace === undefined ? {} : { workspace: { path: workspace } }),
  })
  const { runId } = await client.messages.send({ sessionId: session.id, text: JSON.stringify(steps) })
  const look = async () => {
    const { items } = await client.messages.list({ sessionId: session.id, limit: 200, order: 'oldest' })
    return items.flatMap(({ toolCalls }) => toolCalls)
  }
  const run = await daemon.runUntil(runId, 'waiting')
  return {
    sessionId: session.id,
    runId,
    run,
    calls: await look(),
    look,
    approvals: async () => (await client.approvals.list({ sessionId: session.id, limit: 200 })).items,
    /** Settles every approval there is and waits for the end. */
    async settle(decision: 'approve' | 'reject') {
      for (const { id } of (await client.approvals.list({ sessionId: session.id, limit: 200 })).items) await client.approvals.settle({ id, decision })
      await daemon.runUntil(runId)
      return look()
    },
    cancel: () => client.runs.cancel({ id: runId }),
  }
}
export const inSlices = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size))
