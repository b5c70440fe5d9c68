import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { http, login } from '@steward/testkit/relay'
import { tempDir, until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { startRelay } from './start.ts'

test('what has ended leaves nothing behind: challenges, waiting keys, devices', async () => {
  await using home = await tempDir('relay-sweep-')
  const lives = { tokenLifeMs: 3_000, pairingLifeMs: 100, challengeLifeMs: 1_000, sweepEveryMs: 50, deviceTrustMs: 100 }
  const relay = await startRelay({ home: home.path, ...lives })
  const database = new DatabaseSync(path.join(home.path, 'relay.db'), { readOnly: true })
  const rows = (table: string, where = '1 = 1') => Number(database.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`).get()?.['n'])
  try {
    const { api, account } = await relay.account()
    const revoked = await login(relay.url, account)
    using second = http(relay.url, revoked)
    await second.post('/v1/auth/logout', {})
    const { body } = await api.post<{ challenge: string }>('/v1/auth/request', {})
    const signature = Buffer.from(account.sign(Buffer.from(`steward-relay/login/1\n${body.challenge}`))).toString('base64')
    expect((await api.post('/v1/auth/response', { publicKey: account.publicKey, challenge: body.challenge, signature })).status).toBe(200)
    await api.post('/v1/auth/request', { publicKey: Buffer.alloc(32, 1).toString('base64') })
    await until(() => rows('devices', 'revoked_at IS NOT NULL') === 0 && rows('pairings') === 0 && rows('devices') === 2)
    await until(() => rows('devices') === 0)
    // The two challenges that the client made itself are remembered for ever: they could be sent again for ever.
    expect(rows('used_challenges')).toBe(2)
    expect(rows('accounts')).toBe(1)
  } finally {
    database.close()
    await relay.stop()
  }
})
