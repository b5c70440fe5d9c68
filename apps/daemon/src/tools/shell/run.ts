import { existsSync } from 'node:fs'
import { z } from 'zod'
import { boundMiddle, byteLength, count } from '../bounds.ts'
import { type ProcessRequest, type ProcessResult, tool, type ToolAnswer, type ToolContext, ToolError } from '../tool.ts'
import { words } from '../words.ts'
import { isFailure } from './exit-code.ts'

const describe = words(import.meta.url)
const defaultTimeoutMs = 120_000
const backgroundTimeoutMs = 2 * 60 * 60_000
/** Room for the sentences around the output. */
const statementBytes = 500

const inputs = z.strictObject({
  command: z
    .string()
    .min(1)
    .max(100_000)
    .refine((command) => !command.includes('\0'), 'A command must not contain a NUL character.')
    .describe('The command line, for bash (sh where there is no bash).'),
  timeoutMs: z
    .int()
    .min(100)
    .max(backgroundTimeoutMs)
    .optional()
    .describe('End it after so many milliseconds. Default 120,000; in the background 7,200,000.'),
  background: z.boolean().optional().describe('Start it and answer at once, for servers and watchers. Default false.'),
  description: z.string().max(200).optional().describe('What it does, in a few words, for the person who approves it.'),
})
type Input = z.infer<typeof inputs>
const outputs = z.strictObject({
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  droppedBytes: z.int().describe('Bytes of output that were not kept.'),
  durationMs: z.number(),
  background: z.strictObject({ id: z.string(), startedAt: z.string() }).optional(),
})

const request = (input: Input, context: ToolContext): ProcessRequest => ({
  command: [existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh', '-c', input.command],
  cwd: context.cwd,
  timeoutMs: input.timeoutMs ?? (input.background === true ? backgroundTimeoutMs : defaultTimeoutMs),
  outputBytes: input.background === true ? Math.max(context.outputBytes, 1024 * 1024) : context.outputBytes,
  writable: context.files.roots,
  network: true,
})

/** Both streams in the room there is: what one does not need goes to the other. */
const bounded = (result: ProcessResult, bytes: number): { stdout: string; stderr: string } => {
  const forErrors = Math.max(Math.floor(bytes / 3), bytes - byteLength(result.stdout))
  const stderr = boundMiddle(result.stderr, forErrors)
  return { stdout: boundMiddle(result.stdout, bytes - byteLength(stderr)), stderr }
}

const headline = (input: Input, result: ProcessResult): string => {
  if (result.timedOut)
    return `The command was ended after ${count(input.timeoutMs ?? defaultTimeoutMs)} ms without having finished. Set a longer timeoutMs, or run it in the background.`
  if (result.exitCode === null) return `The command was ended by ${result.signal ?? 'the system'}.`
  if (isFailure(input.command, result.exitCode)) return `The command failed with exit code ${result.exitCode}.`
  return result.exitCode === 0 ? '' : `Exit code ${result.exitCode} (for this program: nothing found, or differences).`
}

const worded = (input: Input, result: ProcessResult, streams: { stdout: string; stderr: string }): string => {
  const parts = [
    headline(input, result),
    streams.stdout.trimEnd(),
    streams.stderr.trim() === '' ? '' : `stderr:\n${streams.stderr.trimEnd()}`,
    result.droppedBytes > 0 ? `[${count(result.droppedBytes)} more bytes of output were not kept.]` : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'The command finished with exit code 0 and printed nothing.' : parts.join('\n')
}

const foreground = async (input: Input, context: ToolContext): Promise<ToolAnswer> => {
  const result = await context.processes.run(request(input, context), context.signal, (chunk) => context.progress(chunk))
  context.signal.throwIfAborted()
  const streams = bounded(result, context.outputBytes - statementBytes)
  const text = worded(input, result, streams)
  if (result.timedOut) throw new ToolError('timed_out', text)
  if (isFailure(input.command, result.exitCode)) throw new ToolError('failed', text)
  const { exitCode, signal, droppedBytes, durationMs } = result
  return { output: { exitCode, signal, ...streams, droppedBytes, durationMs }, text }
}

const background = async (input: Input, context: ToolContext): Promise<ToolAnswer> => {
  const { id, startedAt } = await context.processes.start({ ...request(input, context), owner: context.owner })
  const output = { exitCode: null, signal: null, stdout: '', stderr: '', droppedBytes: 0, durationMs: 0, background: { id, startedAt } }
  return { output, text: `Started in the background as ${id}. Read what it prints with shell_output, end it with shell_kill.` }
}

/** Runs a command line. A failing exit code and a time limit are failures of the call, with the output in their words. */
export const run = tool({
  id: 'shell.run',
  name: 'Run a command',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['shell:run'],
  risk: 'execute',
  repeatable: false,
  examples: [
    'run "npm test"',
    'execute the command "make build"',
    'run `ls -la`',
    'start "npm run dev" in the background',
    'run "python3 script.py"',
  ],
  targets: async (input, { cwd }) => [{ kind: 'command', command: input.command, cwd }],
  preview: async (input) => ({
    summary: `${input.background === true ? 'Run in the background' : 'Run'}${input.description === undefined ? '' : ` (${input.description})`}: ${boundMiddle(input.command, 4000)}`,
  }),
  run: (input, context) => (input.background === true ? background(input, context) : foreground(input, context)),
})
