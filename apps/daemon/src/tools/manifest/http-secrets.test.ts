import { expect, test } from 'vitest'
import { echo, servedApp as served } from '../testing/served-app.ts'

const secret = 'sécret/token+1'

test('what a person is shown before says all but the secrets, and needs none to be set', async () => {
  await using app = await served(
    {
      method: 'POST',
      url: '{{settings.base}}/a/{{inputs.a}}',
      query: { key: '{{secrets.token}}', id: '{{call.id}}' },
      headers: { authorization: 'Basic {{secrets.user | base64}}' },
      body: { to: '{{inputs.b}}', pass: '{{secrets.token}}' },
    },
    echo,
    {},
    {},
  )
  const { base } = app
  expect(await app.preview({ a: 'x y', b: 'Ann' })).toBe(`POST ${base}/a/x%20y?key=[secret token]&id=[call id]\n{"to":"Ann","pass":"[secret token]"}`)
  expect(await app.targets({ a: 'x y' })).toEqual([{ kind: 'url', url: `${base}/a/x%20y?key=%5Bsecret%20token%5D&id=%5Bcall%20id%5D` }])
  await expect(app.call({ a: 'x' })).rejects.toMatchObject({
    message: expect.stringContaining('The secret app.token is not set. Set it with: steward secrets set app.token'),
  })
})
test('a secret that is said back is in no output, no error and no words, in whatever form it travels', async () => {
  const user = 'ann:pässword'
  const parts = {
    method: 'POST',
    query: { key: '{{secrets.token}}' },
    headers: { authorization: 'Basic {{secrets.user | base64}}', 'x-key': '{{secrets.token | urlencode}}' },
    body: { pass: 'p={{secrets.token}}', both: ['{{secrets.user}}'] },
  }
  const all = { token: secret, user }
  const forms = [secret, user, encodeURIComponent(secret), Buffer.from(user).toString('base64'), JSON.stringify(user).slice(1, -1)]
  const clean = (text: string) => forms.filter((form) => text.includes(form))
  for (const status of [200, 400]) {
    await using app = await served(
      parts,
      (seen, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ ...seen, [secret]: 1 })),
      {},
      all,
    )
    const told = await app.call().then(
      ({ output, text }) => JSON.stringify(output) + text,
      (error: Error) => error.message + String(error.cause),
    )
    expect(told).toContain('[redacted]')
    expect(clean(told)).toEqual([])
    expect(app.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from(user).toString('base64')}`)
  }
  await using dead = await served(parts, (_, response) => response.destroy(), {}, all)
  const error = await dead.call().catch((failure: Error) => failure)
  expect(clean(`${(error as Error).message}${(error as Error).stack}`)).toEqual([])
  await using broken = await served({ headers: { 'x-key': '{{secrets.token}}' } }, echo, {}, { token: 'qu1et\nv0lume' })
  await expect(broken.call()).rejects.toMatchObject({ code: 'invalid', message: expect.not.stringContaining('v0lume') })
})
test('a secret and a setting that change count at the next call', async () => {
  const secrets: Record<string, string> = { token: 'one-token' }
  await using app = await served({ headers: { 'x-key': '{{secrets.token}}' } }, echo, {}, secrets)
  await app.call()
  secrets['token'] = 'two-token'
  await app.call()
  expect(app.requests.map(({ headers }) => headers['x-key'])).toEqual(['one-token', 'two-token'])
})
