import { randomUUID } from 'node:crypto'
import type { Bus } from './bus.ts'

/** What a question and its answer are on the bus. */
export interface Asked {
  readonly id: string
  readonly what: string
  readonly question: unknown
}
export interface Answered {
  readonly id: string
  readonly answer?: unknown
  /** Why there is no answer. */
  readonly error?: string
}
export interface AskSignals {
  ask: Asked
  answer: Answered
}
/** Questions from node to node, each with one answer or none in time. */
export interface Asking {
  /** Throws when the other node does not answer within `limitMs`, or answers with an error. */
  ask(node: string, what: string, question: unknown, limitMs: number): Promise<unknown>
  on(what: string, answer: (question: unknown) => Promise<unknown>): void
}
export function createAsking(bus: Pick<Bus<AskSignals>, 'send' | 'on'>): Asking {
  const open = new Map<string, (answered: Answered) => void>()
  const answers = new Map<string, (question: unknown) => Promise<unknown>>()
  bus.on('answer', (answered) => open.get(answered.id)?.(answered))
  bus.on('ask', ({ id, what, question }, from) => {
    const answer = answers.get(what)
    const given = answer ? answer(question) : Promise.reject(new Error(`Nobody answers ${what} here.`))
    given.then(
      (value) => bus.send(from, 'answer', { id, answer: value }),
      (error: unknown) => bus.send(from, 'answer', { id, error: (error as Error).message }),
    )
  })
  return {
    ask: (node, what, question, limitMs) =>
      new Promise((resolve, reject) => {
        const id = randomUUID()
        const late = setTimeout(() => {
          open.delete(id)
          reject(new Error('The other node did not answer in time.'))
        }, limitMs)
        open.set(id, ({ answer, error }) => {
          clearTimeout(late)
          open.delete(id)
          if (error === undefined) resolve(answer)
          else reject(new Error(error))
        })
        bus.send(node, 'ask', { id, what, question })
      }),
    on: (what, answer) => void answers.set(what, answer),
  }
}
