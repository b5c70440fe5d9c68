import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository these tests stand in. */
export const repository = path.resolve(fileURLToPath(import.meta.url), '../..')

export interface Ran {
  readonly status: number | null
  /** What a terminal would show: both streams, in their order. */
  readonly output: string
}
export interface Workbench extends Disposable {
  /** A copy of the repository with its packages installed. */
  readonly root: string
  /** Runs shell lines at the copy's root, as a user whose home and Steward are new and who has no key of any vendor. Stops at the first line that fails. */
  run(script: string): Ran
  /** The same, but `npx steward` starts at once what npx would find and start: a process and a fifth of a second less for each. */
  runBriefly(script: string): Ran
  write(file: string, text: string): void
  /** Applies a unified diff; throws with git's words when it does not fit. */
  apply(diff: string): void
  /** Everything as it was at the beginning, for another reader: the files, the user's home, no daemon. */
  reset(): void
}
/** A copy of the repository to work in. What runs in it is stopped and all of it removed when disposed. */
export function createWorkbench(): Workbench {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-docs-')))
  const [root, home] = [path.join(folder, 'steward'), path.join(folder, 'home')]
  mkdirSync(home)
  const git = (...words: string[]) =>
    void execFileSync('git', ['-c', 'user.name=reader', '-c', 'user.email=reader@localhost', ...words], { cwd: root })
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: repository, encoding: 'utf8' })
  for (const file of listed.split('\0').filter((name) => name !== '' && existsSync(path.join(repository, name))))
    cpSync(path.join(repository, file), path.join(root, file))
  install(root)
  git('init', '--quiet')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'As it is')
  const { PATH = '', LANG = 'C.UTF-8' } = process.env
  const env = { PATH, LANG, HOME: home, STEWARD_HOME: path.join(home, '.steward'), NO_COLOR: '1', npm_config_update_notifier: 'false' }
  const brief = path.join(folder, 'brief')
  mkdirSync(brief)
  writeFileSync(path.join(brief, 'npx'), `#!/bin/sh\n[ "$1" = steward ] || exit 127\nshift\nexec "${root}/node_modules/.bin/steward" "$@"\n`, {
    mode: 0o755,
  })
  const runWith =
    (around: Readonly<Record<string, string>>) =>
    (script: string): Ran => {
      const { status, stdout } = spawnSync('sh', ['-e', '-c', `exec 2>&1\n${script}`], {
        cwd: root,
        env: around,
        encoding: 'utf8',
        timeout: 120_000,
        killSignal: 'SIGKILL',
      })
      return { status, output: stdout }
    }
  const run = runWith(env)
  const stop = () => {
    if (existsSync(env.STEWARD_HOME)) run('node apps/cli/bin/steward.mjs stop')
  }
  return {
    root,
    run,
    runBriefly: runWith({ ...env, PATH: brief + path.delimiter + PATH }),
    write(file, text) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      writeFileSync(path.join(root, file), text)
    },
    apply: (diff) => void execFileSync('git', ['apply', '--recount', '-C1', '-'], { cwd: root, input: diff, stdio: ['pipe', 'pipe', 'pipe'] }),
    reset() {
      stop()
      git('reset', '--quiet', '--hard')
      git('clean', '--quiet', '-d', '--force')
      rmSync(home, { recursive: true, force: true })
      mkdirSync(home)
    },
    [Symbol.dispose]() {
      stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
/** What `npm ci` would make: every package of the repository by link, but the workspaces' own names lead into the copy. */
function install(root: string): void {
  const [from, to] = [path.join(repository, 'node_modules'), path.join(root, 'node_modules')]
  mkdirSync(to)
  for (const name of readdirSync(from)) {
    if (name === '.cache' || name.startsWith('.vite')) continue
    if (name !== '@steward' && name !== '.bin') symlinkSync(path.join(from, name), path.join(to, name))
    else {
      mkdirSync(path.join(to, name))
      for (const link of readdirSync(path.join(from, name))) symlinkSync(readlinkSync(path.join(from, name, link)), path.join(to, name, link))
    }
  }
  for (const group of ['packages', 'apps'])
    for (const workspace of readdirSync(path.join(root, group))) {
      const own = path.join(repository, group, workspace, 'node_modules')
      if (existsSync(own)) symlinkSync(own, path.join(root, group, workspace, 'node_modules'))
    }
}
