import type { JsonSchema } from '../../engine/execution/types.ts'
import { schemaCheck } from '../../engine/json-schema.ts'
import type { Json } from '../../engine/types.ts'
import { type Tool, ToolError } from '../tool.ts'
import type { OutputCheck } from './answer.ts'
import type { Hider } from './hide.ts'

/** What an HTTP request and a command do in their own ways. */
export type Acts = Required<Pick<Tool<Json>, 'targets' | 'preview' | 'run'>>

export const outputCheck = (schema: JsonSchema | undefined): OutputCheck => (schema === undefined ? () => [] : schemaCheck(schema))

/** Does the work of a call; what it throws is told without secrets. The error that was thrown is not kept as the cause: it may hold them. */
export async function withoutSecrets<T>(hider: Hider, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    const code = error instanceof ToolError ? error.code : 'failed'
    throw new ToolError(code, hider.text(error instanceof Error ? error.message : String(error)))
  }
}
