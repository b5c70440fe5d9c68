import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { publicAddresses, refusedAddresses, refusedUrls } from '../../../test/corpora/ssrf.ts'
import { ToolError } from '../../tools/tool.ts'
import { privateReason } from './address.ts'
import { createFetcher } from './fetcher.ts'
import type { Resolve } from './exchange.ts'
import { createAddressGuard, guardUrl } from './guard.ts'
import { serve } from './testing/serve.ts'

const limits = { timeoutMs: 5000, bytes: 100_000, redirects: 3 }
const never = new AbortController().signal
const fetcher = (allow: readonly string[] = [], resolve?: Resolve) =>
  createFetcher({ allow, userAgent: 'Steward/test', ...(resolve ? { resolve } : {}) })

test('the corpora are as large as promised', () => {
  expect(refusedAddresses.length).toBeGreaterThanOrEqual(45)
  expect(new Set(refusedAddresses.map(([address]) => address)).size).toBe(refusedAddresses.length)
})

test.each(refusedAddresses)('a host that resolves to %s (%s) is refused, also beside a public address', async (address) => {
  expect(privateReason(address)).not.toBeNull()
  for (const answer of [[address], ['8.8.8.8', address], [address, '8.8.8.8']]) {
    await expect(fetcher([], async () => answer).get('http://example.com/', limits, never)).rejects.toMatchObject({ code: 'refused' })
  }
})

test.each(refusedUrls)('%s is refused before any name is looked up', async (url) => {
  const asked: string[] = []
  const get = fetcher([], async (host) => {
    asked.push(host)
    return ['8.8.8.8']
  }).get(url, limits, never)
  await expect(get).rejects.toMatchObject({ code: 'refused' })
  expect(asked).toEqual([])
  expect(() => guardUrl(url)).toThrow(ToolError)
})

test.each(publicAddresses)('%s is a public address', (address) => {
  expect(privateReason(address)).toBeNull()
  expect(guardUrl(`https://${address.includes(':') ? `[${address}]` : address}/a?b`).pathname).toBe('/a')
})

test('what is no address is told so', async () => {
  await expect(fetcher().get('example.com', limits, never)).rejects.toMatchObject({ code: 'invalid' })
  await expect(fetcher([], () => Promise.reject(new Error('ENOTFOUND'))).get('http://nowhere.example/', limits, never)).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(fetcher([], async () => []).get('http://nowhere.example/', limits, never)).rejects.toMatchObject({ code: 'not_found' })
})

test('a rule lets a private address through, on its port only, and the server sees host and agent', async () => {
  await using server = await serve((request, response) => {
    response.setHeader('content-type', 'Text/HTML; charset=utf-8')
    response.end(`${request.headers.host} ${request.headers['user-agent']}`)
  })
  const url = `http://127.0.0.1:${server.port}/a`
  for (const rule of [`127.0.0.1:${server.port}`, '127.0.0.0/8', '127.0.0.1']) {
    const page = await fetcher([rule]).get(url, limits, never)
    expect(page).toMatchObject({ url, status: 200, mediaType: 'text/html', truncated: false })
    expect(Buffer.from(page.bytes).toString()).toBe(`127.0.0.1:${server.port} Steward/test`)
  }
  for (const rule of ['127.0.0.1:1234', '10.0.0.0/8', 'example.com', '::ffff:127.0.0.1']) {
    await expect(fetcher([rule]).get(url, limits, never)).rejects.toMatchObject({ code: 'refused' })
  }
  const named = await fetcher(['*.example.com'], async () => ['127.0.0.1']).get(`http://intra.example.com:${server.port}/`, limits, never)
  expect(Buffer.from(named.bytes).toString()).toContain(`intra.example.com:${server.port}`)
  await expect(fetcher(['127.0.0.1']).get('http://127.0.0.1:22/', limits, never)).rejects.toMatchObject({ code: 'refused' })
})

test.each(['', 'http://a', '10.0.0.0/33', '10.0.0.0/', 'a:0', 'a:99999', '1.2.3', 'a b', '*'])('the rule "%s" is refused with a sentence', (rule) => {
  expect(() => createAddressGuard([rule])).toThrow('is no network rule')
})

test.each([
  ['[::1]:80', 'http://[::1]/'],
  ['fd00::/8', 'http://[fd00::1]/'],
  ['[fd00::]/8', 'http://[fd00::1]/'],
  ['Localhost:8080', 'http://localhost:8080/'],
  ['bücher.local', 'http://xn--bcher-kva.local/'],
])('the rule %s allows %s', (rule, url) => {
  expect(createAddressGuard([rule]).url(url).href).toBe(url)
})

test('a name that changes its address after the check is connected to at the checked one', async () => {
  await using server = await serve((_, response) => response.end('checked'))
  const answers = [['127.0.0.1'], ['127.0.0.2']]
  const asked: string[] = []
  const rebinding: Resolve = async (host) => {
    asked.push(host)
    return answers[asked.length - 1] ?? ['127.0.0.3']
  }
  const get = fetcher(['127.0.0.1'], rebinding)
  const page = await get.get(`http://rebind.example:${server.port}/`, limits, never)
  expect(Buffer.from(page.bytes).toString()).toBe('checked')
  expect(asked).toEqual(['rebind.example'])
  await expect(get.get(`http://rebind.example:${server.port}/`, limits, never)).rejects.toMatchObject({ code: 'refused' })
})

