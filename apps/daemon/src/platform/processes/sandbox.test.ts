import { expect, test } from 'vitest'
import { bubblewrapCommand } from './bubblewrap.ts'
import { sandboxProfile } from './sandbox-exec.ts'

const host = { program: '/usr/bin/bwrap', home: '/home/a/.local/share/steward', root: false, userNamespace: false, exists: () => false }
const line = (parts: readonly string[]): string => parts.join(' ')

test('a command line masks the home last, pins the folders above it and has no network', () => {
  const request = { command: ['make', 'all'], cwd: '/home/a', writable: ['/home/a'], network: false }
  const said = line(bubblewrapCommand(request, host))
  expect(said).toMatch(
    /^\/usr\/bin\/bwrap --die-with-parent --new-session --unshare-pid --unshare-ipc --unshare-net --ro-bind \/ \/ --proc \/proc --dev \/dev --tmpfs \/tmp /,
  )
  expect(said).toMatch(
    / --bind \/home\/a \/home\/a --bind \/home\/a\/.local \/home\/a\/.local --bind \/home\/a\/.local\/share \/home\/a\/.local\/share --tmpfs (\S+) --remount-ro \1 --chdir \/home\/a --json-status-fd 3 -- make all$/,
  )
})

const build = (writable: string[], cwd = '/'): string =>
  line(bubblewrapCommand({ command: ['x'], cwd, writable, network: true }, { ...host, root: true }))

test('a temporary folder is private unless a writable folder is or holds it, and root keeps no right to undo a mount', () => {
  expect(build(['/tmp/work'])).toMatch(/--tmpfs \/tmp .*--bind \/tmp\/work \/tmp\/work/)
  expect(build([], '/tmp/work')).toContain('--tmpfs /tmp --ro-bind /tmp/work /tmp/work')
  expect(build(['/tmp'])).not.toContain('--tmpfs /tmp')
  expect(build(['/'])).toMatch(/ --bind \/ \/ --proc /)
  expect(build([])).toContain('--cap-drop ALL --cap-add CAP_DAC_OVERRIDE')
  expect(build([])).not.toMatch(/CAP_SYS|CAP_DAC_READ_SEARCH|CAP_MKNOD|--unshare-net/)
})

test('the macOS profile allows writes to the given folders only and closes the home last', () => {
  const profile = sandboxProfile({ writable: ['/Users/a/my "work"'], home: '/Users/a/.steward', network: false })
  expect(profile.split('\n').slice(0, 3)).toEqual(['(version 1)', '(allow default)', '(deny file-write*)'])
  expect(profile).toContain(String.raw`(allow file-write* (subpath "/Users/a/my \"work\"") (literal "/dev/null")`)
  expect(profile).toContain('(deny network*)')
  expect(profile.indexOf('(deny file-read* file-write* network-outbound (subpath "/Users/a/.steward"))')).toBeGreaterThan(
    profile.indexOf('(allow file-write*'),
  )
  expect(profile).toContain('(deny file-write-unlink (literal "/Users/a"))')
  expect(sandboxProfile({ writable: [], home: '/h', network: true })).not.toContain('network*')
})
test('what a command line names in /tmp can be read there, and nothing of /run comes with it', () => {
  const named = ['/tmp/project/src/server.js', '/tmp', '/run/docker.sock', '/opt/server.js', '/tmp/../run/docker.sock']
  const said = line(bubblewrapCommand({ command: ['x'], cwd: '/', writable: [], network: true, named }, { ...host, exists: () => true }))
  expect(said).toContain('--ro-bind /tmp/project /tmp/project')
  expect(said).not.toContain('docker.sock')
  expect(said.indexOf('/tmp/project')).toBeGreaterThan(said.indexOf('--tmpfs /tmp'))
  expect(said.indexOf('/tmp/project')).toBeLessThan(said.indexOf(`--tmpfs ${host.home}`))
})
