import { ModelError } from '../../engine/types.ts'
import type { ModelErrorKind } from '../../engine/types.ts'

/** Anthropic, OpenAI (both APIs), Google and the usual compatible servers, each for a prompt that is too long. */
const OVERFLOW =
  /prompt is too long|context[ _]length|context[ _]window|maximum context|exceed context limit|exceeds the (maximum|available) (number of tokens|context)|input token count|request_too_large|exceeds the maximum size/i
const UNFINISHED = /without a finish reason|stream ended|terminated|other side closed|premature close/i
const NETWORK_CODE = /^(E[A-Z]{3,}|UND_ERR_\w+|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|SELF_SIGNED_CERT_IN_CHAIN)$/
const MALFORMED = /^AI_(JSONParse|TypeValidation|InvalidResponseData|EmptyResponseBody|NoOutputGenerated|NoContentGenerated)Error$/

/**
 * What a failed call means, whichever way the SDK says it. The message is the provider's own words, with every occurrence of `secret` taken out.
 * The SDK's error is not kept as the cause: it holds the whole request.
 */
export function toModelError(error: unknown, secret: string | undefined): ModelError {
  if (error instanceof ModelError) return error
  const facts = factsOf(error)
  const kind = kindOf(facts)
  const retryAfterMs = kind === 'rate_limited' || kind === 'overloaded' ? retryAfter(facts.headers) : undefined
  return new ModelError(kind, wordsOf(facts, secret), { status: facts.status, retryAfterMs })
}

interface Facts {
  readonly name: string
  readonly message: string
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
  readonly codes: readonly string[]
}

function factsOf(error: unknown): Facts {
  const status = field(error, 'statusCode')
  const headers = field(error, 'responseHeaders')
  const body = field(error, 'responseBody')
  const name = field(error, 'name')
  const message = field(error, 'message')
  return {
    name: typeof name === 'string' ? name : '',
    message: typeof message === 'string' ? message : String(error),
    status: typeof status === 'number' ? status : undefined,
    headers: typeof headers === 'object' && headers !== null ? Object.fromEntries(Object.entries(headers)) : {},
    body: typeof body === 'string' ? body : '',
    codes: chain(error).flatMap((link) => [field(link, 'code'), field(link, 'message')].filter((value) => typeof value === 'string')),
  }
}

function kindOf({ name, message, status, body, codes }: Facts): ModelErrorKind {
  // An account without credit answers 429 as well, but waiting does not help.
  if (status === 429) return /insufficient_quota/.test(body) ? 'refused' : 'rate_limited'
  if (status === 401 || status === 403 || name === 'AI_LoadAPIKeyError') return 'auth'
  if (status !== undefined && status >= 500) return 'overloaded'
  if (status === 408) return 'network'
  if (status !== undefined && status >= 400) return OVERFLOW.test(`${message} ${body}`) || status === 413 ? 'overflow' : 'refused'
  if (codes.some((code) => NETWORK_CODE.test(code) || UNFINISHED.test(code)) || /^Cannot connect to API|fetch failed/.test(message)) return 'network'
  if (OVERFLOW.test(message) || codes.includes('context_length_exceeded')) return 'overflow'
  // An error event in a stream that began well, from a vendor for which the SDK knows no status: the server's doing.
  if (name === 'AI_StreamProviderError') return codes.some((code) => /rate_?limit/i.test(code)) ? 'rate_limited' : 'overloaded'
  if (MALFORMED.test(name) || error2xx(status) || !name.startsWith('AI_')) return 'malformed'
  return 'refused'
}

/** An answer with a good status that the SDK could not read. */
function error2xx(status: number | undefined): boolean {
  return status !== undefined && status < 400
}

function wordsOf({ message, body, status }: Facts, secret: string | undefined): string {
  const plain =
    message.trim() === '' || (status !== undefined && !body.includes(message) && body !== '' && !body.startsWith('{'))
      ? `${message} ${body}`.trim()
      : message
  const words = plain.slice(0, 2000) || 'The provider gave no reason.'
  return secret ? words.replaceAll(secret, '[key]') : words
}

/** `retry-after-ms`, or `retry-after` in seconds or as an HTTP date (RFC 9110, 10.2.3). Never negative. */
function retryAfter(headers: Readonly<Record<string, unknown>>): number | undefined {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (Number.isFinite(ms)) return Math.max(0, ms)
  const value = headers['retry-after']
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const seconds = Number(value)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(wait) ? undefined : Math.max(0, Math.round(wait))
}

function chain(error: unknown): unknown[] {
  const links: unknown[] = []
  for (let link = error; link instanceof Error && links.length < 6; link = link.cause) links.push(link)
  return links
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
