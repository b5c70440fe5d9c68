import { once } from 'node:events'
import { statSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDaemon, type TestDaemon } from '../kit.ts'
import {
  anyCall,
  ask,
  bearer,
  closedRoutes,
  expectFault,
  expectUnauthenticated,
  openFrames,
  operationNames,
  operationRoutes,
  upgradeHeaders,
} from './wire.ts'

let daemon: TestDaemon
beforeAll(async () => void (daemon = await startDaemon()))
afterAll(() => daemon[Symbol.asyncDispose]())
const later = (ms: number) => new Date(Date.now() + ms).toISOString()
const make = async (scopes: string[], more: { expiresAt?: string } = {}) => daemon.client.tokens.create({ name: 'Test', scopes, ...more })
/** A right credential forgives the wrong ones before it, so that each row is judged by itself. */
const forgiven = () => ask(daemon, anyCall.method, anyCall.path, bearer(daemon.token))
/** Every closed route and the WebSocket, asked with the same credential. */
async function everyRoute(
  headers: Record<string, string>,
  see: (answer: Awaited<ReturnType<typeof ask>>, what: string) => void,
  suffix = '',
): Promise<void> {
  for (const { name, method, path: at } of closedRoutes) {
    see(await ask(daemon, method, `${at}${suffix}`, headers), name)
    await forgiven()
  }
  see(await ask(daemon, 'GET', `/v1/ws${suffix}`, { ...upgradeHeaders, ...headers }), 'WebSocket')
  await forgiven()
}
const expired = async () => {
  const { secret } = await make(['*'], { expiresAt: later(300) })
  await until(async () => (await ask(daemon, anyCall.method, anyCall.path, bearer(secret))).status === 401)
  return secret
}
const revoked = async () => {
  const { token, secret } = await make(['*'])
  await daemon.client.tokens.revoke({ id: token.id })
  return secret
}

