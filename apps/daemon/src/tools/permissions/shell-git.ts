import type { Inner, Word } from './shell-reading.ts'

/** Git's own flags before the subcommand that take the next word as their value. */
export const gitValued = new Set([
  '-C',
  '-c',
  '--git-dir',
  '--work-tree',
  '--namespace',
  '--exec-path',
  '--super-prefix',
  '--config-env',
  '--attr-source',
])
/** Settings that cannot name a program or a file. */
const tameSetting =
  /^(?:color\.[a-z.]+|core\.quotepath|user\.(?:name|email)|advice\.[a-z]+|init\.defaultbranch|(?:commit|tag)\.gpgsign|log\.date|pull\.rebase)=/i

/** Where git's subcommand stands among the words, `git` itself not counted; the length where there is none. */
export function gitSubcommandAt(args: readonly string[]): number {
  let at = 0
  while (at < args.length && args[at]?.startsWith('-')) at += gitValued.has(args[at] ?? '') ? 2 : 1
  return Math.min(at, args.length)
}

const join = (words: readonly Word[]): Inner =>
  words.every((word) => word.literal)
    ? { lines: [words.map((word) => word.value).join(' ')] }
    : { opaque: 'its command is put together while it runs' }

/** Commands inside git's own words: aliases and settings by -c, `rebase --exec`, `bisect run`, `submodule foreach`, `ext::` addresses. */
export function gitInner(args: readonly Word[]): Inner {
  const values = args.map((word) => word.value)
  const at = gitSubcommandAt(values)
  if (args.slice(0, at + 1).some((word) => word.open)) return { opaque: 'its subcommand is not known before it runs' }
  const lines: string[] = []
  let opaque: string | undefined
  values.slice(0, at).forEach((value, i) => {
    const setting = value === '-c' ? (values[i + 1] ?? '') : /^-c./.test(value) ? value.slice(2) : null
    if (setting !== null && !tameSetting.test(setting)) {
      opaque = `the setting ${setting.split('=')[0]} can make it run other programs`
      const command =
        /^alias\.[^=]+=!(.*)$/is.exec(setting)?.[1] ?? /^(?:core\.(?:pager|editor|sshcommand|fsmonitor)|diff\.external)=(.*)$/is.exec(setting)?.[1]
      if (command) lines.push(command)
    }
    if (/^--(?:exec-path=|config-env|exec-path$)/.test(value) && at < values.length) opaque = `${value.split('=')[0]} can make it run other programs`
  })
  const rest = args.slice(at + 1)
  const restValues = values.slice(at + 1)
  if (values.some((value) => /(?:^|[=\s])ext::/.test(value))) opaque = 'an ext:: address runs a program'
  const verb = values[at]
  if (verb === 'bisect' && restValues[0] === 'run') return { commands: [rest.slice(1)], lines, ...(opaque && { opaque }) }
  const each = verb === 'submodule' ? restValues.indexOf('foreach') : -1
  if (each >= 0) {
    const inner = join(
      rest
        .slice(each + 1)
        .filter((word, i, all) => !(word.value.startsWith('--') && all.slice(0, i).every((before) => before.value.startsWith('--')))),
    )
    return { ...inner, lines: [...lines, ...(inner.lines ?? [])], ...(opaque && { opaque }) }
  }
  if (verb === 'rebase')
    for (let i = 0; i < rest.length; i++) {
      const joined = /^(?:--exec=|-x(?=.))(.*)$/s.exec(restValues[i] ?? '')?.[1]
      const command = joined ?? (/^(?:-x|--exec)$/.test(restValues[i] ?? '') ? restValues[i + 1] : undefined)
      if (command !== undefined) lines.push(command)
    }
  if (verb === 'filter-branch') opaque = 'its filters are programs'
  return { lines, ...(opaque && { opaque }) }
}
