import { z } from 'zod'
import type { BackgroundProcess, ToolContext } from '../tool.ts'
import { ToolError } from '../tool.ts'

/** The id of a background command, as `shell.run` gave it. */
export const ProcessId = z.string().min(1).max(200).describe('The id that shell_run gave.')

export const ProcessOutput = z.strictObject({
  id: z.string(),
  command: z.string(),
  startedAt: z.string(),
  running: z.boolean(),
  exitCode: z.int().nullable(),
})

/** A background command as a plain value; a long command line is cut. */
export const processValue = ({ id, command, startedAt, running, exitCode }: BackgroundProcess) => ({
  id,
  command: command.length > 500 ? `${command.slice(0, 500).toWellFormed()}…` : command,
  startedAt,
  running,
  exitCode,
})

export const processState = ({ running, exitCode }: BackgroundProcess): string => {
  if (running) return 'running'
  return exitCode === null ? 'ended' : `ended with exit code ${exitCode}`
}

export const noSuchProcess = (id: string, { processes, owner }: ToolContext): ToolError => {
  const known = processes.list(owner).map((process) => process.id)
  const hint = known.length === 0 ? 'This session has none.' : `This session has ${known.slice(0, 20).join(', ')}.`
  return new ToolError('not_found', `There is no background command ${id}. ${hint}`)
}
