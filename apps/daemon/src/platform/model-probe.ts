import { normaliseBaseUrl, type ProviderKind } from './models/providers.ts'

export interface Probed {
  readonly works: boolean
  readonly status: number | null
  readonly message: string
  readonly latencyMs: number
  readonly models: string[]
}
const limitMs = 10_000
const mostBytes = 4_000_000
const official: Readonly<Record<ProviderKind, string | null>> = {
  anthropic: 'https://api.anthropic.com/v1',
  openai: 'https://api.openai.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  'openai-compatible': null,
}
const headersOf = (kind: ProviderKind, key: string | undefined): Record<string, string> => {
  if (key === undefined) return {}
  if (kind === 'anthropic') return { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
  return kind === 'google' ? { 'x-goog-api-key': key } : { authorization: `Bearer ${key}` }
}
/**
 * Asks a provider for its models, which costs nothing and needs the key. At most 10 s; redirects are not followed, so that the key goes to
 * the named address alone; the key stands in no message. Never throws: what went wrong is the answer.
 */
export async function probeProvider(
  target: { kind: ProviderKind; baseUrl: string | null; key: string | undefined },
  signal: AbortSignal,
): Promise<Probed> {
  const { kind, key } = target
  const begun = performance.now()
  const done = (works: boolean, status: number | null, message: string, models: string[] = []): Probed => ({
    works,
    status,
    message: (key ? message.replaceAll(key, '[key]') : message).slice(0, 1000),
    latencyMs: performance.now() - begun,
    models,
  })
  try {
    const base = target.baseUrl === null ? official[kind] : normaliseBaseUrl(kind, target.baseUrl)
    if (base === null) return done(false, null, 'This provider needs a base URL.')
    const url = new URL(base)
    url.pathname = `${url.pathname.replace(/\/$/, '')}/models`
    const answer = await fetch(url, {
      headers: headersOf(kind, key),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
    })
    const text = await readSome(answer)
    if (answer.status >= 300 && answer.status < 400)
      return done(false, answer.status, `${url.origin} answers with a redirect; give the address it leads to.`)
    if (!answer.ok) return done(false, answer.status, sentence(answer.status, url.origin, text))
    const models = modelsIn(text)
    if (!models) return done(false, answer.status, `${url.origin} does not answer like a model provider; check the address.`)
    return done(true, answer.status, `It works: ${models.length} models.`, models)
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : error instanceof Error ? error.message : String(error)
    return done(false, null, late ? `No answer within ${limitMs / 1000} seconds.` : `It cannot be reached: ${cause}.`)
  }
}
const sentence = (status: number, origin: string, text: string): string => {
  const words = /"message"\s*:\s*"((?:[^"\\]|\\.){1,300})"/.exec(text)?.[1]
  const meaning =
    status === 401 || status === 403 ? 'refuses the key' : status === 404 ? 'has no list of models at this address' : `answers with ${status}`
  return `${origin} ${meaning}${words === undefined ? '.' : `: ${words}`}`
}
async function readSome(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size > mostBytes) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
/** Anthropic and OpenAI: `data[].id`; Google: `models[].name` with `models/` before it. */
function modelsIn(text: string): string[] | undefined {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return undefined
  }
  const { data, models } = (body ?? {}) as { data?: unknown; models?: unknown }
  const list = Array.isArray(data) ? data : Array.isArray(models) ? models : undefined
  return list
    ?.map((item: { id?: unknown; name?: unknown }) => item?.id ?? item?.name)
    .filter((name) => typeof name === 'string')
    .map((name) => name.replace(/^models\//, ''))
}
