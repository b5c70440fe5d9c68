import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { spawnLines, until } from '@steward/testkit'
import { findMarked, homeMark } from '../processes/marked.ts'
import { makePlaces, modes } from '../processes/testing/places.ts'
import { hostileMain } from './testing/place.ts'

const ownerMain = fileURLToPath(new URL('./testing/owner-main.ts', import.meta.url))

test.each(modes)('kill -9 of the daemon leaves no server behind, nor what it forked (sandbox %s)', async (mode) => {
  await using at = await makePlaces()
  const left = () => findMarked(`${homeMark(at.home)}:`)
  const owner = spawn(process.execPath, [ownerMain, at.home, at.work, mode, hostileMain, 'forks'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines = spawnLines(owner)
  await lines.line(/^ready$/)
  expect((await left()).length).toBeGreaterThanOrEqual(4)
  owner.kill('SIGKILL')
  await lines.exited
  await until(async () => (await left()).length === 0, { what: 'the end of all children' })
})

test('the library of the protocol is loaded only when there is an app to connect', async () => {
  const connection = fileURLToPath(new URL('connection.ts', import.meta.url))
  const line = `await import(${JSON.stringify(connection)}); console.log('loaded')`
  const hook = `const { registerHooks } = process.getBuiltinModule('module'); registerHooks({ load(url, context, next) { if (url.includes('@modelcontextprotocol')) console.log('library'); return next(url, context) } });`
  const lines = spawnLines(spawn(process.execPath, ['--input-type=module', '-e', hook + line]))
  await lines.line(/^loaded/)
  expect(lines.text()).not.toContain('library')
})
