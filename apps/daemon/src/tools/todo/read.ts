import { z } from 'zod'
import { boundHead, fitItems } from '../bounds.ts'
import { tool } from '../tool.ts'
import { words } from '../words.ts'
import { TodoItem, worded } from './todos.ts'

const describe = words(import.meta.url)

/** Gives the session's to-do list. */
export const read = tool({
  id: 'todo.read',
  name: 'Read the to-do list',
  get description() {
    return describe()
  },
  inputs: z.strictObject({}),
  outputs: z.strictObject({ todos: z.array(TodoItem), total: z.int() }),
  permissions: ['todo:read'],
  risk: 'read',
  repeatable: true,
  inSession: true,
  examples: ['show the to-do list', 'what is left to do?', 'read the todos'],
  targets: async () => [],
  async run(_input, context) {
    const todos = (await context.todos.get()).map(({ id, content, status }) => ({ id, content, status }))
    return { output: { todos: fitItems(todos, context.outputBytes - 200), total: todos.length }, text: boundHead(worded(todos), context.outputBytes) }
  },
})
