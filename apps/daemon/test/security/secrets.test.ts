import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { operations } from '@steward/contract/daemon'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { obedient, shell, tell, type Told } from './told.ts'
import { ask, bearer, operationRoutes } from './wire.ts'

const hex = () => randomBytes(16).toString('hex')
/** Values that are known as secrets because of where they are kept. */
const known = {
  'the key of a provider in the environment': `planted-env-${hex()}`,
  'another secret of the environment': `planted-other-${hex()}`,
  'the stored key of a provider': `planted-stored-${hex()}`,
  'a stored key that was replaced': `planted-former-${hex()}`,
  'one more key of a provider': `planted-more-${hex()}`,
  'one more key that was replaced': `planted-more-former-${hex()}`,
  'one more key that was removed': `planted-gone-${hex()}`,
  'a key in the file of another tool': `planted-tool-${hex()}`,
  'the login of another tool': `planted-login-${hex()}`,
}
/** Known no more: they need not be taken out of what is read later, but may stand nowhere. */
const former = new Set([
  'a stored key that was replaced',
  'one more key that was replaced',
  'one more key that was removed',
  'the login of another tool',
])
/** Text that has the shape of a credential, met in files and outputs. */
const shaped = {
  'a GitHub token': `ghp_${hex()}${hex()}`.slice(0, 40),
  'a fine-grained GitHub token': `github_pat_${hex()}${hex()}`,
  'an OpenAI key': `sk-proj-${hex()}${hex()}`,
  'an Anthropic key': `sk-ant-api03-${hex()}${hex()}`,
  'a Google key': `AIza${hex()}${hex()}`.slice(0, 39),
  'a Slack token': `xoxb-${hex()}`,
  'an AWS key id': `AKIA${hex().toUpperCase().slice(0, 16)}`,
  'a token of another Steward': `stw_${hex()}${hex()}`,
  'the body of a private key': `MIIE${hex()}${hex()}`,
}
const minted: Record<string, string> = {}
const secrets = (): [string, string][] => Object.entries({ ...known, ...shaped, ...minted })
let daemon: TestDaemon
const person = mkdtempSync(path.join(tmpdir(), 'steward-person-'))
const flashes: string[] = []
const following = new AbortController()
let told: Told[] = []

