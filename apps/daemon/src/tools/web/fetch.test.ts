import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createFetcher } from '../../platform/net/fetcher.ts'
import { createPlace } from '../testing/place.ts'
import { fetch } from './fetch.ts'

const pages: Record<string, { type: string; body: string | Buffer; status?: number }> = {
  '/html': {
    type: 'text/html; charset=utf-8',
    body: '<html><head><title>T</title><style>x{}</style><script>bad()</script></head><body><h1>Häding</h1><p>See <a href="/more">more</a>.</p></body></html>',
  },
  '/latin': { type: 'text/html', body: Buffer.from('<meta charset="iso-8859-1"><p>caf\xe9</p>', 'latin1') },
  '/plain': { type: 'text/plain; charset=iso-8859-1', body: Buffer.from('caf\xe9', 'latin1') },
  '/json': { type: 'application/json', body: '{"a": [1, 2]}' },
  '/png': { type: 'image/png', body: Buffer.from([0x89, 0x50, 0, 1]) },
  '/long': { type: 'text/plain', body: 'ä€x'.repeat(20_000) },
  '/deep': { type: 'text/html', body: `${'<div>'.repeat(50_000)}deep` },
  '/empty': { type: 'text/plain', body: '' },
  '/gone': { type: 'text/plain', body: 'it moved away', status: 404 },
}

/** The pages on a loopback server, which the address rules allow here; they are proved where they live. */
const served = async () => {
  const server = createServer((request, response) => {
    const page = pages[request.url ?? ''] ?? { type: 'text/plain', body: 'none', status: 404 }
    response.writeHead(page.status ?? 200, { 'content-type': page.type }).end(page.body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const fetcher = createFetcher({ allow: ['127.0.0.1'], userAgent: 'Steward test' })
  const place = await createPlace({ fetcher })
  return {
    address,
    get: (path: string, input: object = {}, outputBytes = 100_000) => place.call(fetch, { url: address + path, ...input }, { outputBytes }),
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]()
      server.close()
      server.closeAllConnections()
    },
  }
}

test('a page is given as text with its links, without scripts and styles, in its own character set', async () => {
  await using web = await served()
  const { output, text } = await web.get('/html')
  expect(output['text']).toContain('Häding')
  expect(output['text']).toContain(`more [${web.address}/more]`)
  expect(output['text']).not.toContain('bad()')
  expect(text).toMatch(/^\[http:\/\/127\.0\.0\.1:\d+\/html, text\/html\]\n/)
  for (const path of ['/latin', '/plain']) expect((await web.get(path)).output).toMatchObject({ text: 'café' })
})

test('JSON comes as it is, and of other media only type and size are told', async () => {
  await using web = await served()
  expect((await web.get('/json')).output).toMatchObject({ text: '{"a": [1, 2]}', nextStart: null, status: 200 })
  expect(await web.get('/png')).toMatchObject({ text: expect.stringMatching(/is no text: image\/png, 4 bytes\.$/), output: { text: '' } })
  expect((await web.get('/empty')).text).toContain('[The page has no text.]')
})

test('a long page is given in parts that join without a gap, each within its limit', async () => {
  await using web = await served()
  let [all, start]: [string, number | null] = ['', 0]
  while (start !== null) {
    const { output, text } = await web.get('/long', { startAt: start }, 20_000)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20_000)
    all += String(output['text'])
    start = output['nextStart'] as number | null
    expect(text.includes(`go on with startAt ${String(start)}`)).toBe(start !== null)
  }
  expect(all).toBe(pages['/long']!.body)
  await expect(web.get('/long', { startAt: 60_000 })).rejects.toThrow('startAt must be smaller')
})

test('a page nested 50,000 deep does no harm, and a refusing server is a failure with its words', async () => {
  await using web = await served()
  expect((await web.get('/deep')).output).toMatchObject({ status: 200 })
  await expect(web.get('/gone')).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringMatching(/\/gone answered 404\. It said:\nit moved away$/),
  })
})

test('only whole http and https addresses are taken, and the address is the target', async () => {
  for (const url of ['example.com', 'file:///etc/passwd', 'ftp://x/y', 'javascript:alert(1)', ''])
    expect([url, fetch.inputs.safeParse({ url }).success]).toEqual([url, false])
  await using place = await createPlace()
  expect(await fetch.targets({ url: 'https://example.com/' }, { cwd: place.root, files: place.files })).toEqual([
    { kind: 'url', url: 'https://example.com/' },
  ])
})
