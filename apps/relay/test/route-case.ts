/** One request and its answer. */
export interface Case {
  readonly at: string
  readonly send?: unknown
  readonly status: number
  /** What the body has at least. */
  readonly says: unknown
}
export interface Route {
  /** Makes what the others ask for. */
  readonly setup?: readonly Case[]
  readonly good: readonly Case[]
  /** Before the setup. */
  readonly missing?: readonly Case[]
  /** What another account is answered that asks for the same. */
  readonly foreign?: readonly Case[]
  readonly malformed?: readonly Case[]
  readonly isOpen?: boolean
}
const answer =
  (status: number, says: (words: string) => unknown) =>
  (at: string, words: string, send?: unknown): Case => ({ at, status, says: says(words), ...(send === undefined ? {} : { send }) })
export const notFound = answer(404, (error) => ({ error, code: 'not_found' }))
export const conflict = answer(409, (error) => ({ error, code: 'conflict' }))
/** Malformed requests name what is wrong. */
export const malformed = (at: string, ...bodies: readonly unknown[]): Case[] =>
  bodies.map((send) => ({ at, status: 400, says: { error: 'Error', statusCode: 400, code: 'invalid' }, ...(send === undefined ? {} : { send }) }))
export const ok = (at: string, says: unknown, send?: unknown, status = 200): Case => ({ at, status, says, ...(send === undefined ? {} : { send }) })
export const text = (length: number) => 'A'.repeat(length)
export const done = { success: true }
