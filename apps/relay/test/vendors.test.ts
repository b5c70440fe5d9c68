import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { http, login, newAccount } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { defaults, openRelay } from '../src/index.ts'
import { onMainKinds } from './kinds.ts'

onMainKinds((begin) => {
  test('a vendor that one device connects is there for the others until one disconnects it', async () => {
    const relay = await begin()
    const { api, elsewhere, socketElsewhere } = await relay.account()
    const phone = await socketElsewhere()
    const token = JSON.stringify({ access_token: 'geheim', n: 1 })
    expect((await api.get('/v1/connect/gemini/token')).body).toEqual({ token: null })
    expect((await api.post('/v1/connect/gemini/register', { token: 'old' })).body).toEqual({ success: true })
    expect((await api.post('/v1/connect/gemini/register', { token })).body).toEqual({ success: true })
    await api.post('/v1/connect/anthropic/register', { token: 'sk' })
    expect((await elsewhere.get('/v1/connect/gemini/token')).body).toEqual({ token })
    const tokens = [
      { vendor: 'anthropic', token: 'sk' },
      { vendor: 'gemini', token },
    ]
    expect((await elsewhere.get('/v1/connect/tokens')).body).toEqual({ tokens })
    expect((await elsewhere.get('/v1/account/profile')).body).toMatchObject({ connectedServices: ['anthropic', 'gemini'] })
    for (let times = 0; times < 2; times++) {
      const removed = await elsewhere.delete('/v1/connect/gemini')
      expect([removed.status, removed.body]).toEqual([200, { success: true }])
    }
    expect((await api.get('/v1/connect/gemini/token')).body).toEqual({ token: null })
    await phone.next(({ seq }) => seq === 3)
    expect(phone.updates.map(({ body }) => body['connectedServices'])).toEqual([['gemini'], ['anthropic', 'gemini'], ['anthropic']])
    expect(JSON.stringify(phone.updates)).not.toContain('geheim')
    expect(relay.reported).toEqual([])
  })
})

test('a vendor token lies on disk sealed, and under another master secret it counts as not there', async () => {
  const home = mkdtempSync(path.join(os.tmpdir(), 'relay-'))
  const account = newAccount()
  const open = (secret: string) => openRelay({ ...defaults, home, port: 0, secret }, () => undefined, '0.0.0')
  const first = await open(randomBytes(32).toString('base64url'))
  const api = http(first.url, await login(first.url, account))
  await api.post('/v1/connect/openai/register', { token: 'token-in-plain-words' })
  expect((await api.get('/v1/connect/openai/token')).body).toEqual({ token: 'token-in-plain-words' })
  const files = readdirSync(home, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [readFileSync(path.join(home, entry.name))] : []))
  expect(files.some((bytes) => bytes.includes('openai'))).toBe(true)
  expect(files.some((bytes) => bytes.includes('token-in-plain-words'))).toBe(false)
  await first.close()
  const second = await open(randomBytes(32).toString('base64url'))
  const later = http(second.url, await login(second.url, account))
  expect((await later.get('/v1/connect/openai/token')).body).toEqual({ token: null })
  expect((await later.get('/v1/connect/tokens')).body).toEqual({ tokens: [] })
  await second.close()
  rmSync(home, { recursive: true, force: true })
})
