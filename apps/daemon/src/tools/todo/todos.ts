import { z } from 'zod'
import type { Todo } from '../tool.ts'

export const TodoItem = z.strictObject({
  id: z.string().min(1).max(64).describe('Your own short name for it, unique in the list.'),
  content: z.string().trim().min(1).max(1000).describe('What is to be done.'),
  status: z.enum(['pending', 'in_progress', 'completed']),
})
const boxes = { pending: '[ ]', in_progress: '[>]', completed: '[x]' } as const

/** The list in words, a line each. */
export const worded = (todos: readonly Todo[]): string =>
  todos.length === 0 ? 'The to-do list is empty.' : todos.map(({ id, content, status }) => `${boxes[status]} ${id}: ${content}`).join('\n')
