import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fire } from '@steward/contract/daemon'
import { soak, createRandom } from '@steward/testkit'
import { afterAll, expect, test } from 'vitest'
import { beginDaemon, daemonEnv, type DaemonProcess } from './daemon-process.ts'

const everyMs = 1_000
const kills = soak(2, 50)
const random = createRandom()
const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-tasks-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function all<T>(daemon: DaemonProcess, route: string): Promise<T[]> {
  const found: T[] = []
  for (let cursor = ''; ;) {
    const { body } = await daemon.ask('GET', `${route}${route.includes('?') ? '&' : '?'}limit=200${cursor}`)
    found.push(...(body.items as T[]))
    if (body.nextCursor === null) return found
    cursor = `&cursor=${body.nextCursor}`
  }
}
test(
  `killed ${kills} times at any moment, every second fires once or is told as missed, and each fire did its deed once`,
  { timeout: 600_000 },
  async () => {
    const [home, workspace] = [path.join(root, 'home'), path.join(root, 'workspace')]
    mkdirSync(workspace)
    const start = () => beginDaemon(home, daemonEnv('http://127.0.0.1:9', workspace)).ready
    let daemon = await start()
    const ids: string[] = []
    for (let n = 0; n < 20; n++) {
      const { status, body } = await daemon.ask('POST', '/v1/tasks', {
        name: `Every second ${n}`,
        target: { kind: 'tool', toolId: 'files.list', inputs: {} },
        schedule: { kind: 'interval', everyMs },
        overlap: { parallel: 100 },
        missed: (['skip', 'one', 'all'] as const)[n % 3],
      })
      expect(status).toBe(201)
      ids.push(body.id as string)
    }
    for (let kill = 0; kill < kills; kill++) {
      await delay(random.int(1_000, 2_500))
      await daemon.kill()
      daemon = await start()
    }
    await delay(1_500)
    for (const id of ids) await daemon.ask('POST', `/v1/tasks/${id}/pause`)
    const seen: string[] = []
    const context = `seed ${random.seed}`
    for (const id of ids) {
      const open = async () => (await all<Fire>(daemon, `/v1/tasks/${id}/runs`)).filter(({ finishedAt }) => finishedAt === null)
      await expect.poll(open, { timeout: 60_000, interval: 200 }).toEqual([])
      const fires = (await all<Fire>(daemon, `/v1/tasks/${id}/runs`)).toSorted((a, b) => a.at.localeCompare(b.at))
      let next = Date.parse(fires[0]!.at)
      for (const { at, until, count, status, executionId, attempt } of fires) {
        expect(Date.parse(at), context).toBe(next)
        next = Date.parse(until ?? at) + everyMs
        expect((next - Date.parse(at)) / everyMs, context).toBe(count)
        if (status === 'missed') continue
        expect([status, attempt, executionId === null], context).toEqual(['completed', 1, false])
        seen.push(executionId!)
      }
    }
    const done = (await all<{ id: string }>(daemon, '/v1/history?toolId=files.list')).map(({ id }) => id)
    expect(seen.toSorted(), context).toEqual(done.toSorted())
    await daemon.stop()
  },
)
