import type { Approval, EventData, Message, Question, Run } from '@steward/contract/daemon'

/** Something that happened between messages. */
export type Mark =
  | ({ readonly kind: 'compacted' } & Placed & EventData<'conversation.compacted'>)
  | ({ readonly kind: 'rewound' } & Placed & EventData<'session.rewound'>)
interface Placed {
  readonly id: string
  readonly at: string
}
/** What is told of a call beside its row: what waits for a person, and what it prints while it runs. */
export interface CallNews {
  readonly approval?: Approval
  readonly question?: Question
  readonly progress: string
}
/** How the session's work stands. */
export interface Work {
  readonly runId: string
  readonly status: Run['status']
  readonly stop: string | null
  /** What the daemon said when it failed. */
  readonly error: string | null
  /** What went wrong on the way, and when it is tried again. */
  readonly trouble: { readonly message: string; readonly retryAt: number | null } | null
}
/** What is shown, in order: keys of messages and marks, and whether there is more on either side. */
export interface Rows {
  readonly keys: readonly string[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  /** Messages that came since the newest were let go. */
  readonly missed: number
}
export type Todos = EventData<'todo.updated'>['todos']
export const workOf = ({ id, status, stop, error }: Run): Work => ({ runId: id, status, stop, error, trouble: null })
export const isOver = (status: Run['status']): boolean => status === 'completed' || status === 'failed' || status === 'cancelled'

/**
 * Messages and marks in reading order: a mark stands after the last message that was written before it, where that is among what is known. What no run has taken up yet is not part of
 * the conversation; it is shown where messages are written.
 */
export function arranged(
  all: readonly Message[],
  marks: readonly Mark[],
  { hasOlder, hasNewer }: Pick<Rows, 'hasOlder' | 'hasNewer'>,
): readonly string[] {
  const messages = all.filter(({ status }) => status !== 'queued')
  const keys = messages.map(({ id }) => id)
  for (const mark of marks.toReversed()) {
    const after = messages.findLastIndex(({ createdAt }) => createdAt <= mark.at)
    const isBeyond = (after === -1 && hasOlder) || (after === messages.length - 1 && hasNewer)
    if (!isBeyond) keys.splice(after + 1, 0, mark.id)
  }
  return keys
}
/** The last list of things to do that the messages hold. */
export function todosIn(messages: readonly Message[]): Todos | undefined {
  for (const { toolCalls } of messages.toReversed())
    for (const { toolId, status, input } of toolCalls.toReversed())
      if (
        toolId === 'todo.write' &&
        status === 'completed' &&
        typeof input === 'object' &&
        input !== null &&
        'todos' in input &&
        Array.isArray(input.todos)
      )
        return (input.todos as unknown as Partial<Todos[number]>[]).flatMap(({ id, content, status: how }, index) =>
          typeof content === 'string' ? [{ id: id ?? String(index), content, status: how ?? 'pending' }] : [],
        )
  return undefined
}
