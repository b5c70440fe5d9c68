import { expect, test } from 'vitest'
import { createLink, type Flight, type Line } from './frame-link.ts'

/** A connection that is cut when told, and remembers what was sent over it. */
function createLines() {
  const lines: { sent: { id: number; op: string }[]; cut(): void }[] = []
  return {
    lines,
    async open(): Promise<Line> {
      const { promise: closed, resolve } = Promise.withResolvers<undefined>()
      const sent: { id: number; op: string }[] = []
      lines.push({ sent, cut: () => resolve(undefined) })
      return { send: (frame) => void sent.push(JSON.parse(frame) as { id: number; op: string }), closed, cut: () => resolve(undefined) }
    },
  }
}
const flight = (op: string): Flight => ({
  start: (send) => send({ op }),
  receive: () => undefined,
  fail: () => undefined,
  again: () => true,
  patient: () => true,
})

test('what is asked when the connection has come back is sent once, after what had waited for it', async () => {
  const { lines, open } = createLines()
  let comes = 0
  const link = createLink(open, { patienceMs: 5_000, firstMs: 1, mostMs: 1 }, ({ connected }) => {
    if (connected && ++comes === 2) link.add(flight('fresh'))
  })
  link.add(flight('stream'))
  await expect.poll(() => lines[0]?.sent.length).toBe(1)
  lines[0]?.cut()
  await expect.poll(() => lines[1]?.sent.length).toBeGreaterThan(1)
  expect(lines[1]?.sent.map(({ op }) => op)).toEqual(['stream', 'fresh'])
  await link.close()
})
