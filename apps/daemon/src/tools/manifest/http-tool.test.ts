import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Answer, echo, servedApp as served } from '../testing/served-app.ts'

test('what a request is made of arrives as its author wrote it, with the types of the inputs', async () => {
  await using app = await served({
    method: 'POST',
    url: '{{settings.base}}/v1/{{inputs.a}}',
    query: { q: '{{inputs.b}}', left: '{{inputs.c}}', fixed: '1' },
    headers: { Authorization: 'Bearer {{call.id}}', 'X-Left': '{{inputs.c}}' },
    body: { list: '{{inputs.b}}', text: 'n={{inputs.a}}', left: '{{inputs.c}}', kept: null, deep: [{ id: '{{call.id}}' }] },
  })
  await app.call({ a: 7, b: ['x', 'y z'] })
  expect(app.requests[0]).toMatchObject({
    method: 'POST',
    url: '/v1/7?q=x&q=y%20z&fixed=1',
    headers: { authorization: 'Bearer call_1', 'content-type': 'application/json' },
  })
  expect(app.requests[0]?.headers['x-left']).toBeUndefined()
  expect(JSON.parse(app.requests[0]?.body ?? '')).toEqual({ list: ['x', 'y z'], text: 'n=7', kept: null, deep: [{ id: 'call_1' }] })
})
test('a form and a text are sent as such, and a body of one template that comes to nothing is none', async () => {
  await using form = await served({ method: 'POST', form: { a: '{{inputs.a}}', b: '{{inputs.b}}' } })
  await form.call({ a: 'x&y=1' })
  expect(form.requests[0]).toMatchObject({ body: 'a=x%26y%3D1', headers: { 'content-type': 'application/x-www-form-urlencoded' } })
  await using text = await served({ method: 'PUT', text: 'Say {{inputs.a}}', headers: { 'content-type': 'text/markdown' } })
  await text.call({ a: 'hello' })
  expect(text.requests[0]).toMatchObject({ body: 'Say hello', headers: { 'content-type': 'text/markdown' } })
  await using none = await served({ method: 'POST', body: '{{inputs.a}}' })
  await none.call()
  expect(none.requests[0]?.body).toBe('')
})
test('the defaults of risk, repeating and permissions follow from the method', async () => {
  const facts = async (method: string, more: object = {}) => {
    await using app = await served({ method }, echo, { ...more })
    const { id, risk, repeatable, permissions } = app.tool
    return { id, risk, repeatable, permissions }
  }
  expect(await facts('GET')).toEqual({ id: 'app.act', risk: 'network', repeatable: true, permissions: ['app:use'] })
  expect(await facts('PUT')).toMatchObject({ risk: 'write', repeatable: true })
  expect(await facts('POST')).toMatchObject({ risk: 'write', repeatable: false })
  expect(await facts('DELETE')).toMatchObject({ risk: 'write', repeatable: true })
  expect(await facts('PATCH', { risk: 'destructive', repeatable: true, permissions: ['app:edit'] })).toMatchObject({
    risk: 'destructive',
    repeatable: true,
    permissions: ['app:edit'],
  })
})
test('an input that does not fit the schema is refused with its place, and the schemas are listed as they were given', async () => {
  const inputs = {
    type: 'object',
    properties: { a: { type: 'integer', 'x-steward-values': { one: 1 } } },
    required: ['a'],
    additionalProperties: false,
  }
  await using app = await served({}, echo, { inputs })
  const refused = app.tool.inputs.safeParse({ a: 'x' })
  expect(refused.error?.issues[0]).toMatchObject({ path: ['a'] })
  expect(app.tool.inputs.safeParse({ a: 1, b: 2 }).success).toBe(false)
  expect(app.tool.inputs.parse({ a: 1 })).toEqual({ a: 1 })
  expect(app.tool.given).toEqual({ inputsSchema: inputs })
})
test('a part of the answer is the output, and what does not fit is told with its place', async () => {
  const answer: Answer = (_, response) =>
    response.setHeader('content-type', 'application/vnd.x+json').end('{"items": [{"n": 1}, {"n": "two"}], "t": "hi"}')
  const outputs = { type: 'array', items: { type: 'object', properties: { n: { type: 'number' } } } }
  await using part = await served({ output: { path: 'body.items[0].n' } }, answer)
  expect(await part.call()).toEqual({ output: 1, text: '1' })
  await using wrong = await served({ output: { path: 'body.items' } }, answer, { outputs })
  await expect(wrong.call()).rejects.toMatchObject({ code: 'failed', message: expect.stringMatching(/does not fit.*\[1\]\.n/) })
  await using missing = await served({ output: { path: 'body.other.n' } }, answer)
  await expect(missing.call()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('`body` has no `other`') })
  await using text = await served({ output: { as: 'text' } }, answer)
  expect((await text.call()).output).toContain('"items"')
  await using json = await served({ output: { as: 'json' } }, (_, response) => response.end('<html>'))
  await expect(json.call()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('is no JSON') })
})
test('an answer without a body is null and said to be done', async () => {
  await using app = await served({ method: 'PUT', output: { path: 'body.item.name' } }, (_, response) => response.writeHead(204).end())
  expect(await app.call()).toEqual({ output: null, text: 'Act: done, the server answered 204.' })
})
test('a long answer is cut in the words, and one beyond 5 MiB is too large', async () => {
  await using long = await served({}, (_, response) => response.end('x'.repeat(50_000)))
  const { output, text } = await long.call({}, 5000)
  expect([String(output).length, text.length < 5000, text.includes('left out here')]).toEqual([50_000, true, true])
  const huge: Answer = (_, response) => response.setHeader('content-type', 'application/json').end(`"${'x'.repeat(5 * 1024 * 1024)}"`)
  await using tooLarge = await served({}, huge)
  await expect(tooLarge.call()).rejects.toMatchObject({ code: 'too_large' })
  const deep: Answer = (_, response) => response.setHeader('content-type', 'application/json').end('['.repeat(100_000) + ']'.repeat(100_000))
  await using tooDeep = await served({}, deep)
  await expect(tooDeep.call()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('nested too deep') })
})
test.each([
  [404, {}, 'not_found', /answered 404\. It said:\nno such thing/],
  [410, {}, 'not_found', /410/],
  [403, {}, 'failed', /answered 403/],
  [429, { 'retry-after': '7' }, 'failed', /Retry-After is 7 seconds/],
  [503, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, 'failed', /Retry-After is Wed, 21 Oct 2026/],
  [500, { 'retry-after': '7' }, 'failed', /^The server answered 500\. It said/],
] as const)('status %i is a failure with the words of the server', async (status, headers, code, words) => {
  await using app = await served({}, (_, response) => response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end('no such thing'))
  await expect(app.call()).rejects.toMatchObject({ code, message: expect.stringMatching(words) })
})
test('a server that does not answer in time, or not at all, is told so', async () => {
  await using slow = await served({}, () => undefined, { timeoutMs: 200 })
  await expect(slow.call()).rejects.toMatchObject({ code: 'timed_out' })
  await using dead = await served({}, (_, response) => response.destroy())
  await expect(dead.call()).rejects.toMatchObject({ code: 'failed' })
})
test('redirects are followed within the origin, by GET only', async () => {
  const away: Answer = ({ url }, response) => (url === '/there' ? response.end('arrived') : response.writeHead(302, { location: '/there' }).end())
  await using within = await served({ output: { as: 'text' } }, away)
  expect((await within.call()).output).toBe('arrived')
  await using put = await served({ method: 'PUT' }, away)
  await expect(put.call()).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('A redirect of PUT is not followed') })
  expect(put.requests.length).toBe(1)
})
test('a redirect to another origin is refused, and no secret goes there', async () => {
  await using other = await served({})
  await using app = await served({ headers: { authorization: 'Bearer {{secrets.token | urlencode}}' } }, (_, response) =>
    response.writeHead(302, { location: `${other.base}/steal` }).end(),
  )
  await expect(app.call()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('another origin') })
  expect(other.requests).toEqual([])
})
test('only the place that manifest and settings name is reached, be it private; no other private address', async () => {
  await using other = await served({})
  await using app = await served({ url: `http://localhost:${new URL(other.base).port}/x` })
  expect((await app.call()).output).toMatchObject({ url: '/x' })
  await using rebound = await served({}, (_, response) => response.writeHead(302, { location: 'http://127.0.0.2/' }).end())
  await expect(rebound.call()).rejects.toMatchObject({ code: 'refused' })
})
test.each(['a\r\nX-Evil: 1', 'a\nb', 'a\u0000b', 'snow☃man', '\u007f'])('the header value %j is refused and not sent', async (a) => {
  await using app = await served({ headers: { 'X-A': 'v {{inputs.a}}' } })
  await expect(app.call({ a })).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('X-A') })
  expect(app.requests).toEqual([])
})
test('inputs named like the parts of a prototype are inputs like others', async () => {
  await using app = await served({ method: 'POST', body: '{{inputs.a}}', query: { c: '{{inputs.b | default: "none"}}' } })
  const input = JSON.parse('{"a": {"__proto__": {"admin": true}, "constructor": 1}, "__proto__": {"b": "polluted"}}') as object
  await app.call(input)
  expect(app.requests[0]?.body).toBe('{"__proto__":{"admin":true},"constructor":1}')
  expect(app.requests[0]?.url).toBe('/x?c=none')
  expect(({} as any).admin).toBeUndefined()
})
test('no input makes another request than the one that was shown', async () => {
  await using app = await served({
    method: 'POST',
    url: '{{settings.base}}/a/{{inputs.a}}',
    query: { q: '{{inputs.b}}' },
    headers: { 'x-c': '{{inputs.c}}' },
    body: {},
  })
  const hostile = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('..', '/', '\r\n', '?', '#', '&', '@evil', '{{secrets.token}}'),
    fc.integer(),
  )
  await fc.assert(
    fc.asyncProperty(hostile, hostile, hostile, async (a, b, c) => {
      const before = app.requests.length
      const sent = await app.call({ a, b, c }).then(
        () => true,
        (error: { code: string }) => expect(error.code).toBe('invalid'),
      )
      expect(app.requests.length - before).toBe(sent === true ? 1 : 0)
      if (sent !== true) return
      const { method, url, headers } = app.requests.at(-1)!
      const [target] = await app.targets({ a, b, c })
      expect(target).toEqual({ kind: 'url', url: app.base + url })
      expect([method, url.split('/').length, Object.keys(headers).toSorted()]).toEqual([
        'POST',
        3,
        [
          'accept',
          'accept-encoding',
          'connection',
          'content-length',
          'content-type',
          'host',
          'user-agent',
          ...(headers['x-c'] === undefined ? [] : ['x-c']),
        ],
      ])
    }),
    { numRuns: 150 },
  )
})
