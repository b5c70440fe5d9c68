import { z } from 'zod'
import { byteLength, headBytes } from '../bounds.ts'
import { tool } from '../tool.ts'
import { words } from '../words.ts'
import { noSuchProcess, ProcessId, ProcessOutput, processState, processValue } from './background.ts'

const describe = words(import.meta.url)
const statementBytes = 1000
/** Bytes of the stream behind a text; a replacement character stands for one byte that was no UTF-8. */
const streamBytes = (text: string): number => byteLength(text) - 2 * (text.split('\uFFFD').length - 1)
const inputs = z.strictObject({
  id: ProcessId,
  offset: z.int().min(0).optional().describe('Where to read on: the nextOffset of the last answer. Default 0.'),
})
const outputs = z.strictObject({
  process: ProcessOutput,
  text: z.string(),
  nextOffset: z.int(),
  more: z.boolean().describe('More is there already; read on.'),
})

/** Reads what a background command has printed, from an offset on. */
export const output = tool({
  id: 'shell.output',
  name: 'Read the output of a background command',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['shell:run'],
  risk: 'read',
  repeatable: true,
  examples: ['show the output of the background command', 'what did the server print?', 'read the output of process "proc_1"'],
  targets: async () => [],
  async run(input, context) {
    const found = context.processes.output(context.owner, input.id, input.offset ?? 0)
    if (found === null) throw noSuchProcess(input.id, context)
    const text = headBytes(found.text, context.outputBytes - statementBytes)
    const more = text.length < found.text.length
    const nextOffset = found.nextOffset - streamBytes(found.text.slice(text.length))
    const state = `[${processState(found.process)}; ${more ? 'more is there, read on' : 'read on'} with offset ${nextOffset}]`
    return {
      output: { process: processValue(found.process), text, nextOffset, more },
      text: text === '' ? `No new output. ${state}` : `${text}${text.endsWith('\n') ? '' : '\n'}${state}`,
    }
  },
})
