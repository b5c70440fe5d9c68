import { isDeepStrictEqual } from 'node:util'
import { faultStatus, mutates, route, type Contract, type Operation } from '@steward/contract'
import { z } from 'zod'
import type { StreamRoute } from './http-options.ts'

type Json = Record<string, unknown>
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const jsonOf = (schema: unknown) => ({ 'application/json': { schema } })
const faultAnswer = { description: 'The request was refused; `error.code` says why.', content: jsonOf(ref('Fault')) }
const faultSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'retryable', 'requestId'],
      properties: {
        code: { type: 'string', enum: Object.keys(faultStatus) },
        message: { type: 'string' },
        details: {},
        retryable: { type: 'boolean' },
        requestId: { type: 'string' },
      },
    },
  },
}

/** The description of all operations as an OpenAPI 3.1 document, derived from the contract alone. */
export function describe(contract: Contract, streams: readonly StreamRoute[], version: string): Json {
  const schemas: Record<string, unknown> = { Fault: faultSchema }
  const paths: Record<string, Json> = {}
  for (const [name, op] of Object.entries(contract)) {
    const { method, path } = route(op)
    ;(paths[path] ??= {})[method.toLowerCase()] = operationOf(name, op, path, schemas)
  }
  for (const { path, summary } of streams) (paths[path] ??= {})['get'] = streamOf(path, summary)
  return {
    openapi: '3.1.0',
    info: { title: 'Steward', version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { apiKey: [] }, { cookie: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'steward' },
      },
    },
  }
}
function operationOf(name: string, op: Operation, path: string, schemas: Record<string, unknown>): Json {
  const status = op.status ?? 200
  const input = schemaOf(op.input, 'input', schemas)
  const properties = (input['properties'] ?? {}) as Record<string, unknown>
  const required = new Set((input['required'] ?? []) as string[])
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  const rest = Object.keys(properties).filter((field) => !inPath.includes(field))
  const fromQuery = !mutates(op) || op.bytes === 'upload'
  const parameter = (field: string, place: string) => ({
    name: field,
    in: place,
    required: place === 'path' || required.has(field),
    schema: properties[field],
  })
  const parameters: Json[] = [
    ...inPath.map((field) => parameter(field, 'path')),
    ...(fromQuery ? rest.map((field) => parameter(field, 'query')) : []),
  ]
  if (mutates(op) && op.database !== undefined) parameters.push({ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 200 } })
  if (op.bytes === 'download') parameters.push({ name: 'Range', in: 'header', schema: { type: 'string' } })
  const fields = Object.fromEntries(rest.map((field) => [field, properties[field]]))
  const needed = rest.filter((field) => required.has(field))
  const object = { type: 'object', properties: fields, ...(needed.length > 0 ? { required: needed } : {}), additionalProperties: false }
  return {
    operationId: name,
    summary: op.summary,
    description: `Needs the scope \`${op.needs}\`.`,
    tags: [name.split('.')[0]],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...bodyOf(op, object, fields, rest.length > 0, needed.length > 0),
    responses: {
      [status]: answerOf(op, status, schemas),
      ...(op.elseStatus ? { [op.elseStatus.status]: answerOf(op, op.elseStatus.status, schemas) } : {}),
      ...(op.bytes === 'download' ? { 206: { description: 'The range asked for.' } } : {}),
      default: faultAnswer,
    },
  }
}
const bytesSchema = { type: 'string', format: 'binary' }
function bodyOf(op: Operation, object: Json, fields: Json, some: boolean, needed: boolean): Json {
  if (op.bytes === 'upload') {
    const form = { type: 'object', required: ['file'], properties: { file: bytesSchema, ...fields } }
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema: form }, '*/*': { schema: bytesSchema } } } }
  }
  return mutates(op) && some ? { requestBody: { required: needed, content: jsonOf(object) } } : {}
}
function answerOf(op: Operation, status: number, schemas: Record<string, unknown>): Json {
  if (status === 204) return { description: 'Done.' }
  if (op.bytes === 'download') return { description: 'The bytes.', content: { '*/*': { schema: bytesSchema } } }
  return { description: 'The answer.', content: jsonOf(schemaOf(op.output, 'output', schemas)) }
}
const text = (name: string, place: string, description: string) => ({
  name,
  in: place,
  required: place === 'path',
  description,
  schema: { type: 'string' },
})
function streamOf(path: string, summary: string): Json {
  const inPath = path.includes('{sessionId}')
  return {
    operationId: `stream.${inPath ? 'one' : 'all'}`,
    summary,
    tags: ['streams'],
    description:
      'Server-sent events. Durable events carry an `id:`, which `Last-Event-ID` resumes; passing signals carry none. A `reset` event says that a cursor leads nowhere any more.',
    parameters: [
      text('sessionId', inPath ? 'path' : 'query', 'Only what belongs to this session.'),
      text('after', 'query', 'A cursor to go on from.'),
      text('names', 'query', 'Only events of these names, with commas between.'),
      text('Last-Event-ID', 'header', 'A cursor to go on from; goes before `after`.'),
    ],
    responses: { 200: { description: 'The stream.', content: { 'text/event-stream': { schema: { type: 'string' } } } }, default: faultAnswer },
  }
}
/** Turns a zod schema into JSON Schema; named parts go to `schemas`, once each, and are referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, unknown>): Json {
  const whole = z.toJSONSchema(z.object({ it: schema }), { io, unrepresentable: 'any' }) as unknown as {
    properties: { it: Json }
    $defs?: Record<string, Json>
  }
  const names = new Map<string, string>()
  for (const [name, part] of Object.entries(whole.$defs ?? {})) {
    const suffix = io === 'input' ? 'Input' : 'Output'
    // One name for one shape: what differs as input and as output, or is named by zod itself, gets a name of its own.
    const free = (chosen: string) =>
      schemas[chosen] === undefined || isDeepStrictEqual(schemas[chosen], relink(part, new Map([...names, [name, chosen]])))
    let chosen = name
    for (let nth = 1; !free(chosen); nth++) chosen = `${name}${suffix}${nth === 1 ? '' : nth}`
    names.set(name, chosen)
  }
  for (const [name, part] of Object.entries(whole.$defs ?? {})) schemas[names.get(name) ?? name] = relink(part, names)
  const it = relink(whole.properties.it, names)
  const target = typeof it['$ref'] === 'string' && io === 'input' ? schemas[it['$ref'].replace('#/components/schemas/', '')] : undefined
  return (target as Json | undefined) ?? it
}
/** Points references at the document's components. A schema's own `id` is its name there and says nothing inside. */
function relink(value: Json, names: ReadonlyMap<string, string>): Json {
  const written = JSON.stringify(value, (key, inner: unknown) => (key === '$schema' ? undefined : inner))
  const linked = JSON.parse(
    written.replace(/"#\/\$defs\/([^"]+)"/g, (_all, name: string) => `"#/components/schemas/${names.get(name) ?? name}"`),
  ) as Json
  const { id, ...rest } = linked
  return typeof id === 'string' ? rest : linked
}
