import { ToolError } from '../tool.ts'
import type { Filler } from './filler.ts'
import type { HttpCall } from './schema.ts'
import { fillUrl, type UrlTemplate } from './url.ts'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly origin: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
const largestBody = 5 * 1024 * 1024

/** Where a call leads: all that is judged of it before it runs. */
export const addressOf = (http: HttpCall, url: UrlTemplate, filler: Filler): { readonly url: string; readonly origin: string } =>
  fillUrl(url, { setting: filler.setting, value: filler.value, query: filler.pairs(http.query ?? {}, 'The query parameter') })

/** The request of a call. Throws ToolError `invalid` for inputs that make none, `too_large` for a body of more than 5 MiB. */
export function requestOf(http: HttpCall, url: UrlTemplate, filler: Filler): HttpRequest {
  const address = addressOf(http, url, filler)
  const headers: Record<string, string> = {}
  for (const [name, text] of Object.entries(http.headers ?? {})) {
    const value = filler.words(text, `The header ${name}`)
    if (value !== null) headers[name.toLowerCase()] = headerValue(name, value)
  }
  const { type, body } = bodyOf(http, filler)
  if (body === undefined) return { method: http.method, ...address, headers }
  if (Buffer.byteLength(body) > largestBody) throw new ToolError('too_large', 'The body of the request would be larger than 5 MiB.')
  return { method: http.method, ...address, headers: { 'content-type': type, ...headers }, body }
}

/** RFC 9110 5.5: visible characters, spaces and tabs. A line break would begin another header. */
function headerValue(name: string, value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value
  throw new ToolError('invalid', `The header ${name} would hold a line break or a character that no header may hold.`)
}
function bodyOf({ body, form, text }: HttpCall, filler: Filler): { readonly type: string; readonly body: string | undefined } {
  if (form !== undefined) {
    const pairs = filler.pairs(form, 'The field').map(([name, value]): [string, string] => [name, value])
    return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(pairs).toString() }
  }
  if (text !== undefined) return { type: 'text/plain; charset=utf-8', body: filler.words(text, 'The text') ?? undefined }
  if (body === undefined) return { type: '', body: undefined }
  const filled = filler.json(body)
  return { type: 'application/json', body: typeof body === 'string' && filled === null ? undefined : JSON.stringify(filled) }
}
