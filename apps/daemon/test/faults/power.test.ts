import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { WireEvent } from '@steward/contract'
import { soak, tempDir, createRandom, type Random } from '@steward/testkit'
import { expect, test } from 'vitest'
import { baseSchema } from '../../src/platform/storage/base-schema.ts'
import type { LogLetter } from '../../src/platform/storage/event-log.ts'
import { databaseFiles, openStore } from '../../src/platform/storage/store.ts'
import { openStores } from '../../src/stores.ts'
import { model, startDaemon, type TestDaemon } from '../kit.ts'
import { createPowerCut } from './power-cut.ts'
import { createScript, order } from './scenarios.ts'

const cuts = soak(3, 50)
const seed = createRandom().seed
const files = Object.values(databaseFiles)

/** Everything that somebody was told, so far. */
interface Lists {
  readonly sessions: string[]
  readonly messages: { id: string; text: string }[]
  readonly agents: string[]
  readonly tokens: string[]
  readonly cancelled: string[]
  readonly events: WireEvent[]
}
function createTold() {
  const lists: Lists = { sessions: [], messages: [], agents: [], tokens: [], cancelled: [], events: [] }
  let told = Promise.withResolvers<void>()
  return {
    lists,
    note<K extends keyof Lists>(name: K, item: Lists[K][number]) {
      const list: Lists[K][number][] = lists[name]
      list.push(item)
      told.resolve()
      told = Promise.withResolvers<void>()
    },
    /** Resolves at the very moment when somebody is told something more. */
    next: () => told.promise,
    copy: (): Lists => ({
      sessions: [...lists.sessions],
      messages: [...lists.messages],
      agents: [...lists.agents],
      tokens: [...lists.tokens],
      cancelled: [...lists.cancelled],
      events: [...lists.events],
    }),
  }
}
type Told = ReturnType<typeof createTold>
/** Clients that write to all three databases and note what they were answered, until they are told to stop. */
async function keepBusy(daemon: TestDaemon, told: Told, random: Random, stop: AbortSignal): Promise<void> {
  const { client } = daemon
  let tag = 0
  const kinds = ['stream', 'reason', 'shell', 'read', 'write', 'plain'] as const
  const talk = async () => {
    const { id } = await client.sessions.create({ model, permissionMode: 'auto' })
    told.note('sessions', id)
    let last = ''
    for (let left = random.int(1, 4); left > 0 && !stop.aborted; left--) {
      const text = order(random.pick(kinds), `p${++tag}`)
      const { messageId, runId } = await client.messages.send({ sessionId: id, text })
      told.note('messages', { id: messageId, text })
      last = runId
      await delay(random.int(0, 60))
      if (random.chance(0.15) && (await client.runs.cancel({ id: runId })).status === 'cancelled') told.note('cancelled', runId)
    }
    // The work of the clients must not run ahead of the daemon's.
    if (last !== '' && !stop.aborted) await daemon.runUntil(last)
  }
  const configure = async () => {
    const name = `n${++tag}`
    if (random.chance(0.5)) told.note('agents', (await client.agents.create({ name, instructions: name })).id)
    else told.note('tokens', (await client.tokens.create({ name, scopes: ['sessions:read'] })).token.id)
    await delay(random.int(0, 10))
  }
  const repeat = async (work: () => Promise<void>) => {
    while (!stop.aborted) await work()
  }
  await Promise.all([repeat(talk), repeat(talk), repeat(configure)])
}
const letterOf = (event: WireEvent) => event.id.slice(4, 5) as LogLetter

/** The folder that a power cut has left holds everything that anybody was told. */
async function checkFolder(home: string, told: Lists): Promise<void> {
  const stores = await openStores(home)
  const { chat, agents, settings } = stores
  try {
    for (const { db } of Object.values(stores)) expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    for (const id of told.sessions) expect(chat.db.prepare('SELECT count(*) AS n FROM sessions WHERE id = ?').get(id), id).toEqual({ n: 1 })
    for (const { id, text } of told.messages) expect(chat.db.prepare('SELECT text FROM messages WHERE id = ?').get(id), id).toEqual({ text })
    for (const id of told.cancelled) expect(chat.db.prepare('SELECT status FROM runs WHERE id = ?').get(id), id).toEqual({ status: 'cancelled' })
    for (const id of told.agents) expect(agents.db.prepare('SELECT count(*) AS n FROM agents WHERE id = ?').get(id), id).toEqual({ n: 1 })
    for (const id of told.tokens) expect(settings.db.prepare('SELECT count(*) AS n FROM tokens WHERE id = ?').get(id), id).toEqual({ n: 1 })
    const logs = { c: chat.log, a: agents.log, s: settings.log }
    const kept = new Map<string, unknown>()
    for (const log of Object.values(logs))
      for (const { json } of log.read(0, 1_000_000)) kept.set((JSON.parse(json) as WireEvent).id, JSON.parse(json))
    for (const event of told.events) expect(kept.get(event.id), `the event ${event.id} (${event.name}, ${letterOf(event)}) was shown`).toEqual(event)
  } finally {
    for (const store of Object.values(stores)) await store.close()
  }
}

