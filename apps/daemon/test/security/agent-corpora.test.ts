import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { escapeSecret, makeEscapePlaces, pathEscapes, type EscapePlaces } from '../corpora/path-escapes.ts'
import { escapes, honest } from '../corpora/shell-escapes.ts'
import { refusedAddresses, refusedUrls } from '../corpora/ssrf.ts'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { inSlices, obedient, shell, tell, type ToldCall } from './told.ts'

let daemon: TestDaemon
let at: EscapePlaces
let folder: string
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-agent-')))
  at = await makeEscapePlaces(folder)
  execFileSync('git', ['init', '-q', '--template=', path.join(folder, 'repository')])
  // The home lies inside of the workspace: the hardest case.
  daemon = await startDaemon({ turns: obedient, home: at.home, workspace: at.root })
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})
const modes = ['ask', 'auto'] as const
const clean = () => {
  for (const name of readdirSync(at.root)) if (name !== '.steward') rmSync(path.join(at.root, name), { recursive: true, force: true })
  writeFileSync(path.join(at.root, 'inside.txt'), 'inside\n')
  // What git would make, without a process for it.
  cpSync(path.join(folder, 'repository'), at.root, { recursive: true })
}
/** Nothing outside has changed, and nothing that the model or anyone else gets to see holds the secret. */
async function untouched(sessionId: string): Promise<void> {
  expect(readdirSync(at.outside)).toEqual(['secret.txt'])
  expect(readFileSync(path.join(at.outside, 'secret.txt'), 'utf8')).toBe(escapeSecret)
  expect(readFileSync(path.join(at.home, 'token'), 'utf8')).toBe(escapeSecret)
  expect(JSON.stringify(await daemon.events(sessionId)).includes(escapeSecret)).toBe(false)
  expect(JSON.stringify(daemon.wire.requests.at(-1)?.body).includes(escapeSecret)).toBe(false)
}

describe('no tool for files gets out of the workspace, in mode ask or auto', () => {
  const callsOf = (file: string): ToldCall[] => [
    { name: 'files_read', input: { path: file } },
    { name: 'files_write', input: { path: file, content: 'changed' } },
    { name: 'files_edit', input: { path: file, oldText: 'the', newText: 'changed' } },
    { name: 'files_multi_edit', input: { path: file, edits: [{ oldText: 'the', newText: 'changed' }] } },
    { name: 'files_patch', input: { patch: `*** Begin Patch\n*** Update File: ${file}\n@@\n-a guess\n+changed\n*** End Patch` } },
    { name: 'files_patch', input: { patch: `--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n-a guess\n+changed\n` } },
    { name: 'files_list', input: { path: file } },
    { name: 'files_glob', input: { path: file, pattern: '**' } },
    { name: 'files_grep', input: { path: file, pattern: 'secret' } },
    { name: 'git_diff', input: { path: file } },
    { name: 'git_log', input: { path: file } },
    { name: 'git_show', input: { path: file, content: true } },
  ]
  test.each(pathEscapes)('by $name', async (escape) => {
    clean()
    await escape.setUp?.(at)
    const wanted = callsOf(escape.path(at))
    const all = await Promise.all(modes.map((mode) => tell(daemon, [wanted], { mode, workspace: at.root })))
    for (const told of all) {
      expect(told.calls).toHaveLength(wanted.length)
      for (const { toolId, status, startedAt } of told.calls)
        expect([toolId, status, startedAt]).toEqual([toolId, expect.stringMatching(/^(failed|denied)$/), null])
      expect(told.run.status).toBe('completed')
      await untouched(told.sessionId)
    }
  })
})

