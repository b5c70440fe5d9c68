import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHome, createRoomHarness, type RoomHarness } from '../../../test/room-harness.ts'
import { finishRestore, restoreBackup } from '../../platform/backup/restore.ts'
import { openDatabase } from '../../platform/storage/database.ts'

let rooms: RoomHarness
let home: string
let dispose: () => void
let closed = false
beforeEach(async () => {
  ;({ home, dispose } = createHome())
  rooms = await createRoomHarness({ home })
  closed = false
})
afterEach(async () => {
  await stop()
  dispose()
})
const stop = async () => {
  if (!closed) await rooms.close()
  closed = true
}
const restart = async () => {
  rooms = await createRoomHarness({ home })
  closed = false
}
async function* body(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
const upload = (text: string) => rooms.ask('files.upload', { name: text }, { body: body(text) })
const textOf = async (id: string) => {
  const file = rooms.files.find(id)
  let text = ''
  for await (const chunk of file ? rooms.files.open(file) : []) text += Buffer.from(chunk).toString()
  return text
}

test('a backup holds all data, is whole, is listed and announced, and can be deleted', async () => {
  await rooms.ask('agents.create', { name: 'Scribe' })
  await upload('bytes')
  const made = await rooms.ask('backups.create', {})
  expect(made).toMatchObject({ path: path.join(home, 'backups', made.name), files: 1 })
  expect(readdirSync(made.path).toSorted()).toEqual([
    'agents.db',
    'audit.key',
    'chat_history.db',
    'files',
    'manifest.json',
    'secret.key',
    'settings.db',
  ])
  expect(statSync(made.path).mode & 0o077).toBe(0)
  expect(statSync(path.join(made.path, 'secret.key')).mode & 0o077).toBe(0)
  expect(await rooms.ask('backups.verify', { path: made.path })).toEqual({ intact: true, faults: [], databases: 3, files: 1 })
  expect(await rooms.ask('backups.verify', { path: made.name })).toMatchObject({ intact: true })
  expect((await rooms.ask('backups.list', {})).items).toEqual([made])
  await rooms.ask('backups.delete', { name: made.name })
  expect(existsSync(made.path)).toBe(false)
  expect(await rooms.refusal('backups.delete', { name: made.name })).toMatchObject({ code: 'not_found' })
  const { items } = await rooms.ask('events.list', { log: 'agents' })
  expect(items.map(({ name }) => name).filter((name) => name.startsWith('backup.'))).toEqual(['backup.created', 'backup.deleted'])
})
test('the three databases of a backup are of one moment although writers go on', async () => {
  // Each round writes its number first to chat, then to settings: in one moment chat is as far as settings or one ahead.
  rooms.addSession('ses_1')
  const end = new AbortController()
  const write = async () => {
    for (let round = 1; !end.signal.aborted; round++) {
      rooms.logs.chat.commit((emit) => emit('session.renamed', { title: String(round).padEnd(2_000, ' ') }, { sessionId: 'ses_1' }))
      if (round % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
      rooms.logs.settings.commit((emit) => emit('provider.changed', { id: String(round), removed: false }))
      if (round % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const writing = write()
  for (let n = 0; n < 5; n++) {
    const { path: folder } = await rooms.ask('backups.create', {})
    const count = (file: string, name: string) => {
      const db = openDatabase(path.join(folder, file))
      const { n: found } = db.prepare('SELECT count(*) AS n FROM events WHERE name = ?').get(name) as { n: number }
      db.close()
      return found
    }
    const [chat, settings] = [count('chat_history.db', 'session.renamed'), count('settings.db', 'provider.changed')]
    expect(chat).toBeGreaterThan(0)
    expect([0, 1]).toContain(chat - settings)
  }
  end.abort()
  await writing
  const { items } = await rooms.ask('backups.list', { limit: 3 })
  expect(items).toHaveLength(3)
})
test('every kind of damage to a backup is found', async () => {
  const { sha256 } = await upload('bytes')
  const damage: [string, (folder: string) => void][] = [
    ['missing', (folder) => rmSync(path.join(folder, 'settings.db'))],
    ['checksum', (folder) => writeFileSync(path.join(folder, 'files', sha256.slice(0, 2), sha256), 'bytez')],
    ['bytes', (folder) => appendFileSync(path.join(folder, 'agents.db'), 'x')],
    ['not JSON', (folder) => writeFileSync(path.join(folder, 'manifest.json'), '{')],
    ['no manifest.json', (folder) => rmSync(path.join(folder, 'manifest.json'))],
    [
      'damaged',
      (folder) => writeFileSync(path.join(folder, 'chat_history.db'), Buffer.alloc(statSync(path.join(folder, 'chat_history.db')).size, 7)),
    ],
  ]
  for (const [what, harm] of damage) {
    const { path: folder } = await rooms.ask('backups.create', {})
    // The copy shares its bytes with the original: break the tie first.
    const file = path.join(folder, 'files', sha256.slice(0, 2), sha256)
    const text = readFileSync(file)
    rmSync(file)
    writeFileSync(file, text)
    harm(folder)
    const verdict = await rooms.ask('backups.verify', { path: folder })
    expect(verdict.intact).toBe(false)
    expect(verdict.faults.join(' ')).toContain(what)
  }
  expect(await rooms.ask('backups.verify', { path: '/nowhere/at/all' })).toMatchObject({ intact: false })
})
test('a backup goes to a folder of your choice outside the data, and never over another', async () => {
  const outside = createHome()
  const to = path.join(outside.home, 'copy')
  expect(await rooms.ask('backups.create', { path: to })).toMatchObject({ name: 'copy', path: to })
  expect(await rooms.refusal('backups.create', { path: to })).toMatchObject({ code: 'conflict' })
  expect(await rooms.refusal('backups.create', { path: 'copy' })).toMatchObject({ code: 'unprocessable' })
  expect(await rooms.refusal('backups.create', { path: path.join(home, 'files', 'x') })).toMatchObject({ code: 'unprocessable' })
  expect(await rooms.refusal('backups.delete', { name: '../files' })).toMatchObject({ code: 'invalid' })
  outside.dispose()
})
test('a broken-off backup is never taken for one and is cleared away by the next', async () => {
  const left = path.join(home, 'backups', '.backup-1.part')
  mkdirSync(left, { recursive: true })
  writeFileSync(path.join(left, 'manifest.json'), '{}')
  expect((await rooms.ask('backups.list', {})).items).toEqual([])
  await rooms.ask('backups.create', {})
  expect(existsSync(left)).toBe(false)
})
test('bytes that are deleted while a backup copies them stay until it is done, then go', async () => {
  const { id, sha256 } = await upload('bytes')
  const release = rooms.bytes.hold()
  await rooms.ask('files.delete', { id })
  await rooms.files.sweepBytes()
  expect(rooms.bytes.has(sha256)).toBe(true)
  release()
  await rooms.files.sweepBytes()
  expect(rooms.bytes.has(sha256)).toBe(false)
})
test('a restore brings the data of the backup back under a new epoch and keeps what was there before aside', async () => {
  await rooms.ask('providers.set', { id: 'openai', key: 'sk-kept' })
  const kept = await upload('kept')
  const backup = await rooms.ask('backups.create', {})
  const lost = await upload('later')
  await rooms.ask('agents.create', { name: 'later' })
  await stop()
  const { aside, epoch } = await restoreBackup(home, backup.path)
  expect(epoch).toBe(2)
  expect(existsSync(path.join(aside, 'chat_history.db'))).toBe(true)
  await restart()
  expect(Object.values(rooms.logs).map((log) => log.epoch)).toEqual([2, 2, 2])
  expect((await rooms.ask('agents.list', {})).items).toHaveLength(1)
  expect(await textOf(kept.id)).toBe('kept')
  expect(rooms.files.find(lost.id)).toBeUndefined()
  expect(rooms.models.resolve('openai/gpt-5')).toMatchObject({ turn: { credentials: [{ key: 'sk-kept' }] } })
  await rooms.audit.caughtUp()
  expect(await rooms.ask('audit.verify', {})).toMatchObject({ intact: true })
  await stop()
  expect((await restoreBackup(home, backup.path)).epoch).toBe(3)
})
test('a backup that is not whole is refused and nothing is changed', async () => {
  const backup = await rooms.ask('backups.create', {})
  appendFileSync(path.join(backup.path, 'agents.db'), 'x')
  await rooms.ask('agents.create', { name: 'later' })
  await stop()
  await expect(restoreBackup(home, backup.path)).rejects.toMatchObject({ code: 'unprocessable' })
  await restart()
  expect((await rooms.ask('agents.list', {})).items).toHaveLength(2)
})
test('a restore over damaged data starts an epoch that no old cursor can have', async () => {
  const backup = await rooms.ask('backups.create', {})
  await stop()
  writeFileSync(path.join(home, 'settings.db'), 'not a database')
  rmSync(path.join(home, 'settings.db-wal'), { force: true })
  expect((await restoreBackup(home, backup.path)).epoch).toBeGreaterThan(1_000)
  await restart()
  expect(rooms.logs.settings.epoch).toBe(rooms.logs.chat.epoch)
})
test('a restore that a crash broke off at any step is completed at the next start', async () => {
  const backup = await rooms.ask('backups.create', {})
  await rooms.ask('agents.create', { name: 'later' })
  await stop()
  // Where a crash may have stopped it: n parts of the old data moved away, then m of the new ones in place.
  const names = ['chat_history.db', 'agents.db', 'settings.db', 'files', 'secret.key', 'audit.key']
  for (const [moved, placed] of [
    [0, 0],
    [1, 0],
    [4, 0],
    [6, 0],
    [6, 1],
    [6, 4],
    [6, 6],
  ] as const) {
    const whole = createHome()
    const { cpSync } = await import('node:fs')
    cpSync(home, whole.home, { recursive: true })
    const [staged, aside] = [path.join(whole.home, 'restoring-x'), path.join(whole.home, 'before-restore-x')]
    cpSync(backup.path, staged, { recursive: true })
    mkdirSync(path.join(staged, 'files'), { recursive: true })
    mkdirSync(aside)
    writeFileSync(path.join(whole.home, 'restore.json'), JSON.stringify({ staged: 'restoring-x', aside: 'before-restore-x' }))
    for (const name of names.slice(0, moved))
      for (const suffix of ['', '-wal', '-shm'])
        if (existsSync(path.join(whole.home, name + suffix))) renameSync(path.join(whole.home, name + suffix), path.join(aside, name + suffix))
    for (const name of names.slice(0, placed)) renameSync(path.join(staged, name), path.join(whole.home, name))
    expect(finishRestore(whole.home)).toBe(true)
    expect(finishRestore(whole.home)).toBe(false)
    expect(existsSync(staged)).toBe(false)
    const again = await createRoomHarness({ home: whole.home })
    expect((await again.ask('agents.list', {})).items).toHaveLength(1)
    expect(existsSync(path.join(aside, 'agents.db'))).toBe(true)
    await again.close()
    whole.dispose()
  }
})
