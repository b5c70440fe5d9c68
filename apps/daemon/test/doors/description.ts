import { faultStatus, route, statusOf, type FaultWire } from '@steward/contract'
import { operations, type OperationName } from '@steward/contract/daemon'
import { z } from 'zod'

export type Json = Record<string, unknown>
export interface Description {
  /** Throws when an answer is not what `/openapi.json` says of it. */
  check(name: OperationName, status: number, body: unknown): void
}
/** The document that a daemon serves, as something that answers can be held against. */
export function readDescription(document: Json): Description {
  const { paths, components } = document as { paths: Record<string, Record<string, { responses: Json }>>; components: { schemas: Json } }
  const local = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('#/components/schemas/', '#/$defs/')) as Json
  const defs = local(components.schemas)
  const made = new Map<string, z.ZodType>()
  // Many answers have one schema: the faults of all operations, to begin with.
  const schemaOf = (schema: unknown) => {
    const key = JSON.stringify(schema)
    const known = made.get(key) ?? z.fromJSONSchema({ ...local(schema), $defs: defs } as never)
    made.set(key, known)
    return known
  }
  const contentOf = (answer: unknown) =>
    (answer as { content?: Record<string, { schema: unknown }> } | undefined)?.content?.['application/json']?.schema
  return {
    check(name, status, body) {
      const { method, path } = route(operations[name])
      const { responses } = paths[path]?.[method.toLowerCase()] ?? { responses: {} }
      const wanted = status < 400 ? statusOf(operations[name], body) : 0
      const schema = contentOf(responses[status] ?? responses['default'])
      if (status < 400 && (status !== wanted || responses[status] === undefined))
        throw new Error(`${name} answered ${status}; the contract says ${wanted}.`)
      if (status >= 400 && status !== faultStatus[(body as { error: FaultWire }).error.code])
        throw new Error(`${name} answered ${status} for ${JSON.stringify(body)}.`)
      if (schema === undefined) {
        if (body !== null) throw new Error(`${name} answered a body with status ${status}, and the description has none.`)
        return
      }
      const read = schemaOf(schema).safeParse(body)
      if (!read.success)
        throw new Error(
          `The answer of ${name} (${status}) is not what the description says: ${z.prettifyError(read.error)}\n${JSON.stringify(body).slice(0, 800)}`,
        )
    },
  }
}
