import { expect, test } from 'vitest'
import { connectSocket, http, login, newAccount } from '@steward/testkit/relay'
import { hostRelay } from './host.ts'

test('after a restart of the relay a client is back by itself, and hears what it has missed', async () => {
  await using relay = await hostRelay()
  const token = await login(relay.url, newAccount())
  using api = http(relay.url, token)
  let since = 0
  using phone = await connectSocket(relay.url, () => ({ token, since }), { reconnect: true })
  await api.post('/v1/sessions', { tag: 'before', metadata: 'sealed' })
  since = (await phone.next(({ body }) => body.t === 'new-session')).seq
  await relay.restart()
  // A reason of the server's own would tell the existing clients to stay away.
  expect(await phone.closed).toBe('transport close')
  await api.post('/v1/sessions', { tag: 'after', metadata: 'sealed again' })
  expect(await phone.next(({ seq }) => seq === since + 1)).toMatchObject({ body: { t: 'new-session', metadata: 'sealed again' } })
})
