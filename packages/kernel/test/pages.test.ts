import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askAt, codeOf, type Asked } from './ask.ts'
import { contract, ownerToken } from './notes.ts'
import { serveNotebook } from './serve.ts'

let served: Awaited<ReturnType<typeof serveNotebook>>
const auth = { authorization: `Bearer ${ownerToken}` }
beforeAll(async () => {
  served = await serveNotebook()
})
afterAll(() => served.close())

const ask: Asked = (method, url, headers, body) => askAt(served.url, method, url, headers, body)
describe('pages', () => {
  test('the description lists every operation with its faults and the docs page loads from this server alone', async () => {
    const text = (await ask('GET', '/openapi.json', auth)).text
    const document = JSON.parse(text) as {
      openapi: string
      paths: Record<string, Record<string, { operationId: string }>>
      components: { schemas: object }
    }
    const named = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
    expect([document.openapi, named.toSorted()]).toEqual(['3.1.0', [...Object.keys(contract), 'stream.all', 'stream.one'].toSorted()])
    expect(Object.keys(document.components.schemas)).toEqual(['Fault', 'Note'])
    const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1])
    expect(refs.every((name) => name !== undefined && name in document.components.schemas)).toBe(true)
    const docs = await ask('GET', '/docs', auth)
    expect([docs.status, docs.headers['content-security-policy']]).toEqual([200, expect.not.stringMatching(/https?:|\*/)])
    for (const [, url = ''] of docs.text.matchAll(/(?:src|href)="([^"]+)"/g)) expect([url, (await ask('GET', url, auth)).status]).toEqual([url, 200])
    expect((await ask('GET', '/docs/..%2Fpackage.json', auth)).status).toBe(404)
  })
  test('the console is served openly from its folder, with its page for every path under /app; / leads to it', async () => {
    await using console = await serveFolder(served.folder, { 'index.html': '<h1>Steward</h1>', 'assets/a-1.js': '1', 'sw.js': '2' })
    for (const url of ['/app', '/app/', '/app/sessions/ses_1', '/app/login', '/app/..%2f..%2fsecret']) {
      const { status, text, headers } = await console.ask('GET', url)
      const policy = headers['content-security-policy']
      expect([url, status, text]).toEqual([url, 200, '<h1>Steward</h1>'])
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default")
      expect(policy).not.toMatch(/unsafe|https?:|\*/)
    }
    expect(await console.ask('GET', '/')).toMatchObject({ status: 302, headers: { location: '/app/' } })
    expect(await console.ask('GET', '/app/assets/a-1.js')).toMatchObject({
      status: 200,
      text: '1',
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': expect.stringContaining('immutable'),
        'x-content-type-options': 'nosniff',
      },
    })
    expect((await console.ask('GET', '/app/sw.js')).headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringContaining("connect-src 'self'"),
    })
    for (const url of ['/app/assets/b.js', '/app/assets/..%2f..%2fsecret', '/app/assets/..%2findex.html']) {
      const gone = await console.ask('GET', url)
      expect([url, gone.status, codeOf(gone)]).toEqual([url, 404, 'not_found'])
    }
    expect((await console.ask('GET', '/assets/a-1.js')).status).toBe(401)
    expect(codeOf(await ask('GET', '/'))).toBe('not_found')
    expect(codeOf(await ask('GET', '/app/x'))).toBe('not_found')
  })
  test('a page that a browser has already keeps its policy when it is told so: a reload runs its scripts', async () => {
    await using console = await serveFolder(served.folder, { 'index.html': '<h1>Steward</h1>', 'assets/a.js': 'a' })
    for (const at of ['/app/sessions', '/app/assets/a.js']) {
      const first = await fetch(console.url + at)
      const again = await fetch(console.url + at, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
      const policy = again.headers.get('content-security-policy')
      expect([again.status, policy]).toEqual([304, first.headers.get('content-security-policy')])
      expect(policy).toContain("script-src 'self'")
    }
  })
  test('text travels compressed in what the client can read, a picture as it is, each under a name of its own', async () => {
    const text = 'a word and '.repeat(1000)
    await using console = await serveFolder(served.folder, { 'index.html': '<h1>Steward</h1>', 'assets/a.js': text, 'assets/a.png': text })
    const get = async (at: string, accept?: string, more: Record<string, string> = {}) => {
      const answer = await fetch(console.url + at, { headers: { ...more, 'accept-encoding': accept ?? '' } })
      const { headers, status } = answer
      return {
        status,
        text: await answer.text(),
        encoding: headers.get('content-encoding'),
        etag: headers.get('etag') ?? '',
        vary: headers.get('vary'),
      }
    }
    const asked = [
      ['br, gzip', 'br'],
      ['gzip, deflate', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
      ['BR', 'br'],
      ['deflate', null],
      ['', null],
    ] as const
    const tags = new Set<string>()
    for (const [accept, encoding] of asked) {
      const answer = await get('/app/assets/a.js', accept)
      expect(answer).toMatchObject({ status: 200, text, encoding, vary: 'Origin, Accept-Encoding' })
      tags.add(answer.etag)
      const again = await get('/app/assets/a.js', accept, { 'if-none-match': `"other", W/${answer.etag}` })
      expect(again).toMatchObject({ status: 304, etag: answer.etag, vary: 'Origin, Accept-Encoding' })
    }
    expect(tags.size).toBe(3)
    expect((await get('/app/assets/a.js', 'gzip', { 'if-none-match': '*' })).status).toBe(304)
    expect(await get('/app/assets/a.png', 'br, gzip')).toMatchObject({ text, encoding: null })
    expect(await get('/app/', 'br, gzip')).toMatchObject({ text: '<h1>Steward</h1>', encoding: null })
    const head = await console.ask('HEAD', '/app/assets/a.js', { 'accept-encoding': 'gzip' })
    expect(head).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-encoding': 'gzip', 'content-length': expect.stringMatching(/^\d{2,3}$/) },
    })
  })
  test('a console that is built anew is served without a new start', async () => {
    await using console = await serveFolder(served.folder, { 'index.html': 'one', 'assets/one.js': '1' })
    expect((await console.ask('GET', '/app/')).text).toBe('one')
    await console.plant({ 'index.html': 'two, of another length', 'assets/two.js': '2' })
    expect((await console.ask('GET', '/app/')).text).toBe('two, of another length')
    expect((await console.ask('GET', '/app/assets/two.js')).text).toBe('2')
  })
})
/** A notebook that serves a folder with these files. */
async function serveFolder(parent: string, files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(path.join(parent, 'console-'))
  const plant = async (more: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(more)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
      await writeFile(path.join(folder, name), text)
    }
  }
  await plant(files)
  const { url, close } = await serveNotebook({ staticRoot: folder })
  const askThere: Asked = (method, address, headers, body) => askAt(url, method, address, headers, body)
  return { url, ask: askThere, plant, [Symbol.asyncDispose]: close }
}
