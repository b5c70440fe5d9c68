import { z } from 'zod'
import { boundHead, byteLength, count, headBytes } from '../bounds.ts'
import { type FetchedPage, tool, ToolError } from '../tool.ts'
import { words } from '../words.ts'
import { pageText } from './page-text.ts'

const describe = words(import.meta.url)
const limits = { timeoutMs: 20_000, bytes: 5 * 1024 * 1024, redirects: 5 }
const statementBytes = 3000
const inputs = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'Give a whole address that begins with http:// or https://.' })
    .max(2000)
    .describe('The address, with http:// or https://.'),
  startAt: z.int().min(0).optional().describe('Begin at this character of the text, to read on in a long page. Default 0.'),
})
const outputs = z.strictObject({
  url: z.string().describe('Where it was found, after redirects.'),
  status: z.int(),
  mediaType: z.string(),
  bytes: z.int(),
  text: z.string().describe('Empty for what is no text.'),
  nextStart: z.int().nullable().describe('Where to read on; null at the end.'),
  truncated: z.boolean().describe('The page is larger than what was fetched.'),
})

const parts = (page: FetchedPage, whole: string, start: number, bytes: number) => {
  const text = headBytes(whole.slice(start), bytes)
  const next = start + text.length < whole.length ? start + text.length : null
  const notes = [
    ...(next === null ? [] : [`[Characters ${count(start)} to ${count(next)} of ${count(whole.length)}; go on with startAt ${next}.]`]),
    ...(page.truncated ? [`[The page is larger than ${count(limits.bytes)} bytes; the rest was not fetched.]`] : []),
  ]
  return { text, next, notes }
}

/** Fetches a page and gives its text. */
export const fetch = tool({
  id: 'web.fetch',
  name: 'Fetch a web page',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['web:fetch'],
  risk: 'network',
  repeatable: true,
  examples: [
    'fetch https://example.com',
    'read the page https://example.com/docs',
    'what does https://example.com say?',
    'get the JSON from https://api.example.com/items',
  ],
  targets: async ({ url }) => [{ kind: 'url', url }],
  preview: async ({ url }) => ({ summary: `Fetch ${url}` }),
  async run(input, context) {
    const page = await context.fetcher.get(input.url, limits, context.signal)
    const url = headBytes(page.url, 2000)
    const mediaType = page.mediaType.slice(0, 200)
    const whole = await pageText(page)
    const value = { url, status: page.status, mediaType, bytes: page.bytes.length, truncated: page.truncated }
    if (page.status >= 400) {
      const said = whole === null ? '' : boundHead(whole.trim(), Math.min(2000, context.outputBytes - 2500))
      throw new ToolError(
        page.status === 404 || page.status === 410 ? 'not_found' : 'failed',
        `${url} answered ${page.status}.${said === '' ? '' : ` It said:\n${said}`}`,
      )
    }
    if (whole === null)
      return {
        output: { ...value, text: '', nextStart: null },
        text: `${url} is no text: ${mediaType}, ${count(page.bytes.length)} bytes${page.truncated ? ' or more' : ''}.`,
      }
    const start = input.startAt ?? 0
    if (start > 0 && start >= whole.length)
      throw new ToolError('invalid', `The text of ${url} has ${count(whole.length)} characters; startAt must be smaller.`)
    const { text, next, notes } = parts(page, whole, start, context.outputBytes - Math.min(statementBytes, byteLength(url) + 700))
    const answer = [`[${url}, ${mediaType === '' ? 'no media type' : mediaType}]`, text === '' ? '[The page has no text.]' : text, ...notes].join(
      '\n',
    )
    return { output: { ...value, text, nextStart: next }, text: answer }
  },
})
