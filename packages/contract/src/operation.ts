import type { z } from 'zod'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
interface Chooser<I extends z.ZodType> {
  database(input: z.output<I>): string
}
/** What an operation is, before anyone has written how it works. Every door, the SDK, the CLI, OpenAPI and the audit are derived from it. */
export interface Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> {
  /** One sentence for people: help texts, OpenAPI, MCP. */
  readonly summary: string
  /** The scope a caller must hold, `noun:verb`. */
  readonly needs: string
  readonly http: `${Method} /v${1 | 2 | 3}/${string}`
  /** HTTP status of success; 204 sends no body. */
  readonly status?: 200 | 201 | 202 | 204
  /** The other HTTP status of success, for the answers that `when` says. */
  readonly elseStatus?: { readonly status: 200 | 201 | 202; when(answer: never): boolean } | undefined
  /** The one database its commit, its idempotency key and its events go to; where its input decides that, what tells it. Absent: it commits nothing. */
  readonly database?: string | Chooser<I>['database']
  readonly input: I
  readonly output: O
  /** Offered to MCP hosts as a tool. */
  readonly mcp?: boolean
  /** `upload`: takes a body of bytes beside the input. `download`: answers its output and a stream of bytes. */
  readonly bytes?: 'upload' | 'download'
  /** The answer carries a secret: it is never kept for an idempotent replay nor logged. */
  readonly secret?: boolean
  /** How the CLI spells it: a short name beside `noun verb`, input fields that are given by position, and flags with another name than their field. */
  readonly cli?: { readonly name?: string; readonly positionals?: readonly string[]; readonly flags?: Readonly<Record<string, string>> }
  /** Calls of one lane run one after another. */
  lane?(input: z.output<I>): string
}
export type Contract = Readonly<Record<string, Operation>>
/** Marks an input field that holds a secret (JSON Schema's `writeOnly`). It must be the last thing said of the field. Command lines never take such a field as an argument. */
export const writeOnly = <T extends z.ZodType>(field: T): T => field.meta({ writeOnly: true })
/** The input fields of an operation that hold a secret. */
export const secretFields = ({ input }: Operation): string[] =>
  Object.entries(input.shape).flatMap(([name, field]) => ((field as z.ZodType).meta()?.['writeOnly'] === true ? [name] : []))
/** Writes an operation down, keeping its exact types. */
export const operation = <I extends z.ZodObject, O extends z.ZodType>(op: Operation<I, O>): Operation<I, O> => op

/** What a caller may send (defaults not yet filled in). */
export type Sent<T extends Operation> = z.input<T['input']>
/** What a handler gets. */
export type Input<T extends Operation> = z.output<T['input']>
/** What a handler returns. */
export type Output<T extends Operation> = z.input<T['output']>
/** What a caller gets. */
export type Answer<T extends Operation> = z.output<T['output']>

/** The HTTP status of an answer. */
export const statusOf = (op: Operation, answer: unknown): number =>
  op.elseStatus?.when(answer as never) === true ? op.elseStatus.status : (op.status ?? 200)
/** True for operations that may change something: everything but GET. */
export const mutates = (op: Operation): boolean => !op.http.startsWith('GET ')
/** The method and path template of an operation. */
export function route(op: Operation): { method: Method; path: string } {
  const [method, path] = op.http.split(' ') as [Method, string]
  return { method, path }
}
