import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { tempDir } from '@steward/testkit'
import { expect, test } from 'vitest'
import { project } from './project.ts'
import { createPlace } from './steward.ts'

const skip = process.platform !== 'linux'

/** A machine whose systemctl writes down what it is asked, and ends as is said. */
async function machine(exitCode: number) {
  const dir = await tempDir('steward-machine-')
  const asked = path.join(dir.path, 'asked')
  const program = path.join(dir.path, 'systemctl')
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "$*" >> '${asked}'\n[ ${exitCode} = 0 ] || echo 'No bus here.' >&2\nexit ${exitCode}\n`,
  )
  chmodSync(program, 0o755)
  const config = path.join(dir.path, 'config')
  const place = await createPlace(project, { PATH: `${dir.path}:${process.env['PATH']}`, XDG_CONFIG_HOME: config })
  return {
    ...place,
    unit: path.join(config, 'systemd', 'user', 'steward.service'),
    asked: () => (existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : []),
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}
test('install writes the unit, has it started at once and says what it did; uninstall takes all of it back', { timeout: 60_000, skip }, async () => {
  await using at = await machine(0)
  const shown = await at.run(['daemon', 'install', '--print', '--port', '7777'])
  expect(shown.stdout).toContain(`"--home" "${at.home}" "--port" "7777"`)
  expect([existsSync(at.unit), at.asked()], 'to show is not to do').toEqual([false, []])
  const done = await at.run(['daemon', 'install', '--port', '7777'])
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('Done: systemctl --user enable --now steward.service') })
  expect(readFileSync(at.unit, 'utf8')).toBe(shown.stdout)
  expect(at.asked()).toEqual(['--user daemon-reload', '--user enable --now steward.service'])
  expect(await at.run(['daemon', 'uninstall'])).toMatchObject({ code: 0, stdout: expect.stringContaining(`Removed: ${at.unit}`) })
  expect(existsSync(at.unit)).toBe(false)
  expect(at.asked().slice(2)).toEqual(['--user disable --now steward.service', '--user daemon-reload'])
  expect(await at.run(['daemon', 'uninstall'])).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to take back') })
})
test('where the manager refuses, install says its words and which commands are left to the person', { timeout: 60_000, skip }, async () => {
  await using at = await machine(1)
  const refused = await at.run(['daemon', 'install'])
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('No bus here.') })
  expect(refused.stdout).toContain('Left to you: systemctl --user daemon-reload\nLeft to you: systemctl --user enable --now steward.service\n')
  expect(existsSync(at.unit)).toBe(true)
})
test('install leaves a Steward that runs alone', { timeout: 60_000, skip }, async () => {
  await using at = await machine(0)
  await at.run(['daemon', 'start'])
  expect(await at.run(['daemon', 'install'])).toMatchObject({ code: 6, stderr: expect.stringContaining('steward stop') })
  expect([existsSync(at.unit), at.asked()]).toEqual([false, []])
})
test('where there is no service manager, install says what to have it run instead', { timeout: 60_000, skip }, async () => {
  await using dir = await tempDir('steward-bare-')
  mkdirSync(path.join(dir.path, 'bin'))
  await using place = await createPlace(project, { PATH: path.join(dir.path, 'bin') })
  expect(await place.run(['daemon', 'install'])).toMatchObject({ code: 7, stderr: expect.stringContaining('daemon start --foreground') })
})
