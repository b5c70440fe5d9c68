import { z } from 'zod'
import { boundHead, fitItems } from '../bounds.ts'
import { tool } from '../tool.ts'
import { words } from '../words.ts'
import { TodoItem, worded } from './todos.ts'

const describe = words(import.meta.url)
const inputs = z.strictObject({
  todos: z
    .array(TodoItem)
    .max(200)
    .refine((todos) => new Set(todos.map(({ id }) => id)).size === todos.length, 'Two items have the same id; each needs its own.')
    .refine((todos) => todos.filter(({ status }) => status === 'in_progress').length <= 1, 'Only one item may be in_progress.')
    .describe('The whole list; it replaces the old one.'),
})

/** Replaces the session's to-do list. It touches nothing outside the session, hence the risk of a read. */
export const write = tool({
  id: 'todo.write',
  name: 'Write the to-do list',
  get description() {
    return describe()
  },
  inputs,
  outputs: z.strictObject({ todos: z.array(TodoItem), total: z.int() }),
  permissions: ['todo:write'],
  risk: 'read',
  repeatable: true,
  inSession: true,
  examples: ['make a to-do list for this', 'write the todos', 'mark the second todo as done'],
  targets: async () => [],
  async run({ todos }, context) {
    await context.todos.set(todos)
    return { output: { todos: fitItems(todos, context.outputBytes - 200), total: todos.length }, text: boundHead(worded(todos), context.outputBytes) }
  },
})
