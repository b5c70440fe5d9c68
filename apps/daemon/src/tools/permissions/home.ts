import path from 'node:path'
import type { Request } from './decision.ts'
import { withinAnyCase } from './paths.ts'
import { pathsOf } from './read-only-commands.ts'
import type { ShellReading } from './shell-reading.ts'

/** `~/x`, `$HOME/x` and `~user/x`: whoever's home it is, its rest must not be the end of a way into Steward's home. */
function endsInHome(word: string, home: string): boolean {
  const rest = /^(?:.*?[=:])?(?:~[\w.-]*|\$HOME|\$\{HOME\})\/(.+)$/is.exec(word)?.[1]
  if (rest === undefined) return false
  for (let folder = path.dirname(home); ; folder = path.dirname(folder)) {
    if (withinAnyCase(path.resolve(folder, rest), home)) return true
    if (folder === path.dirname(folder)) return false
  }
}

function inLine({ line, commands }: ShellReading, cwd: string, home: string): string | null {
  if (/\bSTEWARD_HOME\b/.test(line)) return 'STEWARD_HOME'
  const at = line.toLowerCase().indexOf(home.toLowerCase())
  if (at >= 0 && !/^[\w.-]/.test(line.slice(at + home.length))) return home
  for (const command of commands) {
    const words = [...command.words, ...command.redirections.map((one) => one.target), ...command.assignments.map((one) => one.value)]
    for (const word of words) {
      if (word !== '' && (endsInHome(word, home) || pathsOf(word, cwd)?.some((file) => withinAnyCase(file, home)))) return word
      if (/\bSTEWARD_HOME\b/.test(word)) return word
    }
  }
  return null
}

/** What a call says of Steward's own folder: the target or word that lies in it; null when there is none. */
export function homeMention({ targets, shell, home, workspace }: Pick<Request, 'targets' | 'shell' | 'home' | 'workspace'>): string | null {
  const folder = path.normalize(home).replace(/(?<=.)[/\\]$/, '')
  for (const target of targets) {
    if (target.kind === 'path' && withinAnyCase(target.path, folder)) return target.path
    if (target.kind === 'command' && withinAnyCase(target.cwd, folder)) return target.cwd
    if (target.kind === 'url' && /^file:/i.test(target.url) && decodeURIComponent(target.url).toLowerCase().includes(folder.toLowerCase()))
      return target.url
  }
  const cwd = targets.find((target) => target.kind === 'command')?.cwd ?? workspace
  return shell ? inLine(shell, cwd, folder) : null
}
