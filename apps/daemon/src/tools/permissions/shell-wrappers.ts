import { baseName, type Inner, type Word } from './shell-reading.ts'
import { gitInner } from './shell-git.ts'
import { readAwk, readSed } from './shell-scripts.ts'

type Reader = (args: readonly Word[], name: string) => Inner

interface Options {
  /** Flags without a value: letters, and long names with their dashes. */
  readonly plain?: string
  readonly valued?: string
  readonly long?: readonly string[]
  readonly longValued?: readonly string[]
  /** Words between the flags and the inner command. */
  readonly operands?: number
  /** A lone dash is a flag. */
  readonly lone?: boolean
}

/** Skips a wrapper's own flags. A sentence where a flag is not known: it might take the next word as its value. */
function skipFlags(args: readonly Word[], { plain = '', valued = '', long = [], longValued = [] }: Options): number | string {
  let at = 0
  for (; at < args.length; at++) {
    const word = args[at]
    if (!word || word.open) return 'its flags are not known before it runs'
    const text = word.value
    if (text === '--') return at + 1
    if (!text.startsWith('-') || text === '-') return at
    if (text.startsWith('--')) {
      const name = text.split('=')[0] ?? ''
      if (longValued.includes(name)) at += text.includes('=') ? 0 : 1
      else if (!long.includes(name)) return `its flag ${name} is not known`
      continue
    }
    for (let i = 1; i < text.length; i++) {
      const letter = text.charAt(i)
      if (valued.includes(letter)) {
        if (i === text.length - 1) at++
        break
      }
      if (!plain.includes(letter)) return `its flag -${letter} is not known`
    }
  }
  return at
}

const prefix =
  (options: Options): Reader =>
  (args) => {
    const skipped = skipFlags(args, options)
    if (typeof skipped === 'string') return { opaque: skipped }
    let at = skipped + (options.operands ?? 0)
    if (options.lone && args[at]?.value === '-') at++
    if (args.slice(0, at).some((word) => word.open)) return { opaque: 'its arguments are not known before it runs' }
    return at < args.length ? { commands: [args.slice(at)] } : {}
  }

/** The words joined to a line, as eval, watch and ssh do. */
const line = (args: readonly Word[]): Inner =>
  args.every((word) => word.literal) ? { lines: [args.map((word) => word.value).join(' ')] } : { opaque: 'its command is put together while it runs' }

const joined =
  (options: Options): Reader =>
  (args) => {
    const skipped = skipFlags(args, options)
    if (typeof skipped === 'string') return { opaque: skipped }
    const at = skipped + (options.operands ?? 0)
    return at < args.length ? line(args.slice(at)) : {}
  }

const shell: Reader = (args) => {
  let command = false
  let at = 0
  for (; at < args.length; at++) {
    const word = args[at]
    if (!word || word.open) return { opaque: 'its flags are not known before it runs' }
    const text = word.value
    if (text === '--' || text === '-') {
      at++
      break
    }
    if (!/^[-+]/.test(text)) break
    if (text.startsWith('--')) {
      if (!['--login', '--norc', '--noprofile', '--posix', '--restricted', '--verbose'].includes(text))
        return { opaque: `its flag ${text} is not known` }
      continue
    }
    if (!/^[-+][a-zA-Z]+$/.test(text)) return { opaque: `its flag ${text} is not known` }
    if (text.includes('c')) command = true
    if (text.includes('s') && !command) return { opaque: 'it reads commands from its input' }
    if (/[oO]$/.test(text)) at++
  }
  const script = args[at]
  if (command) return script?.literal ? { lines: [script.value] } : { opaque: 'its command is put together while it runs' }
  if (!script || /^\/(?:dev|proc)\//.test(script.value)) return { opaque: 'it reads commands from its input' }
  return script.literal ? {} : { opaque: 'the script it runs is not known before it runs' }
}

const xargs: Reader = (args) => {
  const skipped = skipFlags(args, {
    plain: '0rtpxo',
    valued: 'InPLsdaE',
    long: ['--null', '--no-run-if-empty', '--verbose', '--interactive', '--exit', '--open-tty'],
    longValued: ['--max-args', '--max-procs', '--max-lines', '--max-chars', '--delimiter', '--arg-file', '--replace', '--eof'],
  })
  if (typeof skipped === 'string') return { opaque: skipped }
  const inner = args.slice(skipped)
  if (inner.length === 0) return {}
  const replaced = args.slice(0, skipped).some((word) => /^-[^-]*I|^--replace/.test(word.value))
  const unknown: Word = { text: '…', value: '…', literal: false, open: true }
  const name = inner[0]
  return {
    commands: [
      replaced && name
        ? inner.map((word, i) => (i === 0 && !/[{}%@_]/.test(word.value) ? word : { ...word, literal: false, open: true }))
        : [...inner, unknown],
    ],
  }
}

const find: Reader = (args) => {
  const commands: Word[][] = []
  if (args.some((word) => word.open)) return { opaque: 'its actions are not known before it runs' }
  for (let at = 0; at < args.length; at++) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(args[at]?.value ?? '')) continue
    const rest = args.slice(at + 1)
    const stop = rest.findIndex((word, i) => word.value === ';' || (word.value === '+' && rest[i - 1]?.value === '{}'))
    const inner = stop < 0 ? rest : rest.slice(0, stop)
    commands.push(inner.map((word) => (word.value.includes('{}') ? { ...word, literal: false, open: true } : word)))
    at += inner.length
  }
  return { commands }
}

