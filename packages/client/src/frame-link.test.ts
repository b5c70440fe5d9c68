import { expect, test } from 'vitest'
import { createLink, type Line } from './frame-link.ts'

test('a call that is made because the connection has come back is said once', async () => {
  const sent: string[] = []
  const lines: { cut(): void }[] = []
  const open = async (): Promise<Line> => {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const line = { send: (frame: string) => void sent.push(frame), cut: () => resolve(undefined), closed: promise }
    lines.push(line)
    return line
  }
  const flight = (name: string) => ({
    start: (send: (rest: Record<string, unknown>) => void) => send({ op: name }),
    receive: () => undefined,
    fail: () => undefined,
    again: () => true,
    patient: () => true,
  })
  let wasAway = false
  const link = createLink(open, { firstMs: 1, mostMs: 1, patienceMs: 1_000 } as never, ({ connected }) => {
    if (connected && wasAway) link.add(flight('again'))
    wasAway = !connected
  })
  link.add(flight('first'))
  await expect.poll(() => sent).toEqual(['{"id":1,"op":"first"}'])
  lines[0]?.cut()
  await expect.poll(() => lines.length).toBe(2)
  await expect.poll(() => sent.slice(1)).toEqual(['{"id":1,"op":"first"}', '{"id":2,"op":"again"}'])
  await link.close()
})