test(
  `a power cut at any of ${cuts} random moments loses nothing that was answered or shown (seed ${seed})`,
  { timeout: 60_000 + cuts * 5_000 },
  async () => {
    const random = createRandom(seed)
    await using root = await tempDir('steward-power-')
    const home = path.join(root.path, 'home')
    const workspace = path.join(root.path, 'workspace')
    mkdirSync(home)
    const grid = createPowerCut(home, files, random)
    const { script } = createScript({ lines: path.join(workspace, 'lines.log') })
    await using daemon = await startDaemon({ home, workspace, turns: script, sync: grid.sync })
    const told = createTold()
    const over = new AbortController()
    const reading = (async () => {
      for await (const item of daemon.client.follow({}, over.signal)) if ('event' in item) told.note('events', item.event)
    })()
    const busy = keepBusy(daemon, told, random, over.signal)
    busy.catch(() => over.abort())
    const began = performance.now()
    let looked = 0
    try {
      for (let at = 0; at < cuts; at++) {
        await delay(random.int(20, 200))
        // The worst moment is the one right after an answer.
        if (random.chance(0.8)) await told.next()
        const left = path.join(root.path, `cut-${at}`)
        grid.cut(left)
        const known = told.copy()
        await checkFolder(left, known)
        looked += known.events.length + known.messages.length
        // And a daemon carries on from there: every run comes to its end.
        if (at % 5 === 0) await carriesOn(left, path.join(root.path, `workspace-${at}`), script)
        rmSync(left, { recursive: true })
      }
    } catch (error) {
      throw new Error(`Seed ${seed} (STEWARD_SEED=${seed}): ${(error as Error).message}`, { cause: error })
    } finally {
      over.abort()
      await Promise.allSettled([reading, busy])
    }
    await busy
    expect(told.lists.events.length).toBeGreaterThan(cuts)
    console.log(
      `power cuts: ${JSON.stringify({ seed, cuts, syncs: grid.syncs(), told: told.lists.messages.length + told.lists.events.length, looked, seconds: Math.round((performance.now() - began) / 1_000) })}`,
    )
  },
)
async function carriesOn(home: string, workspace: string, turns: ReturnType<typeof createScript>['script']): Promise<void> {
  await using daemon = await startDaemon({ home, workspace, turns })
  // In the order in which a run goes through them, so that none is missed on its way.
  const open: string[] = []
  for (const status of ['queued', 'running', 'waiting'])
    open.push(...(await daemon.ask('GET', `/v1/runs?status=${status}&limit=200`)).body.items.map(({ id }: { id: string }) => id))
  for (const id of open) expect(['completed', 'cancelled'], `${id} comes to its end after the cut`).toContain((await daemon.runUntil(id)).status)
  expect((await daemon.ask('GET', '/v1/status')).body.runs).toEqual({ running: 0, queued: 0, waiting: 0 })
}

test(`a power cut while checkpoints move the WAL into the file loses nothing either (seed ${seed})`, { timeout: 60_000 + cuts * 5_000 }, async () => {
  const random = createRandom(seed)
  await using root = await tempDir('steward-power-')
  const home = path.join(root.path, 'home')
  mkdirSync(home)
  const grid = createPowerCut(home, [databaseFiles.chat], random, 3)
  const migrations = [
    { version: 1, up: `${baseSchema} CREATE TABLE things (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL) STRICT;` },
  ]
  const store = await openStore(home, 'chat', migrations, grid.sync)
  const put = store.db.prepare('REPLACE INTO things (id, version, body) VALUES (?, ?, randomblob(?))')
  /** The newest version of each thing that was answered. */
  const answered = new Map<number, number>()
  let version = 0
  let most = 0
  for (let at = 0; at < cuts * 4; at++) {
    const work = Array.from({ length: random.int(1, 12) }, async () => {
      const id = random.int(0, 20)
      const mine = ++version
      store.log.commit(() => void put.run(id, mine, random.int(10, 300_000)))
      await store.log.durable()
      answered.set(id, Math.max(mine, answered.get(id) ?? 0))
    })
    most = Math.max(most, store.walBytes())
    store.checkpoint()
    if (random.chance(0.5)) await Promise.race(work)
    await delay(random.int(0, 12))
    const left = path.join(root.path, `cut-${at}`)
    grid.cut(left)
    const known = [...answered]
    const restored = await openStore(left, 'chat', migrations)
    const kept = new Map(
      restored.db
        .prepare('SELECT id, version FROM things')
        .all()
        .map((row) => [Number(row['id']), Number(row['version'])]),
    )
    const lost = known.filter(([id, least]) => (kept.get(id) ?? 0) < least)
    expect(lost, `cut ${at} of seed ${seed}`).toEqual([])
    expect(restored.db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    await restored.close()
    rmSync(left, { recursive: true })
    await Promise.all(work)
  }
  expect(most, 'checkpoints were due').toBeGreaterThan(4 * 1024 * 1024)
  expect(grid.begunAnew(), 'the WAL was begun anew').toBeGreaterThan(0)
  await store.close()
})