const trap: Reader = (args) => {
  const first = args[args[0]?.value === '--' ? 1 : 0]
  if (!first || /^(?:-[lp]?|)$/.test(first.value)) return first?.literal === false ? { opaque: 'its command is not known before it runs' } : {}
  return line([first])
}

/** An interpreter with nothing but flags that read no program takes its program from its input. */
const interpreter: Reader = (args) =>
  args.every((word) => word.value === '-' || (/^-[uBIsSEiqO]+$/.test(word.value) && word.literal)) ||
  args.some((word) => /^\/(?:dev|proc)\//.test(word.value))
    ? { opaque: 'it reads its program from its input' }
    : {}
const never =
  (why: string): Reader =>
  () => ({ opaque: why })

const unreadable = never('it runs another command in a way that is not read')
const readers = new Map<string, Reader>(
  Object.entries({
    env: prefix({ plain: 'i0v', valued: 'uC', long: ['--ignore-environment', '--null', '--debug'], longValued: ['--unset', '--chdir'], lone: true }),
    sudo: prefix({
      plain: 'nEHkKASbBP',
      valued: 'ughpCrtTUDR',
      long: ['--non-interactive', '--preserve-env', '--set-home'],
      longValued: ['--user', '--group'],
      lone: true,
    }),
    doas: prefix({ plain: 'nL', valued: 'uC' }),
    nohup: prefix({}),
    nice: prefix({ plain: '0123456789', valued: 'n', longValued: ['--adjustment'] }),
    ionice: prefix({ plain: 't', valued: 'cn', long: ['--ignore'], longValued: ['--class', '--classdata'] }),
    time: prefix({ plain: 'pvaq', valued: 'fo', long: ['--portability', '--verbose', '--append', '--quiet'], longValued: ['--format', '--output'] }),
    timeout: prefix({
      plain: 'v',
      valued: 'ks',
      long: ['--foreground', '--preserve-status', '--verbose'],
      longValued: ['--kill-after', '--signal'],
      operands: 1,
    }),
    stdbuf: prefix({ valued: 'ioe', longValued: ['--input', '--output', '--error'] }),
    setsid: prefix({ plain: 'cfw', long: ['--ctty', '--fork', '--wait'] }),
    command: (args) => (/^-p?[vV]/.test(args[0]?.value ?? '') ? {} : prefix({ plain: 'p' })(args, 'command')),
    builtin: prefix({}),
    exec: prefix({ plain: 'cl', valued: 'a' }),
    busybox: prefix({}),
    toybox: prefix({}),
    coproc: prefix({}),
    noglob: prefix({}),
    nocorrect: prefix({}),
    eval: line,
    watch: joined({
      plain: 'bcdegptwxC',
      valued: 'n',
      long: ['--no-title', '--differences', '--exec', '--color', '--beep', '--errexit', '--chgexit'],
      longValued: ['--interval'],
    }),
    ssh: joined({ plain: '46AaCfGgKkMNnqsTtVvXxYy', valued: 'BbcDeIilLmpQRWw', operands: 1 }),
    trap,
    xargs,
    find,
    sh: shell,
    bash: shell,
    zsh: shell,
    dash: shell,
    ash: shell,
    ksh: shell,
    mksh: shell,
    rbash: shell,
    git: gitInner,
    awk: readAwk,
    gawk: readAwk,
    mawk: readAwk,
    nawk: readAwk,
    sed: readSed,
    gsed: readSed,
    '.': never('it runs a file as part of this shell'),
    source: never('it runs a file as part of this shell'),
    parallel: unreadable,
    fish: unreadable,
    pwsh: unreadable,
    csh: unreadable,
    tcsh: unreadable,
    nu: unreadable,
  } satisfies Record<string, Reader>),
)
for (const name of ['python', 'python2', 'python3', 'node', 'perl', 'ruby', 'php', 'lua', 'deno', 'bun']) readers.set(name, interpreter)
for (const name of (
  'su runuser pkexec systemd-run chroot unshare nsenter flock script strace ltrace gdb taskset chrt firejail bwrap proot fakeroot unbuffer expect entr dbus-run-session ' +
  'xvfb-run caffeinate at batch screen tmux start-stop-daemon setpriv capsh prlimit numactl cgexec run-parts rlwrap torsocks proxychains sg newgrp sem fc'
).split(' '))
  readers.set(name, unreadable)

/** What a simple command runs besides itself. `opaque` where it runs something that cannot be read from its words. */
export function innerOf(words: readonly Word[]): Inner {
  const name = words[0]
  if (!name?.literal) return {}
  const read = readers.get(baseName(name.value))
  if (!read) return {}
  const inner = read(words.slice(1), name.value)
  return inner.opaque ? { ...inner, opaque: `${name.value}: ${inner.opaque}` } : inner
}