describe('on every route, stream and socket', () => {
  test('the table of routes holds every operation', () => {
    expect(operationRoutes.map(({ name }) => name)).toEqual(operationNames)
    expect(closedRoutes.length).toBeGreaterThan(operationNames.length + 5)
  })
  test('without a credential nothing is answered', () => everyRoute({}, expectUnauthenticated))
  test.each<[string, () => Promise<string> | string]>([
    ['an unknown token', () => `stw_${'A'.repeat(43)}`],
    ['a token cut short', () => daemon.token.slice(0, -1)],
    ['a token with more after it', () => `${daemon.token}x`],
    ['a token in other case', () => daemon.token.replace(/[a-z]/g, (letter) => letter.toUpperCase())],
    ['an expired token', expired],
    ['a revoked token', revoked],
  ])('%s is refused', async (_name, token) => everyRoute(bearer(await token()), expectUnauthenticated))
  test.each<[string, () => Record<string, string>]>([
    ['an Authorization header of another scheme', () => ({ authorization: `Basic ${Buffer.from(`owner:${daemon.token}`).toString('base64')}` })],
    ['an empty bearer', () => ({ authorization: 'Bearer ' })],
    ['two tokens in one header', () => ({ authorization: `Bearer ${daemon.token} ${daemon.token}` })],
    ['a wrong API key', () => ({ 'x-api-key': 'stw_wrong' })],
    ['a cookie of another maker', () => ({ cookie: `steward=${Date.now() + 1e6}.AAAAAAAAAAAAAAAA.${'A'.repeat(43)}` })],
    ['the token as a cookie', () => ({ cookie: `steward=${daemon.token}` })],
    ['the token as another header', () => ({ 'x-token': daemon.token, token: daemon.token })],
  ])('%s is refused', async (_name, headers) => everyRoute(headers(), expectUnauthenticated))
  test.each(['token', 'access_token', 'api_key', 'key', 'authorization', 'bearer'])('a token in the query as ?%s= is no credential', (name) =>
    everyRoute({}, expectUnauthenticated, `?${name}=${daemon.token}`),
  )
  test('a token that holds every scope but the one it takes is refused, whatever else is sent', async () => {
    const all = [...new Set(closedRoutes.flatMap(({ needs }) => (needs === null ? [] : [needs])))]
    const without = new Map<string, string>()
    for (const scope of all) without.set(scope, (await make(all.filter((other) => other !== scope))).secret)
    for (const { name, method, path: at, needs } of closedRoutes.filter((one) => one.needs !== null))
      expectFault(await ask(daemon, method, at, bearer(without.get(needs!)!)), 403, 'forbidden', name)
  })
  test('a token that holds nothing of use is refused every operation over a WebSocket and over a socket that speaks for others', async () => {
    const { secret } = await make(['nothing:read'])
    const peer = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/ws`, ['steward.v1', `bearer.${secret}`])
    await once(peer, 'open')
    await using frames = await openFrames(daemon.served.socket, daemon.token, ['delegated'])
    const answers = new Map<number, any>()
    peer.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as { id: number }
      answers.set(frame.id, frame)
    })
    for (const [n, op] of operationNames.entries()) {
      peer.send(JSON.stringify({ id: n + 1, op, input: {} }))
      frames.send({ id: n + 1, op, input: {}, as: secret })
      expect([op, (await frames.answer(n + 1))['fault']?.code]).toEqual([op, 'forbidden'])
    }
    const streams = operationNames.length + 1
    peer.send(JSON.stringify({ id: streams, subscribe: {} }))
    await until(() => answers.size === streams)
    for (const { fault } of answers.values()) expect(fault?.code).toBe('forbidden')
    peer.close()
  })
})

describe('over the socket of this machine', () => {
  test('a wrong proof is refused and the connection ends', async () => {
    for (const token of ['', 'wrong', daemon.token.slice(0, -1)]) {
      await using frames = await openFrames(daemon.served.socket, token || ' ')
      expect((await frames.next())?.['fault']).toMatchObject({ code: 'unauthenticated' })
      expect(await frames.next()).toBeNull()
      await forgiven()
    }
  })
  test('a proof cannot be used again: each connection asks for its own', async () => {
    const nonces = new Set<string>()
    for (let n = 0; n < 3; n++) {
      const socket = connect(daemon.served.socket)
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      nonces.add((JSON.parse(chunk.toString()) as { hello: { nonce: string } }).hello.nonce)
      socket.destroy()
    }
    expect(nonces.size).toBe(3)
  })
  test('a connection that speaks for others has no rights of its own, and gives none beyond those of whom it names', async () => {
    await using frames = await openFrames(daemon.served.socket, daemon.token, ['delegated'])
    const { secret } = await make(['sessions:read', 'system:read'])
    const cases = [
      [{ op: 'sessions.list', input: {} }, 'unauthenticated'],
      [{ op: 'sessions.list', input: {}, as: 'stw_wrong' }, 'unauthenticated'],
      [{ subscribe: {} }, 'unauthenticated'],
      [{ op: 'sessions.create', input: {}, as: secret }, 'forbidden'],
      [{ subscribe: {}, as: secret }, 'forbidden'],
    ] as const
    for (const [n, [frame, code]] of cases.entries()) {
      frames.send({ id: n + 1, ...frame })
      expect((await frames.answer(n + 1))['fault']?.code).toBe(code)
    }
    frames.send({ id: 9, op: 'tokens.whoami', input: {}, as: secret })
    expect((await frames.answer(9))['ok']).toMatchObject({ kind: 'token', scopes: ['sessions:read', 'system:read'] })
  })
  test('the token, the socket and what tells of them belong to the owner alone', () => {
    const mode = (...names: string[]) => statSync(path.join(daemon.home, ...names)).mode & 0o777
    expect(mode()).toBe(0o700)
    for (const name of ['token', 'daemon.json']) expect([name, mode('run', name)]).toEqual([name, 0o600])
    expect(statSync(daemon.served.socket).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(daemon.served.socket)).mode & 0o777).toBe(0o700)
  })
})

describe('when a credential ends', () => {
  const openAll = async (secret: string) => {
    const { id } = await daemon.client.sessions.create({})
    const stream = (route: string) => fetch(`${daemon.url}${route}`, { headers: bearer(secret) })
    const streams = await Promise.all([stream(`/v1/sessions/${id}/events`), stream('/v1/events')])
    const readers = streams.map((one) => one.body!.getReader())
    for (const reader of readers) expect((await reader.read()).done).toBe(false)
    const peer = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/ws`, ['steward.v1', `bearer.${secret}`])
    await once(peer, 'open')
    const closed = once(peer, 'close') as Promise<[CloseEvent]>
    const frames = await openFrames(daemon.served.socket, daemon.token, ['delegated'])
    frames.send({ id: 1, subscribe: { sessionId: id }, as: secret })
    await frames.answer(1)
    return {
      async ended() {
        for (const reader of readers) for (let read = await reader.read(); !read.done;) read = await reader.read()
        expect((await closed)[0]).toMatchObject({ code: 4401 })
        let frame = await frames.answer(1)
        while (frame['event'] !== undefined || frame['cursor'] !== undefined) frame = await frames.answer(1)
        expect(frame['fault']).toMatchObject({ code: 'unauthenticated' })
        await frames[Symbol.asyncDispose]()
      },
    }
  }
  test('revoking a token ends its event streams, its WebSocket and what speaks for it at once', async () => {
    const { token, secret } = await make(['*'])
    const open = await openAll(secret)
    await daemon.client.tokens.revoke({ id: token.id })
    await open.ended()
  })
  test('a token that expires ends them by itself', async () => {
    const { secret } = await make(['*'], { expiresAt: later(1_500) })
    const open = await openAll(secret)
    await open.ended()
  })
  test('revoking a token revokes those it has made, and theirs', async () => {
    const first = await make(['tokens:write', 'sessions:read', 'system:read'])
    const by = async (secret: string) => {
      const answer = await ask(
        daemon,
        'POST',
        '/v1/tokens',
        { ...bearer(secret), 'content-type': 'application/json' },
        JSON.stringify({ name: 'c', scopes: ['tokens:write', 'system:read'] }),
      )
      return JSON.parse(answer.text) as { token: { id: string }; secret: string }
    }
    const second = await by(first.secret)
    const third = await by(second.secret)
    const other = await make(['system:read'])
    expect((await ask(daemon, anyCall.method, anyCall.path, bearer(third.secret))).status).toBe(200)
    await daemon.client.tokens.revoke({ id: first.token.id })
    for (const { secret } of [first, second, third])
      expectUnauthenticated(await ask(daemon, anyCall.method, anyCall.path, bearer(secret)), 'a revoked line')
    expect((await ask(daemon, anyCall.method, anyCall.path, bearer(other.secret))).status).toBe(200)
    const { items } = await daemon.client.tokens.list({ limit: 200 })
    const line = items.filter(({ id }) => [first, second, third].some(({ token }) => token.id === id))
    expect(line.map(({ revokedAt }) => revokedAt === null)).toEqual([false, false, false])
  })
})

test('wrong credentials are answered too_many after twenty in a minute, also under a forged forwarding address; the owner still gets in', async () => {
  const codes: (string | undefined)[] = []
  let last
  for (let n = 0; n < 25; n++) {
    last = await ask(daemon, anyCall.method, anyCall.path, {
      ...bearer(`stw_wrong${n}`),
      'x-forwarded-for': `10.0.0.${n}`,
      'x-real-ip': `10.1.0.${n}`,
      forwarded: `for=10.2.0.${n}`,
    })
    codes.push(last.code)
  }
  expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'unauthenticated'))
  expect(codes.slice(20)).toEqual(Array.from({ length: 5 }, () => 'too_many'))
  expect(Number(last!.headers['retry-after'])).toBeGreaterThan(0)
  expect((await forgiven()).status).toBe(200)
  expect((await ask(daemon, anyCall.method, anyCall.path, bearer('stw_wrong'))).code).toBe('unauthenticated')
})
