import { mkdir, writeFile } from 'node:fs/promises'
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
  test('the console is served openly from its folder, with its page for every path under /app', async () => {
    const folder = path.join(served.folder, 'console')
    await mkdir(path.join(folder, 'assets'), { recursive: true })
    await writeFile(path.join(folder, 'index.html'), '<h1>Steward</h1>')
    await writeFile(path.join(folder, 'assets', 'a-1.js'), '1')
    const other = await serveNotebook({ staticRoot: folder })
    for (const url of ['/', '/app', '/app/', '/app/sessions/ses_1', '/app/login']) {
      const page = await fetch(other.url + url)
      expect([url, await page.text(), page.headers.get('content-security-policy')]).toEqual([
        url,
        '<h1>Steward</h1>',
        expect.stringContaining("frame-ancestors 'none'"),
      ])
    }
    const script = await fetch(`${other.url}/assets/a-1.js`)
    expect([script.status, script.headers.get('content-type'), script.headers.get('cache-control')]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      expect.stringContaining('immutable'),
    ])
    for (const url of ['/assets/..%2f..%2fsecret', '/assets/b.js']) expect((await fetch(other.url + url)).status).toBe(401)
    await other.close()
    expect(codeOf(await ask('GET', '/'))).toBe('not_found')
  })
})
