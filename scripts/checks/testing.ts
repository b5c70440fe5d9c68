import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository these checks stand in. */
export const repository = path.resolve(fileURLToPath(import.meta.url), '../../..')

export interface PlantedTree extends Disposable {
  readonly root: string
  /** Writes files, by path. */
  plant(files: Readonly<Record<string, string>>): void
  remove(...files: string[]): void
  /** Runs a program of the repository's `scripts/` in the tree. */
  check(script: string, ...args: string[]): { status: number | null; output: string }
}
/** A git tree in a temporary folder with the given files, and the repository's files that are named in `copied`. It goes when disposed. */
export function plantTree(files: Readonly<Record<string, string>>, copied: readonly string[] = []): PlantedTree {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-check-')))
  const plant = (more: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(more)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      writeFileSync(path.join(root, file), text)
    }
  }
  execFileSync('git', ['init', '--quiet', root])
  for (const file of copied) cpSync(path.join(repository, file), path.join(root, file))
  plant(files)
  return {
    root,
    plant,
    remove: (...gone) => gone.forEach((file) => rmSync(path.join(root, file))),
    check(script, ...args) {
      const run = spawnSync(process.execPath, [path.join(repository, 'scripts', script), ...args], { cwd: root, encoding: 'utf8' })
      return { status: run.status, output: run.stdout + run.stderr }
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}
/** Makes `node_modules/<name>` a link to a folder of the tree, as npm does for workspaces. */
export function linkPackage(root: string, name: string, folder: string): void {
  const link = path.join(root, 'node_modules', name)
  mkdirSync(path.dirname(link), { recursive: true })
  symlinkSync(path.join(root, folder), link)
}
