import { setImmediate as turn } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import { expect, test } from 'vitest'
import { contract, createNotebook, ownerToken } from '../../test/notes.ts'
import type { FeedItem } from '../feed.ts'
import { serveFirstFrame, type Begin } from './first-frame.ts'

const item = (name: string): FeedItem => ({ kind: 'event', name, json: JSON.stringify({ name }), cursor: `e1.n${name}` })
/** One connection whose peer writes down what it hears. `behind`: it takes nothing more after so many frames. */
function connect(begin: Begin, { behind = Infinity, takes = true } = {}) {
  const notebook = createNotebook()
  const heard: Record<string, unknown>[] = []
  const closed = Promise.withResolvers<{ code: number; reason: string }>()
  const options = { ...notebook, contract, report: (error: unknown) => void notebook.reports.push(error), maxUploadBytes: () => 1_000 }
  const session = serveFirstFrame(options, begin)(
    {
      send: (frame) => heard.push(JSON.parse(frame) as Record<string, unknown>) < behind,
      drained: async () => takes,
      end: (code, reason) => closed.resolve({ code, reason }),
    },
    notebook.authenticator.authenticate({ token: ownerToken }, 'ws'),
  )
  const say = (frame: unknown) => session.receive(typeof frame === 'string' ? frame : JSON.stringify(frame))
  return { session, say, heard, closed: closed.promise, reports: notebook.reports }
}
const begun =
  (...names: string[]): Begin =>
  async (_caller, frame) => ({
    answer: frame,
    items: (async function* () {
      for (const name of names) yield [item(name)]
    })(),
  })

test('the first frame is answered, its events follow under the same id, and the socket closes when they end', async () => {
  const peer = connect(begun('a', 'b'))
  peer.say({ what: 'begin' })
  expect(await peer.closed).toEqual({ code: 1000, reason: '' })
  expect(peer.heard).toEqual([
    { id: 0, ok: { what: 'begin' } },
    { id: 0, event: { name: 'a' }, cursor: 'e1.na' },
    { id: 0, event: { name: 'b' }, cursor: 'e1.nb' },
  ])
  expect(peer.session.following()).toBe(false)
})
test('the frames after it are served as on every socket, and what was asked for last is answered before the close', async () => {
  const gate = Promise.withResolvers<void>()
  const peer = connect(async () => ({
    answer: 'begun',
    items: (async function* () {
      await gate.promise
      yield [item('end')]
    })(),
  }))
  peer.say({})
  peer.say({ id: 1, op: 'notes.add', input: { text: 'x' } })
  await expect.poll(() => peer.heard.length).toBe(2)
  expect(peer.heard).toContainEqual({ id: 1, ok: expect.objectContaining({ text: 'x' }) })
  expect(peer.session.following()).toBe(true)
  gate.resolve()
  peer.say({ id: 2, op: 'notes.add', input: { text: 'y' } })
  peer.say('nonsense')
  await peer.closed
  expect(peer.heard.map(({ id }) => id)).toEqual(expect.arrayContaining([0, 0, 1, 2, 0]))
  expect(peer.heard).toContainEqual(expect.objectContaining({ id: 0, fault: expect.objectContaining({ code: 'invalid' }) }))
})
const refused = (fault: unknown): Begin => {
  return async () => {
    throw fault
  }
}
test.each<[string, Begin, unknown, number, string]>([
  ['is no JSON', begun(), 'nonsense', 4400, 'invalid'],
  ['is no object', begun(), [1], 4400, 'invalid'],
  ['is nested too deep', begun(), `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 4400, 'invalid'],
  ['has a prototype', begun(), '{"__proto__":{}}', 4400, 'invalid'],
  ['asks for what is not there', refused(new Fault('not_found', 'There is none.')), {}, 4404, 'not_found'],
  ['asks for what it may not', refused(new Fault('forbidden', 'No.')), {}, 4403, 'forbidden'],
  ['breaks something inside', refused(new Error('a secret detail')), {}, 4500, 'internal'],
])('a first frame that %s is told so, and the close code says it too', async (_what, begin, frame, code, fault) => {
  const peer = connect(begin)
  peer.say(frame)
  expect(await peer.closed).toEqual({ code, reason: fault })
  expect(peer.heard).toEqual([{ id: 0, fault: expect.objectContaining({ code: fault, requestId: expect.stringMatching(/^req_/) }) }])
  expect(JSON.stringify(peer.heard)).not.toContain('secret')
  expect(peer.reports).toHaveLength(fault === 'internal' ? 1 : 0)
})
test('a peer that does not read is given up, and one that goes away ends the stream alone', async () => {
  let stopped = 0
  let gone: AbortSignal | undefined
  const endless: Begin = async (_caller, _frame, { signal }) => {
    gone = signal
    return {
      answer: null,
      items: (async function* () {
        try {
          for (;;) {
            yield [item('again')]
            await turn()
          }
        } finally {
          stopped++
        }
      })(),
    }
  }
  const stalled = connect(endless, { behind: 5, takes: false })
  stalled.say({})
  await expect.poll(() => stopped).toBe(1)
  expect(stalled.heard).toHaveLength(5)
  const left = connect(endless, { behind: 5 })
  left.say({})
  await expect.poll(() => left.heard.length).toBeGreaterThan(5)
  await left.session.close()
  expect(stopped).toBe(2)
  expect(gone?.aborted).toBe(true)
})
