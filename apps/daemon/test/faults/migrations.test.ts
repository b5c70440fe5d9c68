import { existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { tempDir } from '@steward/testkit'
import { expect, test } from 'vitest'
import { migrate, type Migration } from '../../src/platform/storage/migrations.ts'
import { openDatabase } from '../../src/platform/storage/database.ts'
import { chatMigrations } from '../../src/migrations/chat.ts'
import { databaseFiles, openStore } from '../../src/platform/storage/store.ts'
import { serve } from '../../src/serve.ts'
import { model, startDaemon } from '../kit.ts'

const first = chatMigrations
const newest = first.at(-1)!.version
const more: readonly Migration[] = [
  ...first,
  { version: newest + 1, up: 'ALTER TABLE sessions ADD COLUMN colour TEXT; CREATE TABLE colours (name TEXT PRIMARY KEY) STRICT' },
]
/** Refused by SQLite only after its first statements have run. */
const broken: readonly Migration[] = [
  ...more,
  { version: newest + 2, up: `INSERT INTO colours (name) VALUES ('red'); UPDATE sessions SET title = 'lost'; DROP TABLE nowhere` },
]

/** A data folder as the program of today leaves it, with one conversation in it. */
async function usedFolder(): Promise<AsyncDisposable & { home: string; sessionId: string }> {
  const daemon = await startDaemon({ turns: [{ text: 'Hello.' }] })
  const { id } = await daemon.client.sessions.create({ model, title: 'kept' })
  await daemon.say(id, 'hello')
  await daemon.stop()
  return { home: daemon.home, sessionId: id, [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose]() }
}
const rowsOf = (file: string, query: string): unknown[] => {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return db.prepare(query).all()
  } finally {
    db.close()
  }
}
const versions = (file: string) =>
  rowsOf(file, 'SELECT version FROM schema_migrations ORDER BY version').map((row) => (row as { version: number }).version)
const quiet = { http: null, env: {}, logTo: () => undefined }

test('a database of the version before is brought to the new one, and a verified copy of what it was lies beside it', async () => {
  await using folder = await usedFolder()
  const { home, sessionId } = folder
  const file = path.join(home, databaseFiles.chat)
  const store = await openStore(home, 'chat', more)
  expect(store.db.prepare('SELECT title, colour FROM sessions WHERE id = ?').get(sessionId)).toMatchObject({ title: 'kept', colour: null })
  await store.close()
  expect(versions(file)).toEqual([...first.map(({ version }) => version), newest + 1])
  const copy = `${file}.before-v${newest + 1}`
  expect(versions(copy)).toEqual(first.map(({ version }) => version))
  expect(rowsOf(copy, 'SELECT title FROM sessions')).toEqual([{ title: 'kept' }])
  expect(rowsOf(copy, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(rowsOf(copy, 'SELECT text FROM messages ORDER BY position').length).toBe(2)
})

test('a migration that fails leaves the version and every row as they were, and says so; those before it stay', async () => {
  await using folder = await usedFolder()
  const { home, sessionId } = folder
  const file = path.join(home, databaseFiles.chat)
  await expect(openStore(home, 'chat', broken)).rejects.toThrow(/no such table: nowhere/)
  expect(versions(file)).toEqual([...first.map(({ version }) => version), newest + 1])
  expect(rowsOf(file, 'SELECT title FROM sessions')).toEqual([{ title: 'kept' }])
  expect(rowsOf(file, 'SELECT name FROM colours')).toEqual([])
  expect(rowsOf(file, 'SELECT id FROM sessions')).toEqual([{ id: sessionId }])
  // Once the program is mended it goes on from where it stopped, with a copy of its own.
  const mended: readonly Migration[] = [...more, { version: newest + 2, up: `INSERT INTO colours (name) VALUES ('red')` }]
  const store = await openStore(home, 'chat', mended)
  await store.close()
  expect(versions(file).at(-1)).toBe(newest + 2)
  expect(versions(`${file}.before-v${newest + 2}`).at(-1)).toBe(newest + 1)
})

test('a migration in code that throws is undone whole, also when a statement before it has changed the tables', async () => {
  await using root = await tempDir()
  const file = path.join(root.path, 'one.db')
  const db = openDatabase(file)
  migrate(db, file, [{ version: 1, up: `CREATE TABLE things (id INTEGER PRIMARY KEY) STRICT; INSERT INTO things VALUES (1)` }])
  const throwing: Migration = {
    version: 2,
    up(open) {
      open.exec('ALTER TABLE things ADD COLUMN more TEXT; DELETE FROM things')
      throw new Error('the second half cannot be done')
    },
  }
  expect(() => migrate(db, file, [{ version: 1, up: '' }, throwing])).toThrow('the second half cannot be done')
  expect(db.prepare('SELECT * FROM things').all()).toEqual([{ id: 1 }])
  expect(db.prepare('SELECT max(version) AS version FROM schema_migrations').get()).toEqual({ version: 1 })
  db.close()
})

test('a database of a newer program is refused with a sentence that names both versions, and is not touched', async () => {
  await using folder = await usedFolder()
  const { home } = folder
  const file = path.join(home, databaseFiles.chat)
  const db = new DatabaseSync(file)
  db.prepare('INSERT INTO schema_migrations (version, applied_at) VALUES (?, ?)').run(newest + 7, new Date().toISOString())
  db.close()
  const before = readFileSync(file)
  const sentence = `${file} was written by a newer Steward (schema ${newest + 7}, this program knows ${newest}). Install the newer version, or restore a backup made before.`
  await expect(serve({ home, ...quiet })).rejects.toMatchObject({ code: 'unavailable', message: sentence })
  expect(readFileSync(file).equals(before)).toBe(true)
  // It let go of the folder: the next try fails for the same reason, not for the lock.
  await expect(serve({ home, ...quiet })).rejects.toMatchObject({ message: sentence })
})

test('a database file that is damaged or is none stops the start with a sentence that says what to do; the file stays as it is', async () => {
  await using folder = await usedFolder()
  const { home } = folder
  for (const name of Object.values(databaseFiles)) {
    const file = path.join(home, name)
    const good = readFileSync(file)
    writeFileSync(file, Buffer.alloc(good.length, 'not a database '))
    await expect(serve({ home, ...quiet }), name).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('restore a backup with `steward backup restore`'),
    })
    expect(readFileSync(file, 'latin1').startsWith('not a database'), name).toBe(true)
    writeFileSync(file, good)
  }
  const served = await serve({ home, ...quiet })
  await served.stop()
})