beforeAll(async () => {
  daemon = await startDaemon({
    turns: obedient,
    env: {
      ANTHROPIC_API_KEY: known['the key of a provider in the environment'],
      DEPLOY_SECRET: known['another secret of the environment'],
      STEWARD_LOG_LEVEL: 'debug',
      HOME: person,
    },
  })
  const { client } = daemon
  minted["the owner's token"] = daemon.token
  void (async () => {
    for await (const item of client.follow({}, following.signal)) flashes.push(JSON.stringify(item))
  })().catch(() => undefined)
  await client.providers.set({
    id: 'planted',
    kind: 'openai-compatible',
    baseUrl: `${daemon.wire.url}/v1`,
    key: known['a stored key that was replaced'],
  })
  await client.providers.set({
    id: 'planted',
    kind: 'openai-compatible',
    baseUrl: `${daemon.wire.url}/v1`,
    key: known['the stored key of a provider'],
  })
  await client.providers.test({ id: 'planted' })
  await manyKeys()
  minted['an access token'] = (await client.tokens.create({ name: 'Planted', scopes: ['sessions:read'] })).secret
  minted['a login code'] = (await client.logins.create({})).code
  const { code } = await client.logins.create({})
  const login = await ask(daemon, 'POST', '/v1/login', { 'content-type': 'application/json' }, JSON.stringify({ code }))
  minted['a login cookie'] = /steward=([^;]+)/.exec(login.headers['set-cookie']?.[0] ?? '')![1]!
  await ask(daemon, 'GET', '/v1/status', bearer(minted['an access token']))

  const now = secrets().filter(([what]) => !former.has(what))
  const lines = now.map(([what, secret]) =>
    what.startsWith('the body') ? `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----` : `${what}: "${secret}";`,
  )
  const text = `${lines.join('\n')}\n`
  // Login codes and cookies are secrets that nobody but a browser ever holds: they are looked for, not planted.
  const file = text
    .split('\n')
    .filter((line) => !line.startsWith('a login'))
    .join('\n')
  mkdirSync(path.join(daemon.workspace, 'sub'))
  writeFileSync(path.join(daemon.workspace, 'notes.txt'), file)
  writeFileSync(path.join(daemon.workspace, 'sub', '.env'), file)
  spawnSync('git', ['init', '-q'], { cwd: daemon.workspace })
  spawnSync('git', ['add', 'notes.txt'], { cwd: daemon.workspace })
  told = [
    await tell(
      daemon,
      [
        [
          { name: 'files_read', input: { path: 'notes.txt' } },
          { name: 'files_grep', input: { pattern: 'planted|ghp_|sk-|stw_', includeIgnored: true } },
          { name: 'files_read', input: { path: 'sub/.env' } },
          { name: 'git_diff', input: { staged: true } },
        ],
        [shell('cat notes.txt; cat notes.txt >&2'), shell('cat notes.txt; exit 3')],
      ],
      { mode: 'auto' },
    ),
    await tell(daemon, [[{ name: 'shell_run', input: { command: 'cat sub/.env; sleep 0.2', background: true } }], [shell('sleep 0.1')]], {
      mode: 'auto',
    }),
  ]
  const pushed = [
    {
      kind: 'status',
      status: 400,
      message: `The key ${known['the key of a provider in the environment']} is wrong; so is ${shaped['an Anthropic key']}.`,
    },
    { kind: 'error-event', afterDeltas: 1, message: `Bad key ${known['the key of a provider in the environment']}` },
  ] as const
  for (const fault of pushed) {
    daemon.wire.push({ text: ['a', 'b'], fault })
    told.push(await tell(daemon, [[{ name: 'files_list', input: {} }]]))
  }
})
/** Keys beside the provider's own: added, changed, removed, refused in the vendor's words, and one of another tool. */
async function manyKeys(): Promise<void> {
  const { client } = daemon
  const key = known['one more key of a provider']
  const twin = { provider: 'planted', key: known['one more key that was replaced'], name: 'more' }
  const { id } = await client.auth.add(twin, { key: 'twin' })
  expect((await client.auth.add(twin, { key: 'twin' })).id).toBe(id)
  await client.auth.update({ id, key })
  const gone = await client.auth.add({ provider: 'planted', key: known['one more key that was removed'] })
  await client.auth.remove({ id: gone.id })
  await client.auth.test({ id })
  const refused = await client.auth.add({ provider: 'planted', key, name: 'twice' }).catch((fault: Error) => fault)
  expect(refused).toBeInstanceOf(Error)
  mkdirSync(path.join(person, '.codex'))
  const content = { OPENAI_API_KEY: known['a key in the file of another tool'], tokens: { access_token: known['the login of another tool'] } }
  writeFileSync(path.join(person, '.codex', 'auth.json'), JSON.stringify(content), { mode: 0o600 })
  const found = await client.auth.discover({})
  const adopted = await client.auth.adopt({ id: found.items.find(({ tool, usable }) => tool === 'codex' && usable)!.id })
  expect(leaked(JSON.stringify([found, refused, adopted, await client.auth.list({})]))).toEqual([])
  // The vendor says the key back when it refuses it; its words are kept as the last error.
  await client.sessions.create({ model: 'planted/one' }).then((session) => {
    daemon.wire.push({ fault: { kind: 'status', status: 401, message: `Wrong: ${known['the stored key of a provider']}, ${key}` } })
    daemon.wire.push({ fault: { kind: 'status', status: 401, message: `Wrong: ${known['the stored key of a provider']}, ${key}` } })
    return daemon.say(session.id, 'go')
  })
  const errors = (await client.auth.list({ provider: 'planted' })).items.map(({ lastError }) => lastError?.message ?? '')
  expect(errors).toEqual([expect.stringContaining('Wrong: ['), expect.stringContaining('Wrong: [')])
}
afterAll(async () => {
  rmSync(person, { recursive: true, force: true })
  following.abort()
  await daemon[Symbol.asyncDispose]()
})
/** The names of the secrets that stand in a text. */
const leaked = (text: string): string[] => secrets().flatMap(([what, secret]) => (text.includes(secret) ? [what] : []))

