import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { tempDir } from '@steward/testkit'

const bwrapThere = process.platform === 'linux' && spawnSync('bwrap', ['--version']).status === 0
/** The modes this host can show. A full test run must show all of them. */
export const modes: readonly ('bubblewrap' | 'none')[] = bwrapThere || process.env['STEWARD_TEST_ALL'] === '1' ? ['none', 'bubblewrap'] : ['none']
export const withoutBwrap = modes.length === 1 ? ' (skipped: the program bwrap (package bubblewrap) is not installed)' : null

/** A home with a secret, a workspace beside it, and a folder that is neither. */
export async function makePlaces() {
  const dir = await tempDir()
  const at = (name: string): string => path.join(dir.path, name)
  for (const name of ['home', 'work', 'other']) await mkdir(at(name))
  await writeFile(path.join(at('home'), 'token'), 'planted-secret')
  return { home: at('home'), work: at('work'), other: at('other'), [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() }
}
export type Places = Awaited<ReturnType<typeof makePlaces>>
