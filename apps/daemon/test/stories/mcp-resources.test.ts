import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { connectHost, newest } from '../mcp-client.ts'

let daemon: TestDaemon
beforeAll(async () => {
  daemon = await startDaemon()
  await daemon.client.skills.create({ name: 'pdf-forms', description: 'Fills PDF forms.', body: 'See references/how to.md.' })
  await daemon.client.skills.create({ name: 'letters', description: 'Writes letters.' })
  put('pdf-forms/references/how to.md', 'Like this.')
  put('pdf-forms/assets/dot.png', Buffer.from([0x89, 0x50, 0xff]))
  put('broken/SKILL.md', 'no skill')
})
afterAll(() => daemon[Symbol.asyncDispose]())
function put(file: string, text: string | Uint8Array): void {
  const at = path.join(daemon.skills, file)
  mkdirSync(path.dirname(at), { recursive: true })
  writeFileSync(at, text)
}

describe.each([
  ['in a session (revisions up to 2025-11-25)', {}],
  ['with requests that stand for themselves (revision 2026-07-28)', newest],
])('an MCP host %s', (_name, options) => {
  const connect = (token?: string) => connectHost(daemon, token, options)

  test('sees the skills that fit the standard as resources, and how their files are addressed', async () => {
    await using host = await connect()
    const { resources } = await host.client.listResources()
    expect(resources.filter(({ name }) => !name.startsWith('of-')).map(({ uri, mimeType, description }) => [uri, mimeType, description])).toEqual([
      ['skill://letters', 'text/markdown', 'Writes letters.'],
      ['skill://pdf-forms', 'text/markdown', 'Fills PDF forms.'],
    ])
    const { resourceTemplates } = await host.client.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['skill://{name}', 'skill://{name}/{+path}', 'memory://{id}'])
  })
  test('reads what is remembered for everyone, and not what an agent remembers for itself', async () => {
    await using host = await connect()
    const { id } = await daemon.client.memory.save({ text: 'The demo is on Friday.\nAt ten.', kind: 'fact', tags: ['demo'] })
    await daemon.client.memory.save({ text: 'For one agent alone.', agentId: 'agt_default' })
    const { resources } = await host.client.listResources()
    expect(resources.filter(({ uri }) => uri.startsWith('memory:'))).toMatchObject([
      { uri: `memory://${id}`, title: 'The demo is on Friday.', description: 'A fact about demo.' },
    ])
    const { contents } = await host.client.readResource({ uri: `memory://${id}` })
    expect(contents).toMatchObject([{ text: 'The demo is on Friday.\nAt ten.', mimeType: 'text/markdown' }])
    await expect(host.client.readResource({ uri: 'memory://mem_none' })).rejects.toMatchObject({ code: expect.any(Number) })
    await daemon.client.memory.delete({ id })
  })
  test('reads a skill and its files, and nothing else', async () => {
    await using host = await connect()
    const read = async (uri: string) => (await host.client.readResource({ uri })).contents[0] as any
    expect((await read('skill://pdf-forms')).text).toContain('See references/how to.md.')
    expect(await read('skill://pdf-forms/references/how%20to.md')).toMatchObject({ text: 'Like this.', mimeType: 'text/markdown' })
    expect(await read('skill://pdf-forms/assets/dot.png')).toMatchObject({
      blob: Buffer.from([0x89, 0x50, 0xff]).toString('base64'),
      mimeType: 'image/png',
    })
    for (const uri of [
      'skill://nothing',
      'skill://pdf-forms/nothing.md',
      'skill://pdf-forms/../letters/SKILL.md',
      'skill://pdf-forms/%2e%2e/letters/SKILL.md',
      'skill://..%2f..%2fetc/passwd',
      'skill://%zz',
      'file:///etc/passwd',
      'skill://',
    ])
      await expect(read(uri), uri).rejects.toMatchObject({ code: expect.any(Number) })
  })
  test('with a token that may not read skills sees none and reads none', async () => {
    const { secret } = await daemon.client.tokens.create({ name: 'Files', scopes: ['tools:read', 'executions:write', 'files:read'] })
    await using host = await connect(secret)
    expect((await host.client.listResources()).resources).toEqual([])
    expect((await host.client.listResourceTemplates()).resourceTemplates).toEqual([])
    await expect(host.client.readResource({ uri: 'skill://letters' })).rejects.toMatchObject({ code: expect.any(Number) })
  })
  test('hears that skills come, change and go, by whatever hand', async () => {
    let told = 0
    const name = options === newest ? 'of-new' : 'of-old'
    await using host = await connectHost(daemon, undefined, {
      ...options,
      listChanged: { resources: { autoRefresh: false, debounceMs: 0, onChanged: () => void told++ } },
    })
    const uris = async () => (await host.client.listResources()).resources.map(({ uri }) => uri)
    expect(await uris()).not.toContain(`skill://${name}`)
    await daemon.client.agents.create({ name: `Beside ${name}` })
    expect(told).toBe(0)
    put(`${name}/SKILL.md`, `---\nname: ${name}\ndescription: Comes by hand.\n---\n`)
    await expect.poll(() => told, { timeout: 15_000 }).toBeGreaterThan(0)
    expect(await uris()).toContain(`skill://${name}`)
    const before = told
    await daemon.client.skills.delete({ name })
    await expect.poll(() => told, { timeout: 15_000 }).toBeGreaterThan(before)
    expect(await uris()).not.toContain(`skill://${name}`)
  })
})
const change = async (name: string, body: string) => {
  const { etag } = await daemon.client.skills.get({ name })
  await daemon.client.skills.update({ name, etag: etag!, body })
}
test('a host of the newest revision that follows one skill is told of its changes and of no other’s', async () => {
  await using host = await connectHost(daemon, undefined, newest)
  const told: string[] = []
  host.client.setNotificationHandler('notifications/resources/updated', ({ params }) => void told.push(params.uri))
  const subscription = await host.client.listen({ resourceSubscriptions: ['skill://letters'] })
  await change('pdf-forms', 'Changed before.')
  await change('letters', 'Changed first.')
  await expect.poll(() => told, { timeout: 10_000 }).toEqual(['skill://letters'])
  await subscription.close()
})
test('a host that follows one skill in a session is told of its changes and of no other’s, until it has enough', async () => {
  await using host = await connectHost(daemon)
  const told: string[] = []
  host.client.setNotificationHandler('notifications/resources/updated', ({ params }) => void told.push(params.uri))
  await host.client.subscribeResource({ uri: 'skill://pdf-forms' })
  await host.client.subscribeResource({ uri: 'skill://pdf-forms/references/how%20to.md' })
  await expect(host.client.subscribeResource({ uri: 'other://x' })).rejects.toMatchObject({ code: expect.any(Number) })
  await change('letters', 'Other.')
  await change('pdf-forms', 'Changed.')
  await expect.poll(() => told, { timeout: 10_000 }).toEqual(['skill://pdf-forms', 'skill://pdf-forms/references/how%20to.md'])
  await host.client.unsubscribeResource({ uri: 'skill://pdf-forms' })
  await change('pdf-forms', 'Changed again.')
  await expect.poll(() => told.length, { timeout: 10_000 }).toBe(3)
  expect(told.at(-1)).toBe('skill://pdf-forms/references/how%20to.md')
})
test('a long list of resources goes by pages', async () => {
  const { items } = await daemon.client.skills.list({ limit: 200 })
  for (let at = items.length; at < 60; at++) put(`of-many-${at}/SKILL.md`, `---\nname: of-many-${at}\ndescription: One of many.\n---\n`)
  await expect.poll(async () => (await daemon.client.skills.list({ limit: 200 })).items.length, { timeout: 10_000 }).toBe(60)
  await using host = await connectHost(daemon)
  const first = await host.client.request({ method: 'resources/list', params: {} })
  expect(first.resources).toHaveLength(50)
  const second = await host.client.request({ method: 'resources/list', params: { cursor: first.nextCursor } })
  const uris = [...first.resources, ...second.resources].map(({ uri }: { uri: string }) => uri)
  expect(new Set(uris).size).toBe(59)
  expect(second.nextCursor).toBeUndefined()
  await expect(host.client.request({ method: 'resources/list', params: { cursor: 'nonsense' } })).rejects.toThrow('cursor')
})
