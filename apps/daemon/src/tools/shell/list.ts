import { z } from 'zod'
import { fitItems } from '../bounds.ts'
import { tool } from '../tool.ts'
import { words } from '../words.ts'
import { ProcessOutput, processState, processValue } from './background.ts'

const describe = words(import.meta.url)

/** Lists the background commands of the session. */
export const list = tool({
  id: 'shell.list',
  name: 'List background commands',
  get description() {
    return describe()
  },
  inputs: z.strictObject({}),
  outputs: z.strictObject({ processes: z.array(ProcessOutput), truncated: z.boolean() }),
  permissions: ['shell:run'],
  risk: 'read',
  repeatable: true,
  examples: ['list the background commands', 'what is running in the background?', 'is the dev server still running?'],
  targets: async () => [],
  async run(_input, context) {
    const all = context.processes.list(context.owner)
    const processes = fitItems(all.map(processValue), Math.floor(context.outputBytes / 2))
    const lines = all.slice(0, processes.length).map((process) => `${process.id} (${processState(process)}): ${processValue(process).command}`)
    const truncated = processes.length < all.length
    const text =
      lines.length === 0 ? 'There are no background commands.' : [...lines, ...(truncated ? [`[${all.length - lines.length} more]`] : [])].join('\n')
    return { output: { processes, truncated }, text }
  },
})
