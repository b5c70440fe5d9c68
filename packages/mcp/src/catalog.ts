import { mutates, route, type Contract, type Operation } from '@steward/contract'
import type { Tool } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { resourceKinds, type ResourceKind } from './resource-kinds.ts'

/** An operation as a tool. */
export interface OperationTool {
  readonly operation: string
  readonly needs: string
  /** It works in a folder, which may be said. */
  readonly takesWorkspace: boolean
  readonly tool: Tool
}
/** A kind of resource of which the contract has the operations, and the scopes that these need. */
export interface OfferedKind extends ResourceKind {
  readonly listNeeds: string
  readonly readNeeds: string
}
/** What a contract offers to MCP hosts, made once for all connections. */
export interface Catalog {
  readonly version: string
  readonly operations: ReadonlyMap<string, OperationTool>
  readonly kinds: readonly OfferedKind[]
}
/** Makes tools of the operations that are marked `mcp`, and offers the kinds of resources whose operations there are. Those that carry bytes stay away: a tool call has none. */
export function createCatalog(contract: Contract, version: string): Catalog {
  const offered = Object.entries(contract).filter(([, op]) => op.mcp === true && op.bytes === undefined)
  const operations = offered.map(([operation, op]) => {
    const name = operation.replaceAll('.', '_')
    return [name, { operation, needs: op.needs, takesWorkspace: 'workspace' in op.input.shape, tool: toolOf(name, op) }] as const
  })
  const kinds = resourceKinds.flatMap((kind): OfferedKind[] => {
    const [list, read] = [contract[kind.list.operation], contract[kind.read.operation]]
    return list && read ? [{ ...kind, listNeeds: list.needs, readNeeds: read.needs }] : []
  })
  return { version, operations: new Map(operations), kinds }
}
function toolOf(name: string, op: Operation): Tool {
  const output = schemaOf(op.output, 'output')
  return {
    name,
    description: op.summary,
    inputSchema: objectSchema(schemaOf(op.input, 'input')),
    // Structured content is an object: what answers something else answers text.
    ...(output['type'] === 'object' ? { outputSchema: objectSchema(output) } : {}),
    annotations: { readOnlyHint: !mutates(op), destructiveHint: route(op).method === 'DELETE', openWorldHint: false },
  }
}
type Schema = Readonly<Record<string, unknown>>
/** A schema as the protocol wants it: of an object, in so many words. */
export const objectSchema = (schema: Schema): Tool['inputSchema'] => ({ ...schema, type: 'object' }) as Tool['inputSchema']

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _dialect, '~standard': _functions, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown>
  return rest
}
