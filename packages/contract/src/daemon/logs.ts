import { z } from 'zod'
import { operation } from '../operation.ts'
import { At, listOf, page } from './common.ts'

/** The parts of the daemon that write lines. Beside them `supervisor` has lines, and the raw words of a process are `crash`. */
export const logComponents = [
  'daemon',
  'storage',
  'http',
  'ipc',
  'mcp',
  'runner',
  'executor',
  'scheduler',
  'apps',
  'models',
  'memory',
  'hooks',
  'child',
] as const
/** How much is said, from everything to what ends the process. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogComponent = (typeof logComponents)[number]
export type LogLevel = (typeof logLevels)[number]

/** One line of the log, or the words that a process left without one: `raw`, as they are, in `message`. */
export const LogLine = z
  .object({
    time: At,
    level: z.enum(logLevels),
    component: z.string(),
    pid: z.int().nullable(),
    message: z.string(),
    details: z.record(z.string(), z.json()),
    raw: z.boolean(),
  })
  .meta({ id: 'LogLine' })
export type LogLine = z.infer<typeof LogLine>

export const logs = {
  'logs.list': operation({
    summary: 'List lines of the log, newest first. A page of a long log may hold few or none; its nextCursor goes on.',
    needs: 'logs:read',
    http: 'GET /v1/logs',
    input: z.strictObject({
      ...page,
      components: z.array(z.string().min(1).max(40)).max(20).optional(),
      level: z.enum(logLevels).optional(),
      /** What the message or the details hold, in capitals or not. */
      text: z.string().min(1).max(200).optional(),
      since: At.optional(),
      until: At.optional(),
    }),
    output: listOf(LogLine),
  }),
}
