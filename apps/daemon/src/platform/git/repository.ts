import { createHash } from 'node:crypto'
import { mkdir, realpath, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createGit, type Repository, type RunCommand } from './git.ts'

/** What is never recorded of a folder that is no repository: others make it again. */
const shadowExcludes = 'node_modules/\n.venv/\n__pycache__/\n'

/** The user's repository that a workspace lies in; undefined where there is none, or where it ignores the workspace. */
export async function findRepository(run: RunCommand, workspace: string, signal: AbortSignal): Promise<Repository | undefined> {
  const git = createGit(run, workspace, signal)
  const found = await git.raw('rev-parse', '--absolute-git-dir', '--show-toplevel', '--git-path', 'index')
  const [gitDir, shown, index] = found.stdout.split('\n')
  if (found.exitCode !== 0 || !gitDir || !shown || !index) return undefined
  const top = await realpath(shown).catch(() => undefined)
  if (top === undefined) return undefined
  const inside = path.relative(top, workspace)
  if (inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) return undefined
  if (inside !== '' && (await git.raw('check-ignore', '-q', '.')).exitCode === 0) return undefined
  return { gitDir, top, index: path.resolve(workspace, index), prefix: inside === '' ? '' : `${inside.split(path.sep).join('/')}/` }
}
/** Where the own repository for a workspace that is in none lies. */
export function shadowOf(home: string, workspace: string): Repository {
  const name = createHash('sha256').update(workspace).digest('hex').slice(0, 32)
  const gitDir = path.join(home, 'checkpoints', name)
  return { gitDir, top: workspace, prefix: '', index: path.join(gitDir, 'index') }
}
/** Makes the own repository for a workspace, if it is not there yet. */
export async function makeShadow(run: RunCommand, shadow: Repository, signal: AbortSignal): Promise<void> {
  if (await stat(path.join(shadow.gitDir, 'info', 'exclude')).catch(() => undefined)) return
  await mkdir(shadow.gitDir, { recursive: true, mode: 0o700 })
  const bare = createGit(run, shadow.top, signal)
  await bare.must('init', '-q', '--bare', '--template=', shadow.gitDir)
  await mkdir(path.join(shadow.gitDir, 'info'), { recursive: true })
  await writeFile(path.join(shadow.gitDir, 'info', 'exclude'), shadowExcludes)
}
