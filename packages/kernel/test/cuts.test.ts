import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { StreamItem } from '@steward/contract'
import { spliceText } from '@steward/client'
import { expect, test } from 'vitest'
import { createCuttingProxy } from './cutting-proxy.ts'
import { createNotebook } from './notes.ts'
import { senders, serveNotebook } from './serve.ts'

type Door = keyof typeof senders
async function through(door: Door) {
  const served = await serveNotebook()
  const proxy = await createCuttingProxy(door === 'ipc' ? served.socket : new URL(served.url).port)
  const sender = senders[door](proxy.url, proxy.socket)
  return {
    served,
    proxy,
    sender,
    async close() {
      await sender.close()
      await proxy.close()
      await served.close()
    },
  }
}
/** Reads a stream until `enough` says so. */
async function read(items: AsyncIterable<StreamItem>, each: (item: StreamItem) => boolean | void): Promise<void> {
  for await (const item of items) if (each(item) === true) return
}
const doors: Door[] = ['http', 'ws', 'ipc']
for (const door of doors) {
  test(`a stream over ${door} that is cut after every single event goes on without a gap or a double`, async () => {
    const { served, proxy, sender, close } = await through(door)
    for (let n = 1; n <= 12; n++) served.tell('note.added', { n, text: 'é😀' }, 'book')
    served.tell('note.added', { n: 0 }, 'other')
    const seen: number[] = []
    await read(sender.events({ sessionId: 'book' }), (item) => {
      if (!('event' in item)) return false
      seen.push((item.event.data as { n: number }).n)
      if (seen.length === 24) return true
      proxy.cutNow()
      if (seen.length >= 12) served.tell('note.added', { n: seen.length + 1, text: 'later' }, 'book')
      return false
    })
    expect(seen).toEqual(Array.from({ length: 24 }, (_, at) => at + 1))
    await close()
  })
  test(`a stream over ${door} that is cut at any byte goes on without a gap or a double`, async () => {
    const { served, proxy, sender, close } = await through(door)
    for (let n = 1; n <= 6; n++) served.tell('note.added', { n, text: 'é😀' }, 'book')
    for (let bytes = 1; bytes < 1_500; bytes += 37) {
      proxy.cutNow()
      proxy.cutAfter(bytes)
      const seen: number[] = []
      await read(sender.events({ sessionId: 'book' }), (item) => {
        if ('event' in item) seen.push((item.event.data as { n: number }).n)
        return seen.length === 6
      })
      expect(seen).toEqual([1, 2, 3, 4, 5, 6])
    }
    expect(proxy.cuts()).toBeGreaterThan(20)
    await close()
  })
  test(`a write over ${door} whose answer is lost on the way is asked again and done once`, async () => {
    const { served, proxy, sender, close } = await through(door)
    for (let n = 0; n < 15; n++) {
      proxy.cutNow()
      proxy.cutAfter(1 + n * 40)
      expect(await sender.call('notes.add', { text: `note ${n}` })).toMatchObject({ id: `note_${n + 1}`, text: `note ${n}` })
    }
    expect([...served.notes.values()].map(({ text }) => text)).toEqual(Array.from({ length: 15 }, (_, n) => `note ${n}`))
    await close()
  })
  test(`an upload over ${door} that is cut is sent again, and one that cannot be is a fault that says so`, async () => {
    const { served, proxy, sender, close } = await through(door)
    proxy.cutAfter(20)
    const bytes = Buffer.alloc(900_000, 'x')
    expect(await sender.upload('sheets.upload', { name: 'a' }, bytes)).toMatchObject({ size: 900_000 })
    proxy.cutNow()
    proxy.cutAfter(20)
    async function* once() {
      yield bytes
    }
    await expect(sender.upload('sheets.upload', { name: 'b' }, once())).rejects.toMatchObject({ code: 'unavailable', retryable: false })
    expect(served.log.filter(({ item }) => item.name === 'sheet.uploaded' && item.json.includes('"a"'))).toHaveLength(1)
    await close()
  })
  test(`a stream over ${door} goes on over a restart of the server`, async () => {
    const notebook = createNotebook()
    const folder = await mkdtemp(path.join(tmpdir(), 'restart-'))
    const first = await serveNotebook({}, notebook, 0, folder)
    const sender = senders[door](first.url, first.socket)
    notebook.tell('note.added', { n: 1 }, 'book')
    const seen: number[] = []
    let second: ReturnType<typeof serveNotebook> | undefined
    await read(sender.events({ sessionId: 'book' }), (item) => {
      if (!('event' in item)) return false
      seen.push((item.event.data as { n: number }).n)
      second ??= first.close().then(() => {
        notebook.tell('note.added', { n: 2 }, 'book')
        return serveNotebook({}, notebook, Number(new URL(first.url).port), folder)
      })
      return seen.length === 2
    })
    expect(seen).toEqual([1, 2])
    await sender.close()
    await (await second)?.close()
    await rm(folder, { recursive: true, force: true })
  })
  test(`flashes, resets and bare cursors come over ${door} as what they are, and the reader's end frees the server`, async () => {
    const { served, sender, close } = await through(door)
    served.tell('note.added', { n: 1 }, 'book')
    served.tell('other.thing', { n: 2 }, 'book')
    const items: StreamItem[] = []
    const text = spliceText()
    await read(sender.events({ sessionId: 'book', names: ['note.added', 'token'], after: 'e0.n7' }), (item) => {
      items.push(item)
      if ('cursor' in item && !('event' in item)) served.flash({ messageId: 'm', offset: 0, text: 'Hi 😀' }, 'book')
      if ('flash' in item) text.splice(0, (item.flash.data as { text: string }).text)
      return 'flash' in item
    })
    expect(items).toMatchObject([
      { reset: 'e1.n0' },
      { event: { name: 'note.added' }, cursor: 'e1.n1' },
      { cursor: 'e1.n2' },
      { flash: { name: 'token' } },
    ])
    expect(text.text).toBe('Hi 😀')
    await expect.poll(served.readers).toBe(0)
    await close()
  })
  test(`a refused stream over ${door} is the daemon's own fault at the reader`, async () => {
    const { sender, close } = await through(door)
    const all = async (follow: Parameters<typeof sender.events>[0]) => read(sender.events(follow), () => false)
    await expect(all({ sessionId: 'nowhere' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(all({ after: 'nonsense' })).rejects.toMatchObject({ code: 'invalid' })
    await close()
  })
}
test('a reader that is slow over WebSocket holds a bounded queue and still gets every event in order', async () => {
  const { served, sender, close } = await through('ws')
  const most = 9_000
  for (let n = 1; n <= most; n++) served.tell('note.added', { n }, 'book')
  const seen: number[] = []
  for await (const item of sender.events({ sessionId: 'book' })) {
    if (!('event' in item)) continue
    seen.push((item.event.data as { n: number }).n)
    if (seen.length % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
    if (seen.length === most) break
  }
  expect(seen).toEqual(Array.from({ length: most }, (_, at) => at + 1))
  await close()
})
