import type * as library from '@modelcontextprotocol/client'

export type McpLibrary = typeof library

/** Why a connection is not there, as a sentence. */
export class McpFailure extends Error {
  override readonly name = 'McpFailure'
  readonly state: 'failed' | 'needs_authorization'
  constructor(state: McpFailure['state'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.state = state
  }
}
export const isTimeout = (lib: McpLibrary, error: unknown): boolean =>
  lib.SdkError.isInstance(error) && error.code === lib.SdkErrorCode.RequestTimeout
export const isClosed = (lib: McpLibrary, error: unknown): boolean =>
  lib.SdkError.isInstance(error) && [lib.SdkErrorCode.ConnectionClosed, lib.SdkErrorCode.NotConnected].includes(error.code)

/** Whatever went wrong, in a sentence for a person. `name` is the app's. */
export function failureOf(lib: McpLibrary, error: unknown, name: string): McpFailure {
  if (error instanceof McpFailure) return error
  const cause = { cause: error }
  if (lib.UnauthorizedError.isInstance(error) || lib.InsufficientScopeError.isInstance(error))
    return new McpFailure('needs_authorization', `${name} asks for authorization.`, cause)
  if (isTimeout(lib, error)) {
    const { timeout } = (error as { readonly data?: { readonly timeout?: number } }).data ?? {}
    return new McpFailure('failed', `The server does not answer${timeout === undefined ? '' : ` (waited ${timeout / 1000} s)`}.`, cause)
  }
  return new McpFailure('failed', sentence(wordsOf(error).trim().slice(0, 500)), cause)
}
/** A refused connection may be an AggregateError without a message. */
const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code ?? error.name) : String(error)
const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`)