/** Which files of the data folder hold which secrets, read as bytes. */
const keptInFiles = (): string[][] =>
  readdirSync(daemon.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .flatMap((file) => leaked(readFileSync(file, 'latin1')).map((what) => [path.relative(daemon.home, file), what]))

describe('a planted secret is found', () => {
  test('where it was planted, and the work that met it was done', () => {
    expect(leaked(readFileSync(path.join(daemon.workspace, 'notes.txt'), 'utf8')).length).toBeGreaterThan(11)
    expect(told[0]!.calls.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed', 'completed', 'completed', 'failed'])
    for (const call of told[0]!.calls) expect(call.text).toContain('[redacted]')
    expect(told[2]!.run).toMatchObject({ status: 'failed', error: expect.stringContaining('[redacted]') })
    expect(daemon.wire.requests.length).toBeGreaterThan(4)
  })
  test('in no log line, at the level debug', () => {
    expect(daemon.logs.length).toBeGreaterThan(0)
    expect(leaked(daemon.logs.join(''))).toEqual([])
  })
  test('in no event of any log, and in no passing signal', async () => {
    const { client } = daemon
    for (const log of ['chat', 'agents', 'settings'] as const) {
      const { items } = await client.events.list({ log, limit: 200 })
      expect(items.length).toBeGreaterThan(0)
      for (let cursor = (await client.events.list({ log, limit: 200 })).nextCursor, page = JSON.stringify(items); ;) {
        expect([log, leaked(page)]).toEqual([log, []])
        if (cursor === null) break
        const next = await client.events.list({ log, limit: 200, cursor })
        page = JSON.stringify(next.items)
        cursor = next.nextCursor
      }
    }
    expect(flashes.some((text) => text.includes('tool.progress'))).toBe(true)
    expect(leaked(flashes.join('\n'))).toEqual([])
  })
  test('in no transcript, export, run, approval, list or status, nor in the description', async () => {
    await daemon.served.app.caughtUp()
    const pages = operationRoutes
      .filter(({ method, name }) => method === 'GET' && !['files.download', 'backups.verify'].includes(name))
      .map(({ path: at }) => at)
    const own = told.flatMap(({ sessionId, runId }) => [
      `/v1/sessions/${sessionId}`,
      `/v1/sessions/${sessionId}/messages`,
      `/v1/sessions/${sessionId}/export`,
      `/v1/sessions/${sessionId}/export?format=markdown`,
      `/v1/runs/${runId}`,
      `/v1/approvals?sessionId=${sessionId}&status=approved`,
    ])
    for (const at of [
      ...pages,
      ...own,
      '/v1/search?query=planted',
      '/v1/search?query=redacted',
      '/openapi.json',
      '/docs',
      '/ready',
      '/health',
      '/v1/audit/verification',
    ])
      expect([at, leaked((await ask(daemon, 'GET', at, bearer(daemon.token))).text)]).toEqual([at, []])
  })
  test('in no request to a model but in the header it is for', () => {
    for (const { body, headers } of daemon.wire.requests) {
      expect(leaked(JSON.stringify(body))).toEqual([])
      expect(leaked(JSON.stringify({ ...headers, 'x-api-key': '', authorization: '' }))).toEqual([])
    }
  })
  test('in no file of the data folder, also not as bytes of a database, a WAL or a log; the one file of the token apart', async () => {
    await daemon.client.backups.create({})
    for (const name of ['chat_history.db', 'chat_history.db-wal', 'agents.db', 'settings.db'])
      expect(existsSync(path.join(daemon.home, name))).toBe(true)
    expect(keptInFiles()).toEqual([[path.join('run', 'token'), "the owner's token"]])
  })
  test('in no fault, when a request that carries it is broken', async () => {
    const secret = known['the stored key of a provider']
    const json = { ...bearer(daemon.token), 'content-type': 'application/json' }
    for (const { method, path: at, name } of operationRoutes.filter(
      ({ name: one }) => operations[one as keyof typeof operations].http.startsWith('P') && !['system.stop', 'files.upload'].includes(one),
    ))
      for (const body of [
        { key: secret, value: secret, nonsense: secret },
        { id: { key: secret }, text: [secret] },
      ]) {
        const { status, text } = await ask(daemon, method, at, json, JSON.stringify(body))
        if (status >= 400) expect([name, leaked(text)]).toEqual([name, []])
      }
    expect(leaked((await ask(daemon, 'GET', `/v1/status?token=${secret}`, bearer(daemon.token))).text)).toEqual([])
    expect(leaked(daemon.logs.join(''))).toEqual([])
  })
})
test('a secret that a model writes into its calls stays out of what is asked, shown and kept, and the call is still what was approved', async () => {
  const secret = known['another secret of the environment']
  const other = shaped['a GitHub token']
  // The model holds them, whoever told it: here the words of its answer are chosen by the test.
  daemon.wire.push({
    calls: [
      { name: 'web_fetch', input: { url: `http://127.0.0.1:1/${secret}?key=${other}` } },
      { name: 'files_write', input: { path: 'deploy.txt', content: `key=${secret}\nother=${other}\n` } },
      { name: 'shell_run', input: { command: `printf %s ${secret} | wc -c > length.txt` } },
    ],
  })
  const waits = await tell(daemon, [[]])
  const approvals = await waits.approvals()
  expect(approvals).toHaveLength(3)
  expect(leaked(JSON.stringify([approvals, waits.calls, await daemon.events(waits.sessionId)]))).toEqual([])
  for (const { id } of approvals) expect(leaked(JSON.stringify(await daemon.client.approvals.get({ id })))).toEqual([])
  daemon.wire.push({ text: 'Done.' })
  const calls = await waits.settle('approve')
  expect(calls.map(({ status }) => status)).toEqual(['failed', 'completed', 'completed'])
  expect(readFileSync(path.join(daemon.workspace, 'deploy.txt'), 'utf8')).toBe(`key=${secret}\nother=${other}\n`)
  expect(readFileSync(path.join(daemon.workspace, 'length.txt'), 'utf8').trim()).toBe(String(secret.length))
  expect(leaked(JSON.stringify([calls, await daemon.events(waits.sessionId), daemon.logs]))).toEqual([])
  expect(keptInFiles()).toEqual([[path.join('run', 'token'), "the owner's token"]])
})