/** Overwrites the pages where a table and its indexes begin: the file opens, and what it holds of the table is nonsense. */
function damage(file: string, table: string): void {
  expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined()
  const roots = rowsOf(file, `SELECT rootpage FROM sqlite_schema WHERE tbl_name = '${table}' AND rootpage > 0`)
  const bytes = readFileSync(file)
  const pageSize = bytes.readUInt16BE(16)
  for (const row of roots) {
    const { rootpage } = row as { rootpage: number }
    bytes.fill(0xff, (rootpage - 1) * pageSize, rootpage * pageSize)
  }
  writeFileSync(file, bytes)
}
const damaged = 'The database is damaged. Stop Steward and restore a backup with `steward backup restore`.'

test('a database that is damaged inside answers 503 with what to do, never an empty list, and the other databases go on', async () => {
  await using folder = await usedFolder()
  const { home, sessionId } = folder
  damage(path.join(home, databaseFiles.chat), 'sessions')
  await using daemon = await startDaemon({ home })
  for (const route of ['/v1/sessions', `/v1/sessions/${sessionId}`, `/v1/sessions/${sessionId}/messages`])
    expect(await daemon.ask('GET', route), route).toMatchObject({ status: 503, body: { error: { code: 'unavailable', message: damaged } } })
  expect(await daemon.ask('POST', '/v1/sessions', { model })).toMatchObject({ status: 503, body: { error: { message: damaged } } })
  expect((await daemon.ask('GET', '/v1/agents')).status).toBe(200)
})

test('a database in which unfinished work cannot be looked for stops the start with what to do', async () => {
  await using folder = await usedFolder()
  for (const table of ['runs', 'messages']) {
    const file = path.join(folder.home, databaseFiles.chat)
    const good = readFileSync(file)
    damage(file, table)
    await expect(serve({ home: folder.home, ...quiet }), table).rejects.toMatchObject({ code: 'unavailable', message: damaged })
    for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    writeFileSync(file, good)
  }
})

test('a data folder whose database was cut short is not taken for a new one', async () => {
  await using folder = await usedFolder()
  const { home } = folder
  const file = path.join(home, databaseFiles.chat)
  truncateSync(file, statSync(file).size / 2)
  await expect(serve({ home, ...quiet }).then((served) => served.stop())).rejects.toMatchObject({ code: 'unavailable' })
  mkdirSync(path.join(home, 'empty'), { recursive: true })
  expect(existsSync(file)).toBe(true)
})
