import { z } from 'zod'
import { tool } from '../tool.ts'
import { words } from '../words.ts'
import { noSuchProcess, ProcessId, ProcessOutput, processState, processValue } from './background.ts'

const describe = words(import.meta.url)
const inputs = z.strictObject({ id: ProcessId })

/** Ends a background command of the session, with all its children. */
export const kill = tool({
  id: 'shell.kill',
  name: 'End a background command',
  get description() {
    return describe()
  },
  inputs,
  outputs: ProcessOutput,
  permissions: ['shell:run'],
  risk: 'execute',
  repeatable: true,
  examples: ['stop the background command', 'kill the dev server', 'end process "proc_1"'],
  targets: async () => [],
  preview: async ({ id }) => ({ summary: `End the background command ${id}` }),
  async run({ id }, context) {
    const ended = await context.processes.kill(context.owner, id)
    if (ended === null) throw noSuchProcess(id, context)
    return { output: processValue(ended), text: `${id} has ${processState(ended)}.` }
  },
})
