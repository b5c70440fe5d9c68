import type { AskingCommand, Decision, Request } from './decision.ts'
import { catastrophe } from './catastrophic.ts'
import { exactPattern, isBare } from './command-patterns.ts'
import { within } from './paths.ts'
import { entersWorkspace, onlyReads, type Place } from './read-only-commands.ts'
import { allowsCommand, matchesTarget, namesCommand, PermissionRule } from './rules.ts'
import type { ShellReading, SimpleCommand } from './shell-reading.ts'
import { harmlessAssignment } from './sharp-flags.ts'

const movers = new Set(['cd', 'pushd', 'popd', 'chdir'])
const quote = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}…` : text)
const texts = (commands: readonly SimpleCommand[]): string[] => [...new Set(commands.map((command) => command.text))]

/** Commands for the person, each once, with why it asks. */
const asked = (commands: readonly SimpleCommand[], why: (command: SimpleCommand) => string): AskingCommand[] => [
  ...new Map(commands.map((command) => [command.text, { text: command.text, why: why(command) }])).values(),
]
/** Why no allow rule covers a command. */
function uncovered(command: SimpleCommand): string {
  const write = command.redirections.find((one) => one.write)
  if (write) return `It writes to ${quote(write.target)}, which no rule for commands covers.`
  return command.literal ? 'No rule allows it.' : 'No rule allows it; a part of it is known only when the line runs.'
}

/** Where the line's commands run: a `cd` elsewhere makes every relative path one that is not known. */
function placeOf(reading: ShellReading, request: Request): Place {
  const cwd = request.targets.find((target) => target.kind === 'command')?.cwd ?? request.workspace
  const place = { cwd, workspace: request.workspace, home: request.home, moved: false }
  const moves = reading.commands.filter((command) => movers.has(command.words[0] ?? ''))
  if (moves.length === 0) return place
  return moves.every((move) => entersWorkspace(move, place)) ? { ...place, moved: true } : { ...place, cwd: '/', moved: true }
}

/** A line that only assigns harmless variables of its own runs nothing. */
const runsNothing = (command: SimpleCommand): boolean =>
  command.words.length === 0 &&
  command.redirections.every((one) => !one.write) &&
  command.assignments.every((assignment) => harmlessAssignment(assignment, false))

/** The rule that would cover exactly the one command that asks; null where a rule could not cover it or several ask. */
function suggestion(tool: string, asking: readonly SimpleCommand[]): PermissionRule | null {
  const [first, ...others] = asking
  if (!first || !first.literal) return null
  const rule: PermissionRule = { tool, pattern: exactPattern(first.words), action: 'allow', level: 'workspace' }
  return PermissionRule.safeParse(rule).success && [first, ...others].every((command) => allowsCommand(rule, command)) ? rule : null
}

/** Judges a shell line: each simple command must be allowed; what could not be read asks, in every mode. `live` are the rules that count now. */
export function decideShell(reading: ShellReading, live: readonly PermissionRule[], request: Request): Decision {
  const { commands, opaque } = reading
  const { mode, targets, workspace, tool } = request
  const place = placeOf(reading, request)
  const by = (action: PermissionRule['action']) => live.filter((rule) => rule.action === action)
  const named = (rule: PermissionRule) => commands.filter((command) => namesCommand(rule, command) === true)
  const hits = (rule: PermissionRule) =>
    isBare(rule.pattern) || named(rule).length > 0 || targets.some((target) => matchesTarget(rule, target, workspace))

  const denied = by('deny').find(hits)
  if (denied) return { action: 'deny', reason: `A rule denies ${quote(texts(named(denied))[0] ?? reading.line)}.`, rule: denied }
  const inside = targets.every((target) => target.kind !== 'path' || within(target.path, workspace) || target.path === '/dev/null')
  const reads = (command: SimpleCommand) => inside && onlyReads(command, place)
  if (mode === 'plan' && (opaque.length > 0 || commands.length === 0 || !commands.every((command) => reads(command) || runsNothing(command))))
    return { action: 'deny', reason: 'Plan mode only reads: this line may do more. Leave plan mode to run it.' }

  const asking = by('ask').find(hits)
  if (asking)
    return {
      action: 'ask',
      reason: `A rule asks before ${quote(texts(named(asking))[0] ?? reading.line)}.`,
      rule: asking,
      commands: asked(named(asking), () => 'A rule asks before it.'),
    }
  const doubt = [...by('deny'), ...by('ask')].find((rule) => commands.some((command) => namesCommand(rule, command) === 'maybe'))
  if (doubt)
    return {
      action: 'ask',
      reason: 'A word that is not known before the line runs could make it what a rule denies or asks about.',
      rule: doubt,
      commands: asked(
        commands.filter((command) => namesCommand(doubt, command) === 'maybe'),
        () => 'A word of it is known only when the line runs, and could make it what a rule is about.',
      ),
    }
  const everything = by('allow').find((rule) => isBare(rule.pattern))
  if (everything && mode !== 'auto') return { action: 'allow', reason: 'A rule allows every command.', rule: everything }
  if (commands.length === 0 && opaque.length === 0) return { action: 'ask', reason: 'There is no command in this line.' }
  if (opaque.length > 0 && !everything)
    return {
      action: 'ask',
      reason: `The line cannot be read for certain (${opaque.slice(0, 3).join('; ')}).`,
      commands: asked(commands, () => 'It is part of a line that cannot be read for certain.'),
    }

  let rule: PermissionRule | undefined
  const allowed = (command: SimpleCommand) => {
    const found = by('allow').find((one) => (mode !== 'auto' || !isBare(one.pattern)) && allowsCommand(one, command))
    rule ??= found
    return found !== undefined
  }
  if (mode === 'auto') {
    const dangers = commands
      .flatMap((command) => (allowed(command) ? [] : [{ command, why: catastrophe(command, place) }]))
      .filter((danger) => danger.why !== null)
    if (dangers.length === 0) return { action: 'allow', reason: 'Auto mode allows it.' }
    const suggested = suggestion(
      tool.id,
      dangers.map((danger) => danger.command),
    )
    return {
      action: 'ask',
      reason: `${quote(dangers[0]?.command.text ?? '')} asks also in auto mode: ${dangers[0]?.why}.`,
      commands: dangers.map(({ command, why }) => ({ text: command.text, why: `Also in auto mode: ${why}.` })),
      ...(suggested && { suggested }),
    }
  }
  const left = commands.filter((command) => !allowed(command) && !reads(command) && !runsNothing(command))
  if (left.length === 0)
    return {
      action: 'allow',
      reason: rule ? 'Each command is allowed by a rule or only reads.' : 'It only reads inside the workspace.',
      ...(rule && { rule }),
    }
  const writes = left.flatMap((command) => command.redirections).find((one) => one.write)
  const suggested = suggestion(tool.id, left)
  const what = texts(left)
    .map((text) => `"${quote(text)}"`)
    .slice(0, 3)
    .join(', ')
  return {
    action: 'ask',
    reason: writes ? `The line writes to ${quote(writes.target)}; no rule for commands covers that.` : `No rule allows ${what}.`,
    commands: asked(left, uncovered),
    ...(suggested && { suggested }),
  }
}
