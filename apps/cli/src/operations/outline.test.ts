import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { operations, permissionModes } from '@steward/contract/daemon'
import { tempDir } from '@steward/testkit'
import { expect, test } from 'vitest'
import { answersOutcome } from '../plan/outcome.ts'
import { makeOutline, readOutline } from './outline.ts'
import { spell } from './spelling.ts'

test('a command line made from the outline is the one that the contract itself makes, for every operation', async () => {
  const outline = await makeOutline()
  expect(outline.permissionModes).toEqual(permissionModes)
  expect(Object.keys(outline.operations)).toEqual(Object.keys(operations))
  for (const [name, op] of Object.entries(operations)) {
    const known = outline.operations[name]!
    const { op: _known, ...spelled } = spell(name, known)
    const { op: _op, ...wanted } = spell(name, op)
    expect(spelled).toEqual(JSON.parse(JSON.stringify(wanted)))
    expect([name, known.http, known.bytes, known.database !== undefined, answersOutcome(known)]).toEqual([
      name,
      op.http,
      'bytes' in op ? op.bytes : undefined,
      'database' in op,
      answersOutcome(op),
    ])
  }
})
test('it is kept for the next command, and made anew when the contract has changed or the file is torn', async () => {
  await using dir = await tempDir()
  const kept = path.join(dir.path, 'deep', 'outline.json')
  const first = await readOutline(kept)
  const written = readFileSync(kept, 'utf8')
  const { ino } = statSync(kept)
  expect(await readOutline(kept)).toEqual(first)
  expect(statSync(kept).ino).toBe(ino)
  const changed = { ...(JSON.parse(written) as object), mark: 'another contract', outline: { operations: {} } }
  for (const stale of [JSON.stringify(changed), written.slice(0, 500), '']) {
    writeFileSync(kept, stale)
    expect(await readOutline(kept)).toEqual(first)
    expect(readFileSync(kept, 'utf8')).toBe(written)
  }
})
test('where it cannot be kept, commands work all the same', async () => {
  await using dir = await tempDir()
  mkdirSync(path.join(dir.path, 'outline.json'))
  expect(Object.keys((await readOutline(path.join(dir.path, 'outline.json'))).operations)).toContain('sessions.list')
})
