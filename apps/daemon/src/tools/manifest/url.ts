import { parseText } from '../../engine/templates/parse.ts'
import { type Expression, TemplateFault, type TextPart } from '../../engine/templates/types.ts'
import type { Json } from '../../engine/types.ts'
import { ToolError } from '../tool.ts'
import { isFlat } from './reads.ts'

/** A URL with templates: where it leads is fixed by its author and the settings; only what comes behind is filled in. */
export interface UrlTemplate {
  /** The origin as it is written, or the setting that holds it, perhaps with the beginning of the path. */
  readonly base: { readonly literal: string } | { readonly setting: string }
  readonly rest: readonly TextPart[]
}
const longest = 8000
const dots = /^(?:\.|%2e){1,2}$/i
const advice = 'Begin it with an origin such as https://api.example.com, or with a setting: {{settings.baseUrl}}, and go on with / or ?.'

/** Reads a URL of a manifest. Throws TemplateFault where something else than author and settings could decide where it leads. */
export function readUrl(text: string): UrlTemplate {
  const [first, ...others] = parseText(text)
  const wrong = (message: string): TemplateFault => new TemplateFault(message, 0)
  if (first === undefined) throw wrong(advice)
  const { base, rest } = typeof first === 'string' ? literalBase(first, others) : settingBase(first.expression, others)
  const [next] = rest
  if (next !== undefined && (typeof next !== 'string' || !/^[/?]/.test(next))) throw wrong(advice)
  for (const part of rest) {
    if (typeof part !== 'string') continue
    if (/[\s\\#\p{Cc}]/u.test(part)) throw wrong('It must not hold spaces, backslashes or a #. Write them with % and two hexadecimal digits.')
  }
  const path = rest.map((part) => (typeof part === 'string' ? part : 'x')).join('')
  if ((path.split('?')[0] ?? '').split('/').some((segment) => dots.test(segment))) throw wrong('It must not hold the segments . and .. in its path.')
  return { base, rest }
}
function literalBase(first: string, others: readonly TextPart[]): UrlTemplate {
  const [literal = ''] = /^https?:\/\/[^/?#\s\\@]+/i.exec(first) ?? []
  if (literal === '' || !URL.canParse(literal)) throw new TemplateFault(advice, 0)
  const after = first.slice(literal.length)
  return { base: { literal }, rest: after === '' ? others : [after, ...others] }
}
function settingBase(expression: Expression, rest: readonly TextPart[]): UrlTemplate {
  const [setting, ...deeper] = expression.kind === 'path' && expression.root === 'settings' ? expression.segments : []
  if (typeof setting !== 'string' || deeper.length > 0) throw new TemplateFault(advice, 0)
  return { base: { setting }, rest }
}

/** Why a setting cannot be the base of a URL, or null when it can. */
export function baseFault(value: string): string | null {
  const url = URL.parse(value)
  if (!url || !/^https?:$/.test(url.protocol)) return 'is no address that begins with http:// or https://'
  if (url.username !== '' || url.password !== '') return 'holds a user name or password'
  return /[?#]/.test(value) ? 'goes on behind its path with ? or #' : null
}

/**
 * The URL with its templates filled in, and its origin. Each value is one piece of one segment, or of the query, whatever it holds: it is
 * percent-encoded. Throws ToolError `invalid` for a value that would take a segment away (nothing, `.`, `..`) or is no text, number or true/false.
 */
export function fillUrl(
  { base, rest }: UrlTemplate,
  {
    setting,
    value,
    query,
  }: { setting: (name: string) => string; value: (expression: Expression) => Json; query: readonly (readonly [string, string])[] },
): { readonly url: string; readonly origin: string } {
  const { origin, pathname } = 'literal' in base ? new URL(base.literal) : baseSetting(base.setting, setting(base.setting))
  const start = origin + pathname.replace(/\/+$/, '')
  let inQuery = false
  const filled = rest.map((part) => {
    if (typeof part !== 'string') return encoded(value(part.expression), inQuery)
    inQuery ||= part.includes('?')
    return part
  })
  const [path = '', ...behind] = filled.join('').split('?')
  const pairs = query.map(([name, text]) => `${percent(name)}=${percent(text)}`)
  const asked = [behind.join('?'), ...pairs].filter((part) => part !== '').join('&')
  if (path.split('/').some((segment) => dots.test(segment)))
    throw new ToolError('invalid', 'An input would be the segment . or .. of the address. Give another value.')
  const text = `${start}${path}${asked === '' ? '' : `?${asked}`}`
  const url = URL.parse(text)
  // Nothing that was filled in can come here; a URL that leads elsewhere than it says must not be sent, whatever made it.
  if (url?.origin !== origin || url.username !== '' || segments(text) !== url.pathname.split('/').length)
    throw new ToolError('invalid', 'The inputs make no address of this app.')
  if (url.href.length > longest) throw new ToolError('too_large', `The address would be longer than ${longest} characters.`)
  return { url: url.href, origin }
}
const segments = (text: string): number => {
  const path = (text.split('?')[0] ?? '').replace(/^[a-z]+:\/\/[^/]+/i, '')
  return (path === '' ? '/' : path).split('/').length
}
const baseSetting = (name: string, value: string): URL => {
  const fault = baseFault(value)
  if (fault !== null) throw new ToolError('failed', `The setting ${name} ${fault}.`)
  return new URL(value)
}
const encoded = (value: Json, inQuery: boolean): string => {
  if (!isFlat(value))
    throw new ToolError('invalid', 'The address needs a text, a number or true/false where an input stands, not nothing, a list or an object.')
  if (value === '' && !inQuery) throw new ToolError('invalid', 'An input of the address is empty, which would make it another address.')
  return percent(String(value))
}
const percent = (text: string): string => encodeURIComponent(text.toWellFormed())
