import { problemWords } from '../../engine/json-schema.ts'
import { valueOf } from '../../engine/templates/render.ts'
import { type Scope, TemplateFault } from '../../engine/templates/types.ts'
import type { Problem } from '../../engine/execution/types.ts'
import { sizeOf } from '../../engine/templates/values.ts'
import type { Json } from '../../engine/types.ts'
import { boundHead } from '../bounds.ts'
import { type FetchedPage, ToolError } from '../tool.ts'
import { pageText } from '../web/page-text.ts'
import type { HttpCall } from './schema.ts'

export type Sent = FetchedPage & { readonly headers: Readonly<Record<string, string>> }
export type OutputCheck = (value: unknown) => readonly Problem[]
const errorBytes = 2000

/** In the character set that the answer names, else UTF-8. */
function textOf({ bytes, headers, truncated }: Sent): string {
  const [, charset = 'utf-8'] = /charset\s*=\s*"?([\w.:-]+)/i.exec(headers['content-type'] ?? '') ?? []
  try {
    return new TextDecoder(charset).decode(bytes, { stream: truncated })
  } catch {
    return new TextDecoder().decode(bytes, { stream: truncated })
  }
}

/** Throws the ToolError of an answer that is none: an error status, with the server's words, or a redirect that is not followed. */
export async function refuseErrors(answer: Sent, method: string): Promise<void> {
  const { status, headers } = answer
  if (status < 300) return
  if (status < 400) {
    const [place = 'another place'] = [headers['location']]
    throw new ToolError('failed', `The server answered ${status} and leads to ${place.slice(0, 300)}. A redirect of ${method} is not followed.`)
  }
  const said = (await pageText(answer))?.trim() ?? ''
  const wait = status === 429 || status === 503 ? headers['retry-after'] : undefined
  const words = [
    `The server answered ${status}.`,
    wait === undefined ? '' : ` It asks to wait: Retry-After is ${wait.slice(0, 100)}${/^\d+$/.test(wait) ? ' seconds' : ''}.`,
    said === '' ? '' : ` It said:\n${boundHead(said, errorBytes)}`,
  ]
  throw new ToolError(status === 404 || status === 410 ? 'not_found' : 'failed', words.join(''))
}

/** The output of an answer, as the manifest asks for it. Throws ToolError when it cannot be had or does not fit. */
export function outputOf({ output = {} }: HttpCall, answer: Sent, check: OutputCheck): Json {
  const isJson = output.as === 'json' || (output.as === undefined && /^application\/(?:[\w.+-]*\+)?json$/.test(answer.mediaType))
  const text = textOf(answer)
  const body = answer.bytes.length === 0 ? null : isJson ? parsed(text, answer.truncated) : text
  return partOf({ body, status: answer.status }, output.path ?? 'body', body === null, check)
}
function parsed(text: string, isCut: boolean): Json {
  if (isCut) throw new ToolError('too_large', 'The answer is larger than 5 MiB. Ask for less.')
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new ToolError('failed', `The answer is no JSON. It begins:\n${boundHead(text, 500)}`)
  }
}

/** The part of an answer that a path names, checked. Of an answer that is empty every part is null. */
export function partOf(scope: Scope, path: string, isEmpty: boolean, check: OutputCheck): Json {
  const value = partAt(scope, path, isEmpty)
  if (sizeOf(value, Number.MAX_SAFE_INTEGER) === Infinity) throw new ToolError('failed', 'The answer is nested too deep.')
  const problems = check(value)
  if (problems.length === 0) return value
  throw new ToolError('failed', `The answer does not fit what the tool gives: ${problemWords(problems)}`)
}
function partAt(scope: Scope, path: string, isEmpty: boolean): Json {
  try {
    return valueOf(path, scope)
  } catch (error) {
    if (isEmpty && error instanceof TemplateFault) return null
    if (error instanceof TemplateFault) throw new ToolError('failed', `The answer has not what is asked of it. ${error.message}`)
    throw error
  }
}