describe('with the rule "allow shell.run git status*" in mode ask', () => {
  const rule = async () => {
    const { items } = await daemon.client.permissions.list({})
    if (items.length === 0) await daemon.client.permissions.add({ tool: 'shell.run', pattern: 'git status*', action: 'allow', level: 'global' })
  }
  test('every line that tries to pass it ends as an approval or a denial and never runs', async () => {
    await rule()
    clean()
    writeFileSync(path.join(at.root, 'x'), 'still here')
    for (const lines of inSlices(escapes, 20)) {
      const told = await tell(daemon, [lines.map(shell)], { workspace: at.root })
      expect(told.calls).toHaveLength(lines.length)
      for (const [n, { status, startedAt }] of told.calls.entries())
        expect([lines[n], status, startedAt]).toEqual([lines[n], expect.stringMatching(/^(waiting|denied|failed)$/), null])
      for (const { status, startedAt } of await told.settle('reject'))
        expect([status, startedAt]).toEqual([expect.stringMatching(/^(denied|failed)$/), null])
    }
    expect(readdirSync(at.root).toSorted()).toEqual(['.git', '.steward', 'inside.txt', 'x'])
  })
  test('what it covers runs without a question', async () => {
    await rule()
    clean()
    for (const lines of inSlices(honest, 20)) {
      const told = await tell(daemon, [lines.map(shell)], { workspace: at.root })
      for (const [n, { startedAt }] of told.calls.entries()) expect([lines[n], startedAt]).toEqual([lines[n], expect.any(String)])
    }
  })
  const links = () => {
    clean()
    mkdirSync(path.join(at.root, 'sub', 'deep'), { recursive: true })
    symlinkSync(path.join(at.outside, 'secret.txt'), path.join(at.root, 'link'))
    symlinkSync('link', path.join(at.root, 'chain'))
    symlinkSync(at.outside, path.join(at.root, 'dir'))
    symlinkSync('../../outside/secret.txt', path.join(at.root, 'sub', 'up'))
    symlinkSync('../../../outside', path.join(at.root, 'sub', 'deep', 'out'))
    symlinkSync('inside.txt', path.join(at.root, 'within'))
    symlinkSync(path.join(at.home, 'token'), path.join(at.root, 'mine'))
    writeFileSync(path.join(at.root, 'list'), `${at.outside}/secret.txt\0`)
  }
  test('a line whose words go through links out of the workspace asks', async () => {
    await rule()
    links()
    const lines = [
      'cat link',
      'cat ./link',
      'cat chain',
      'cat dir/secret.txt',
      'cat dir/../outside/secret.txt',
      'cat sub/../dir/secret.txt',
      'cat sub/up',
      'cat sub/deep/out/secret.txt',
      'cd sub && cat up',
      'cd sub; cd deep; cat out/secret.txt',
      'cd sub && cd deep && ls out',
      'cd sub/deep; cat < out/secret.txt',
      'cd dir && cat secret.txt',
      'head -1 < link',
      'head -n1 link inside.txt',
      'grep -r the dir',
      'grep -R the .',
      'grep -nR the sub',
      'grep --dereference-recursive the .',
      'grep -flink inside.txt',
      'grep --file=link inside.txt',
      'rg -L the',
      'rg --follow the .',
      'diff -r . sub',
      'diff inside.txt link',
      'wc --files0-from=list',
      'sort link',
      'sed -n 1p link',
      'od -c link',
      'git diff --no-index inside.txt link',
      'git status && cat link',
      'git status; cat dir/secret.txt',
      'cat inside.txt link',
      'find dir/ -type f',
      'find -L . -name secret.txt',
      'ls dir/',
      'tail -c 10 link | cat',
      'test -s link && cat link',
      'X=link; cat $X',
      'cat li*',
      'cat {link,inside.txt}',
      'cat mine',
      'cat sub/../mine',
    ]
    for (const some of inSlices(lines, 22)) {
      const told = await tell(daemon, [some.map(shell)], { workspace: at.root })
      for (const [n, { status, startedAt }] of told.calls.entries())
        expect([some[n], status, startedAt]).toEqual([some[n], expect.stringMatching(/^(waiting|denied)$/), null])
      await told.settle('reject')
      await untouched(told.sessionId)
    }
  })
  test('a line whose links stay inside does not ask', async () => {
    await rule()
    links()
    const lines = [
      'cat within',
      'cat ./within inside.txt',
      'cd sub && ls deep',
      'grep -r inside sub',
      'cat inside.txt 2>/dev/null',
      'ls -l sub',
      'rg inside inside.txt',
    ]
    const told = await tell(daemon, [lines.map(shell)], { workspace: at.root })
    for (const [n, { status, startedAt }] of told.calls.entries())
      expect([lines[n], status, startedAt]).toEqual([lines[n], expect.stringMatching(/^(completed|failed)$/), expect.any(String)])
  })
})

