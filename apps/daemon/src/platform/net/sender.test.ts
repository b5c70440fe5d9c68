import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { SendRequest } from '../../tools/tool.ts'
import type { Resolve } from './exchange.ts'
import { createSender } from './sender.ts'
import { serve } from './testing/serve.ts'

const limits = { timeoutMs: 5000, bytes: 100_000, redirects: 3 }
const never = new AbortController().signal
const send = (
  request: Partial<SendRequest> & { url: string },
  more: { resolve?: Resolve; limits?: Partial<typeof limits>; signal?: AbortSignal } = {},
) =>
  createSender({ userAgent: 'Steward/test', ...(more.resolve ? { resolve: more.resolve } : {}) }).send(
    { method: 'GET', headers: {}, allow: [], ...request },
    { ...limits, ...more.limits },
    more.signal ?? never,
  )
const echo: RequestListener = async (request, response) => {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  response.setHeader('x-twice', ['a', 'b']).setHeader('content-type', 'application/json; charset=utf-8')
  response.end(JSON.stringify({ method: request.method, headers: request.headers, body }))
}

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s arrives with its headers and body, and the answer has its headers', async (method) => {
  await using server = await serve(echo)
  const page = await send({
    method,
    url: server.url,
    headers: { 'X-A': '1', 'User-Agent': 'mine', Host: 'evil.example', 'Content-Length': '3' },
    body: 'söme text',
    allow: [server.at],
  })
  expect(page).toMatchObject({
    status: 200,
    mediaType: 'application/json',
    headers: { 'x-twice': 'a, b', 'content-type': 'application/json; charset=utf-8' },
  })
  const seen = JSON.parse(Buffer.from(page.bytes).toString()) as { headers: Record<string, string> }
  expect(seen).toMatchObject({ method, body: 'söme text', headers: { 'x-a': '1', 'user-agent': 'mine', host: server.at, 'content-length': '10' } })
})
test('bytes are sent as they are, HEAD has no body, and a compressed answer is decoded up to the limit', async () => {
  await using server = await serve(echo)
  const raw = await send({ method: 'POST', url: server.url, body: new Uint8Array([104, 105]), allow: [server.at] })
  expect(Buffer.from(raw.bytes).toString()).toContain('"body":"hi"')
  const bare = JSON.parse(Buffer.from((await send({ method: 'PUT', url: server.url, allow: [server.at] })).bytes).toString()) as { headers: object }
  expect(bare).toMatchObject({ body: '', headers: { 'content-length': '0' } })
  expect((await send({ method: 'HEAD', url: server.url, allow: [server.at] })).bytes.length).toBe(0)
  await using packed = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(100_000))))
  const page = await send({ url: packed.url, allow: [packed.at] }, { limits: { bytes: 10 } })
  expect([page.bytes.length, page.truncated]).toEqual([10, true])
})
test('a private address is reached only with a rule of the request for it, on its port', async () => {
  await using server = await serve(echo)
  for (const allow of [[], ['127.0.0.1:1'], ['127.0.0.2'], ['localhost']])
    await expect(send({ url: server.url, allow })).rejects.toMatchObject({ code: 'refused' })
  const named = { url: `http://intra.example:${server.port}/`, allow: [`intra.example:${server.port}`] }
  expect((await send(named, { resolve: async () => ['127.0.0.1'] })).status).toBe(200)
  await expect(send({ ...named, allow: [] }, { resolve: async () => ['127.0.0.1'] })).rejects.toMatchObject({ code: 'refused' })
  for (const url of ['http://169.254.169.254/latest', 'http://[::1]/', 'http://2130706433/', 'http://u:p@127.0.0.1/', 'file:///etc/passwd'])
    await expect(send({ url, allow: [server.at] })).rejects.toMatchObject({ code: 'refused' })
})
test('a name that changes its address after the check is connected to at the checked one', async () => {
  await using server = await serve(echo)
  const answers = [['127.0.0.1'], ['127.0.0.2']]
  const url = `http://rebind.example:${server.port}/`
  const page = await send(
    { method: 'POST', url, allow: [`rebind.example:${server.port}`], body: 'x' },
    { resolve: async () => answers.shift() ?? [] },
  )
  expect([page.status, answers.length]).toEqual([200, 1])
})
test('a redirect within the origin is followed for GET and HEAD with all headers, up to the limit', async () => {
  const seen: (string | undefined)[] = []
  await using server = await serve((request, response) => {
    seen.push(request.headers.authorization)
    const left = Number(request.url?.slice(1))
    if (left > 0) response.writeHead(307, { location: `/${left - 1}` }).end()
    else response.end('arrived')
  })
  const headers = { authorization: 'Bearer k' }
  expect(await send({ url: `${server.url}/3`, headers, allow: [server.at] })).toMatchObject({ url: `${server.url}/0`, status: 200 })
  expect(seen).toEqual(Array.from({ length: 4 }, () => 'Bearer k'))
  await expect(send({ url: `${server.url}/4`, allow: [server.at] })).rejects.toMatchObject({ code: 'failed' })
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
    expect(await send({ method, url: `${server.url}/1`, allow: [server.at] })).toMatchObject({ status: 307, headers: { location: '/0' } })
})
test('a redirect to another origin is refused and nothing is sent there', async () => {
  const seen: string[] = []
  await using other = await serve((_, response) => {
    seen.push('reached')
    response.end()
  })
  for (const location of [
    other.url,
    `http://localhost:${other.port}/`,
    'https://example.com/',
    'http://u:p@example.com/',
    'file:///etc/passwd',
    `//${other.at}/`,
  ]) {
    await using server = await serve((_, response) => response.writeHead(302, { location }).end())
    const allow = [server.at, other.at, 'localhost', 'example.com']
    await expect(send({ url: server.url, headers: { authorization: 'Bearer k' }, allow }), location).rejects.toMatchObject({ code: 'refused' })
  }
  expect(seen).toEqual([])
  await using broken = await serve((_, response) => response.writeHead(302, { location: 'http://[' }).end())
  await expect(send({ url: broken.url, allow: [broken.at] })).rejects.toMatchObject({ code: 'failed' })
})
test('a request that takes too long or is cancelled ends, with the reason', async () => {
  await using server = await serve(() => undefined)
  await expect(send({ url: server.url, allow: [server.at] }, { limits: { timeoutMs: 100 } })).rejects.toMatchObject({ code: 'timed_out' })
  const cancel = new AbortController()
  await using cancelling = await serve(() => cancel.abort(new Error('enough')))
  await expect(send({ method: 'POST', url: cancelling.url, allow: [cancelling.at], body: 'x' }, { signal: cancel.signal })).rejects.toThrow('enough')
})
test('a header that would begin another one is never sent', async () => {
  await using server = await serve(echo)
  await expect(send({ url: server.url, headers: { 'x-a': 'a\r\nx-b: c' }, allow: [server.at] })).rejects.toMatchObject({ code: 'failed' })
})
