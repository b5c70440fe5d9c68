import { mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Where an attempt takes place: `root` is the workspace, `outside` a folder beside it with `secret.txt`, `home` is STEWARD_HOME, under the root. */
export interface EscapePlaces {
  readonly root: string
  readonly outside: string
  readonly home: string
}
export interface PathEscape {
  readonly name: string
  /** Prepares the folders; the places exist already. */
  setUp?(at: EscapePlaces): Promise<void>
  /** The path handed to the tool. */
  path(at: EscapePlaces): string
}

/** The secret that no attempt may read or change; it stands in `outside/secret.txt` and `home/token`. */
export const escapeSecret = 'the-secret-nobody-may-read'

/** Makes the three places in an empty folder. */
export async function makeEscapePlaces(folder: string): Promise<EscapePlaces> {
  const at = { root: path.join(folder, 'root'), outside: path.join(folder, 'outside'), home: path.join(folder, 'root', '.steward') }
  for (const place of Object.values(at)) await mkdir(place, { recursive: true })
  await writeFile(path.join(at.outside, 'secret.txt'), escapeSecret)
  await writeFile(path.join(at.home, 'token'), escapeSecret)
  await writeFile(path.join(at.root, 'inside.txt'), 'inside')
  return at
}

const link = (target: (at: EscapePlaces) => string, name: string) => (at: EscapePlaces) => symlink(target(at), path.join(at.root, name))

/** Paths that lead out of the workspace or into STEWARD_HOME. Each must be refused for reading, writing, listing and removing. */
export const pathEscapes: readonly PathEscape[] = [
  { name: 'dot-dot', path: () => '../outside/secret.txt' },
  { name: 'dot-dot in the middle of an absolute path', path: ({ root }) => `${root}/../outside/secret.txt` },
  { name: 'many dot-dots', path: () => `${'../'.repeat(40)}etc/passwd` },
  { name: 'dot-dot behind a folder and back', path: () => './.steward/../../outside/secret.txt' },
  { name: 'dot-dot alone', path: () => '..' },
  { name: 'doubled slashes', path: () => '..//outside///secret.txt' },
  { name: 'an absolute path', path: ({ outside }) => `${outside}/secret.txt` },
  { name: 'an absolute path with doubled slashes', path: ({ outside }) => `/${outside}//secret.txt` },
  { name: 'a system file', path: () => '/etc/passwd' },
  { name: 'a folder whose name only begins like the root', path: ({ root }) => `${root}side/new.txt` },
  { name: 'a symlink to a file', setUp: link(({ outside }) => `${outside}/secret.txt`, 'a'), path: () => 'a' },
  { name: 'a relative symlink to a file', setUp: link(() => '../outside/secret.txt', 'a'), path: () => 'a' },
  { name: 'a symlink to a folder', setUp: link(({ outside }) => outside, 'dir'), path: () => 'dir/secret.txt' },
  { name: 'a symlink to a folder itself', setUp: link(({ outside }) => outside, 'dir'), path: () => 'dir' },
  { name: 'a symlink to the root of the disk', setUp: link(() => '/', 'disk'), path: () => 'disk/etc/passwd' },
  { name: 'a symlink and dot-dot', setUp: link(({ outside }) => outside, 'dir'), path: () => 'dir/../outside/secret.txt' },
  {
    name: 'a symlink chain',
    async setUp({ root, outside }) {
      await symlink(outside, path.join(root, 'three'))
      await symlink('three', path.join(root, 'two'))
      await symlink(path.join(root, 'two'), path.join(root, 'one'))
    },
    path: () => 'one/secret.txt',
  },
  { name: 'a dangling symlink', setUp: link(({ outside }) => `${outside}/new.txt`, 'a'), path: () => 'a' },
  { name: 'a dangling relative symlink', setUp: link(() => '../outside/new.txt', 'a'), path: () => 'a' },
  { name: 'a dangling symlink to a folder', setUp: link(({ outside }) => `${outside}/new`, 'dir'), path: () => 'dir/new.txt' },
  { name: 'a new folder under a symlink', setUp: link(({ outside }) => outside, 'dir'), path: () => 'dir/new/deep/file.txt' },
  { name: 'up out of a folder that does not exist', path: () => 'newdir/../../outside/secret.txt' },
  { name: 'up out of two folders that do not exist', path: () => 'new/dir/../../../outside/new.txt' },
  { name: 'a symlink whose target goes up out of nothing', setUp: link(() => 'new/../../outside/secret.txt', 'a'), path: () => 'a' },
  { name: 'a symlink to itself', setUp: link(() => 'a', 'a'), path: () => 'a' },
  { name: '/proc/self/root', path: ({ outside }) => `/proc/self/root${outside}/secret.txt` },
  { name: '/proc/self/cwd', path: () => '/proc/self/cwd/package.json' },
  { name: 'a symlink to /proc/self/root', setUp: link(() => '/proc/self/root', 'proc'), path: ({ outside }) => `proc${outside}/secret.txt` },
  { name: 'the environment of the daemon', path: () => '/proc/self/environ' },
  { name: '/dev/fd', path: () => '/dev/fd/0' },
  { name: '/dev/stdin', path: () => '/dev/stdin' },
  { name: 'a symlink to a device', setUp: link(() => '/dev/zero', 'zero'), path: () => 'zero' },
  { name: 'a trailing slash', setUp: link(({ outside }) => outside, 'dir'), path: () => 'dir/' },
  { name: 'a trailing dot', setUp: link(({ outside }) => outside, 'dir'), path: () => 'dir/.' },
  { name: 'a trailing slash on a symlink to a file', setUp: link(({ outside }) => `${outside}/secret.txt`, 'a'), path: () => 'a/' },
  { name: 'a NUL character', path: () => 'inside.txt\0/../../outside/secret.txt' },
  { name: 'a symlink with a unicode name', setUp: link(({ outside }) => outside, 'caf\u0065\u0301'), path: () => 'caf\u0065\u0301/secret.txt' },
  { name: 'the root in capitals', path: ({ root }) => `${root.toUpperCase()}/../outside/secret.txt` },
  { name: 'the home under the root', path: () => '.steward/token' },
  { name: 'the home itself', path: () => '.steward' },
  { name: 'a new file in the home', path: () => '.steward/new/file.txt' },
  { name: 'the home through a symlink', setUp: link(() => '.steward', 'mine'), path: () => 'mine/token' },
  { name: 'the home through dot-dot', path: () => '.steward/../.steward/./token' },
]

/** Odd names that stay inside and must keep working: each may be written and read back. */
export const oddButInside: readonly PathEscape[] = [
  { name: 'a tilde', path: () => '~/notes.txt' },
  { name: 'dots that are no dot-dot', path: () => '.../..x/x..' },
  { name: 'fullwidth dots', path: () => '\uFF0E\uFF0E/file.txt' },
  { name: 'an escaped dot-dot', path: () => '%2e%2e/file.txt' },
  { name: 'a backslash', path: () => '..\\file.txt' },
  { name: 'a name that begins like the home', path: () => '.stewardship/file.txt' },
  { name: 'dot-dot inside', setUp: ({ root }) => mkdir(path.join(root, 'sub')), path: () => 'sub/../file.txt' },
  { name: 'an absolute path', path: ({ root }) => `${root}/new/file.txt` },
  { name: 'a symlink inside', setUp: link(() => 'inside.txt', 'a'), path: () => 'a' },
  { name: 'a dangling symlink inside', setUp: link(({ root }) => `${root}/later/file.txt`, 'a'), path: () => 'a' },
  { name: 'a way out and back in', path: ({ root }) => `../${path.basename(root)}/file.txt` },
  { name: 'a new line', path: () => 'two\nlines.txt' },
]