describe('web.fetch in mode auto, where nobody is asked', () => {
  const servers: Server[] = []
  const serve = async (host: string, port: number, answer: Parameters<typeof createServer>[1]) => {
    const server = createServer(answer)
    servers.push(server)
    server.listen(port, host)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const realLookup = dns.promises.lookup
  afterAll(() => {
    for (const server of servers) server.close()
    dns.promises.lookup = realLookup
    syncBuiltinESMExports()
  })
  const fetches = async (urls: readonly string[]) => {
    for (const some of inSlices(urls, 20)) {
      const told = await tell(daemon, [some.map((url) => ({ name: 'web_fetch', input: { url } }))], { mode: 'auto' })
      for (const [n, { status, text }] of told.calls.entries()) {
        expect([some[n], status]).toEqual([some[n], 'failed'])
        expect([some[n], text]).toEqual([some[n], expect.stringMatching(/\S+ \S+/)])
        expect(text).not.toContain('from the inside')
      }
    }
  }
  const literals = refusedAddresses.map(([address]) => address).filter((address) => /^[\d.]+$|:/.test(address) && !address.includes('%'))
  const urls = [...refusedUrls, ...literals.map((address) => (address.includes(':') ? `http://[${address}]/` : `http://${address}/`))]
  test('reaches no address of the corpus', async () => {
    expect(urls.length).toBeGreaterThan(90)
    await fetches(urls)
  })
  test('reaches none by a redirect from an allowed one either, and not the daemon itself', async () => {
    let inside = 0
    const innerPort = await serve('127.0.0.1', 0, (_request, response) => {
      inside++
      response.end('from the inside')
    })
    const port = await serve('127.0.0.2', 0, (request, response) => {
      const to = new URL(request.url ?? '/', 'http://x').searchParams.get('to')
      if (to === null) response.end('a page')
      else response.writeHead(302, { location: Buffer.from(to).toString('latin1') }).end()
    })
    await daemon.client.settings.set({ key: 'tools.fetchAllow', value: ['127.0.0.2'] })
    const own = [`${daemon.url}/v1/status`, `http://127.0.0.1:${innerPort}/`, `http://localhost:${innerPort}/`, `http://[::1]:${innerPort}/`]
    const redirects = [...urls, ...own].map((url) => `http://127.0.0.2:${port}/?to=${encodeURIComponent(url)}`)
    await fetches([...own, ...redirects])
    expect(inside).toBe(0)
    const told = await tell(daemon, [[{ name: 'web_fetch', input: { url: `http://127.0.0.2:${port}/` } }]], { mode: 'auto' })
    expect(told.calls[0]).toMatchObject({ status: 'completed' })
  })
  test('is not fooled by a name that means another address a moment later, or two at once', async () => {
    let inside = 0
    let wanted = 0
    const port = await serve('127.0.0.2', 0, (request, response) => {
      wanted++
      if (request.url === '/again') response.writeHead(302, { location: `http://rebind.example:${port}/` }).end()
      else response.end('a page')
    })
    await serve('127.0.0.1', port, (_request, response) => {
      inside++
      response.end('from the inside')
    })
    const answers: string[][] = []
    dns.promises.lookup = (async (host: string, options: unknown) => {
      const next = host.endsWith('.example') ? answers.shift() : undefined
      return next === undefined ? (realLookup as any)(host, options) : next.map((address) => ({ address, family: 4 }))
    }) as typeof realLookup
    syncBuiltinESMExports()
    await daemon.client.settings.set({ key: 'tools.fetchAllow', value: ['127.0.0.2/32'] })
    const get = async (url: string, ...said: string[][]) => {
      answers.splice(0, answers.length, ...said)
      const told = await tell(daemon, [[{ name: 'web_fetch', input: { url } }]], { mode: 'auto' })
      return told.calls[0]?.status
    }
    expect(await get(`http://rebind.example:${port}/`, ['127.0.0.2'], ['127.0.0.1'])).toBe('completed')
    expect(await get(`http://rebind.example:${port}/again`, ['127.0.0.2'], ['127.0.0.1'])).toBe('failed')
    expect(await get(`http://rebind.example:${port}/`, ['127.0.0.2', '127.0.0.1'])).toBe('failed')
    expect(await get(`http://rebind.example:${port}/`, ['127.0.0.1'])).toBe('failed')
    expect([inside, wanted]).toEqual([0, 2])
  })
})