const publicOrPrivate: Resolve = async (host) => (host === 'public.example' ? ['127.0.0.1'] : ['192.168.0.1'])
describe('redirects', () => {
  test.each([
    'http://127.0.0.2:PORT/',
    'http://[::1]/',
    'http://rebind.example:PORT/',
    'file:///etc/passwd',
    'http://u:p@public.example:PORT/',
    'http://public.example:22/',
  ])('to %s are refused', async (target) => {
    const seen: string[] = []
    await using server = await serve((request, response) => {
      seen.push(request.url ?? '')
      response.writeHead(302, { location: target.replace('PORT', String(server.port)) }).end('x'.repeat(1000))
    })
    const get = fetcher(['127.0.0.1'], publicOrPrivate).get(`http://public.example:${server.port}/start`, limits, never)
    await expect(get).rejects.toMatchObject({ code: 'refused' })
    expect(seen).toEqual(['/start'])
  })

  test('are followed up to the limit, the final address is told, and a rebound host is caught on the way', async () => {
    await using server = await serve((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left > 0) response.writeHead(307, { location: `/${left - 1}` }).end()
      else response.end('arrived')
    })
    const base = `http://127.0.0.1:${server.port}`
    expect(await fetcher(['127.0.0.1']).get(`${base}/3`, limits, never)).toMatchObject({ url: `${base}/0`, status: 200 })
    await expect(fetcher(['127.0.0.1']).get(`${base}/4`, limits, never)).rejects.toMatchObject({ code: 'failed' })
    const turning = [['127.0.0.1'], ['169.254.169.254']]
    const rebound = fetcher(['127.0.0.1'], async () => turning.shift() ?? []).get(`http://rebind.example:${server.port}/1`, limits, never)
    await expect(rebound).rejects.toMatchObject({ code: 'refused' })
  })
})

describe('bodies', () => {
  const words = 'words '.repeat(1000)
  const forms: readonly (readonly [string, Buffer])[] = [
    ['identity', Buffer.from(words)],
    ['gzip', gzipSync(words)],
    ['br', brotliCompressSync(words)],
    ['deflate', deflateSync(words)],
    ['deflate', deflateRawSync(words)],
    ['gzip, br', brotliCompressSync(gzipSync(words))],
  ]
  test.each(forms)('in %s are decoded and cut at the limit', async (encoding, body) => {
    await using server = await serve((_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body))
    const url = `http://127.0.0.1:${server.port}/`
    const whole = await fetcher(['127.0.0.1']).get(url, { ...limits, bytes: 6000 }, never)
    expect([Buffer.from(whole.bytes).toString() === words, whole.truncated]).toEqual([true, false])
    const part = await fetcher(['127.0.0.1']).get(url, { ...limits, bytes: 5999 }, never)
    expect([part.bytes.length, part.truncated]).toEqual([5999, true])
  })

  test('that are zip bombs cost no more than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024))
    await using server = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
    const before = process.memoryUsage().arrayBuffers
    const page = await fetcher(['127.0.0.1']).get(`http://127.0.0.1:${server.port}/`, { ...limits, bytes: 1000 }, never)
    expect([page.bytes.length, page.truncated]).toEqual([1000, true])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024)
  })

  test('that never end, in a slow trickle or as empty compressed blocks, are ended', async () => {
    await using trickle = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'), 5)
      response.once('close', () => clearInterval(timer))
    })
    await expect(fetcher(['127.0.0.1']).get(`http://127.0.0.1:${trickle.port}/`, { ...limits, timeoutMs: 200 }, never)).rejects.toMatchObject({
      code: 'timed_out',
    })
    const empty = gzipSync('')
    await using blocks = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.concat(Array.from({ length: 1000 }, () => empty))));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    const page = await fetcher(['127.0.0.1']).get(`http://127.0.0.1:${blocks.port}/`, { ...limits, bytes: 1000 }, never)
    expect([page.bytes.length, page.truncated]).toEqual([0, true])
  })

  test('that are broken or cut off are told so, and error pages are answers', async () => {
    const send = async (status: number, headers: Record<string, string>, body: Buffer | string) => {
      await using server = await serve((_, response) => response.writeHead(status, headers).end(body))
      return await fetcher(['127.0.0.1']).get(`http://127.0.0.1:${server.port}/`, limits, never)
    }
    await expect(send(200, { 'content-encoding': 'gzip' }, 'not gzip')).rejects.toMatchObject({ code: 'failed' })
    await expect(send(200, { 'content-encoding': 'gzip' }, gzipSync(words).subarray(0, 40))).rejects.toMatchObject({ code: 'failed' })
    await expect(send(200, { 'content-encoding': 'zstd' }, 'x')).rejects.toMatchObject({ code: 'failed' })
    await expect(send(200, { 'content-encoding': 'gzip,gzip,gzip' }, 'x')).rejects.toMatchObject({ code: 'failed' })
    await using broken = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy())
    })
    await expect(fetcher(['127.0.0.1']).get(`http://127.0.0.1:${broken.port}/`, limits, never)).rejects.toMatchObject({ code: 'failed' })
    expect(await send(404, { 'content-encoding': 'gzip' }, gzipSync('gone'))).toMatchObject({
      status: 404,
      mediaType: 'application/octet-stream',
      bytes: Buffer.from('gone'),
    })
    expect((await send(204, { 'content-encoding': 'gzip' }, '')).bytes.length).toBe(0)
    expect((await send(302, {}, 'no target')).status).toBe(302)
  })
})

test('a cancelled fetch ends with the reason, also while a name is looked up', async () => {
  const cancel = new AbortController()
  const waiting = fetcher([], () => {
    cancel.abort(new Error('enough'))
    return new Promise(() => undefined)
  }).get('http://slow.example/', limits, cancel.signal)
  await expect(waiting).rejects.toThrow('enough')
  const slow = fetcher([], () => new Promise(() => undefined)).get('http://slow.example/', { ...limits, timeoutMs: 30 }, never)
  await expect(slow).rejects.toMatchObject({ code: 'timed_out' })
})
