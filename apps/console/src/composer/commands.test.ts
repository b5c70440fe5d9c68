import { expect, test, vi } from 'vitest'

vi.mock('../platform/daemon.ts', () => ({ call: () => Promise.resolve() }))
const { readCommand } = await import('./commands.ts')

test('a slash and a word is a command with the words after it; a path or a sentence is none', () => {
  expect(readCommand('/rename  A new title ')).toEqual({ name: '/rename', command: 'rename', rest: 'A new title' })
  expect(readCommand('/stop')).toEqual({ name: '/stop', command: 'stop', rest: '' })
  expect(readCommand('/nonsense now')).toEqual({ name: '/nonsense', command: null, rest: 'now' })
  for (const text of ['/etc/passwd', '/', 'say /stop', '/ stop']) expect(readCommand(text)).toBeNull()
})
