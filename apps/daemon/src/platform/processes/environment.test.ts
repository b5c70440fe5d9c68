import { expect, test } from 'vitest'
import { childEnvironment } from './environment.ts'

test('a child sees the ordinary variables and the allowed ones, and no key even when it is allowed', () => {
  const own = {
    PATH: '/bin',
    HOME: '/home/a',
    LC_ALL: 'C',
    TERM: 'xterm',
    EDITOR: 'vi',
    GOPATH: '/go',
    OPENAI_API_KEY: 'k',
    GITHUB_TOKEN: 'k',
    X_SECRET: 'k',
    AWS_REGION: 'k',
    STEWARD_HOME: 'k',
    LD_PRELOAD: 'k',
  }
  const allow = ['GOPATH', 'OPENAI_API_KEY', 'GITHUB_TOKEN', 'X_SECRET', 'AWS_REGION', 'STEWARD_HOME']
  expect(childEnvironment(own, allow)).toEqual({ PATH: '/bin', HOME: '/home/a', LC_ALL: 'C', TERM: 'dumb', SHLVL: '1', GOPATH: '/go' })
  expect(childEnvironment({}, [], { MY_TOKEN: 'given', STEWARD_CHILD: 'forged' })).toEqual({ TERM: 'dumb', SHLVL: '1', MY_TOKEN: 'given' })
})
