import type { Sender } from '@steward/client'
import { Fault } from '@steward/contract'
import type { Approval, Question } from '@steward/contract/daemon'
import type { Asker } from './asker.ts'
import { askApproval, askQuestion } from './decisions.ts'
import type { Listener } from './follow-run.ts'
import type { Screen } from './screen.ts'

const elsewhere = 'settled elsewhere'

/**
 * Lets the person at the terminal decide, one thing at a time. What is settled from another door is taken off the screen. Without a person
 * it says how to decide from elsewhere.
 */
export function createPerson(sender: Sender, screen: Screen, asker: Asker | undefined) {
  const open = new Map<string, AbortController>()
  let line: Promise<void> = Promise.resolve()
  const enter = (id: string, ask: (signal: AbortSignal) => Promise<void>) => {
    const abort = new AbortController()
    open.set(id, abort)
    const before = line
    line = (async () => {
      await before
      if (abort.signal.aborted) return
      try {
        await ask(abort.signal)
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        screen.note(error.message)
      } finally {
        open.delete(id)
      }
    })()
  }
  const approval = (given: Approval) => {
    if (!asker) return screen.note(`Waiting for an approval (${given.toolId}). Decide with: steward approvals settle ${given.id} approve`)
    enter(given.id, async (signal) => {
      const decision = await screen.hold((write) => askApproval(asker, write, given, screen.style, signal))
      if (decision) await settle('approvals.settle', { id: given.id, ...decision })
      else if (signal.reason === elsewhere) screen.note('It has been decided elsewhere.')
    })
  }
  const question = (given: Question) => {
    if (!asker) return screen.note(`Waiting for an answer. Give it with: steward questions answer ${given.id} --answer "…"`)
    enter(given.id, async (signal) => {
      const answer = await screen.hold((write) => askQuestion(asker, write, given, screen.style, signal))
      if (answer) await settle('questions.answer', { id: given.id, answer })
      else if (signal.reason === elsewhere) screen.note('It has been answered elsewhere.')
    })
  }
  const settle = async (op: string, input: unknown) => {
    const { settled } = (await sender.call(op, input)) as { settled: boolean }
    if (!settled) screen.note('It had been decided elsewhere before.')
  }
  return {
    approval,
    question,
    settled: (id: string) => open.get(id)?.abort(elsewhere),
    /** Ends whatever is being asked. */
    async leave() {
      for (const abort of open.values()) abort.abort()
      await line
    },
  } satisfies Pick<Listener, 'approval' | 'question' | 'settled'> & { leave(): Promise<void> }
}
