import { createServer } from 'node:net'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { protocol } from '@steward/contract/daemon'
import { openDirect } from '@steward/daemon'
import { tempDir } from '@steward/testkit'
import { expect, test } from 'vitest'
import { homeAt } from '../home.ts'
import { reach } from './reach.ts'

interface Frame {
  readonly op: string
  readonly input: unknown
  readonly key?: string
}
/** A daemon that takes one call, does with it what is said, and is gone without a word. */
async function dyingDaemon(home: string, does: (frame: Frame) => Promise<void>) {
  const frames: Frame[] = []
  const socket = path.join(home, 'run', 'dying.sock')
  const server = createServer((line) => {
    line.on('error', () => undefined)
    line.write(`${JSON.stringify({ hello: { protocol, features: ['bytes'], nonce: 'nonce' } })}\n`)
    const lines = createInterface({ input: line })
    lines.on('error', () => undefined)
    lines.on('line', (text) => {
      const frame = JSON.parse(text) as Frame
      if (frame.op === undefined) return
      frames.push(frame)
      server.close()
      void does(frame).then(() => line.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  writeFileSync(path.join(home, 'run', 'daemon.json'), JSON.stringify({ pid: process.pid, url: null, socket, version: '0', protocol, startedAt: '' }))
  return { frames }
}
const titles = async (home: string) => {
  const direct = await openDirect({ home })
  const { value } = await direct.call('sessions.list', {})
  await direct.close()
  return (value as { items: { title: string }[] }).items.map(({ title }) => title)
}
const cases = {
  'a call whose daemon is gone before it was done is done in this process': async () => undefined,
  'a call whose daemon is gone after it was done is not done again, and has its answer': async (home: string, { op, input, key }: Frame) => {
    const direct = await openDirect({ home })
    await direct.call(op, input, { key: key! })
    await direct.close()
  },
}
test.for(Object.entries(cases))('%s', async ([, does]) => {
  await using dir = await tempDir('steward-reach-')
  const home = homeAt(path.join(dir.path, 'home'))
  await (await openDirect({ home: home.path })).close()
  const daemon = await dyingDaemon(home.path, (frame) => does(home.path, frame))
  const way = await reach({ home })
  const made = (await way.call('sessions.create', { title: 'once' })) as { id: string; title: string }
  await way.close()
  expect(made.title).toBe('once')
  expect(daemon.frames).toEqual([expect.objectContaining({ op: 'sessions.create', key: expect.any(String) })])
  expect(await titles(home.path)).toEqual(['once'])
})
test('a command that works without a daemon leaves its process id, so that others can say who holds the home', async () => {
  await using dir = await tempDir('steward-reach-')
  const home = homeAt(path.join(dir.path, 'home'))
  const way = await reach({ home })
  expect(readFileSync(path.join(home.path, 'run', 'holder'), 'utf8').trim()).toBe(String(process.pid))
  await expect(openDirect({ home: home.path })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`process ${process.pid}`),
  })
  await way.close()
})
