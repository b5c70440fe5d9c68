import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { lacking, tempDir } from '@steward/testkit'
import { expect, test } from 'vitest'
import { launchdPlist, systemdUnit } from './service.ts'

/** A folder named by somebody who knows what service managers replace, and one of each of their special characters. */
const odd = '/srv/50% "of" $HOME & <more>\\'
const facts = {
  program: [process.execPath, '/opt/steward/apps/cli/bin/steward.mjs'],
  words: ['daemon', 'start', '--foreground', '--http', '--home', odd],
  path: '/usr/local/bin:/usr/bin:/home/me/50% more/bin',
  log: `${odd}/logs/daemon.log`,
}
const noSystemd = lacking('systemd-analyze')
test.skipIf(noSystemd !== null)(`systemd finds nothing to object to in the unit${noSystemd ?? ''}`, async () => {
  await using dir = await tempDir('steward-unit-')
  const file = path.join(dir.path, 'steward.service')
  writeFileSync(file, systemdUnit({ ...facts, program: [process.execPath, path.resolve('apps/cli/bin/steward.mjs')] }))
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--user', '--man=no', file], {
    encoding: 'utf8',
    env: { ...process.env, XDG_RUNTIME_DIR: dir.path, HOME: dir.path },
  })
  expect({ status, said: `${stdout}${stderr}`.split('\n').filter((line) => line.includes('steward.service')) }).toEqual({ status: 0, said: [] })
})
test('the unit starts the daemon in the foreground, again after a failure, and not when another one is there', () => {
  const lines = systemdUnit(facts).split('\n')
  expect(lines).toEqual(expect.arrayContaining(['Restart=on-failure', 'RestartPreventExitStatus=6', 'Type=exec']))
  expect(lines.find((line) => line.startsWith('ExecStart='))).toBe(
    `ExecStart="${process.execPath}" "/opt/steward/apps/cli/bin/steward.mjs" "daemon" "start" "--foreground" "--http" "--home" "/srv/50%% \\"of\\" $$HOME & <more>\\\\"`,
  )
  expect(lines).toContain('Environment="PATH=/usr/local/bin:/usr/bin:/home/me/50%% more/bin"')
})
const noPython = lacking('python3')
test.skipIf(noPython !== null)(`a reader of property lists finds the program, its words and when it is kept alive${noPython ?? ''}`, () => {
  const script = 'import json,plistlib,sys; json.dump(plistlib.loads(sys.stdin.buffer.read()), sys.stdout)'
  const read = JSON.parse(execFileSync('python3', ['-c', script], { input: launchdPlist(facts), encoding: 'utf8' }))
  expect(read).toEqual({
    Label: 'dev.steward.daemon',
    ProgramArguments: [...facts.program, ...facts.words],
    EnvironmentVariables: { PATH: facts.path },
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ExitTimeOut: 15,
    StandardOutPath: facts.log,
    StandardErrorPath: facts.log,
  })
})
