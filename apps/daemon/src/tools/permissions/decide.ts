import path from 'node:path'
import type { Risk, Target } from '../tool.ts'
import { decideShell } from './decide-shell.ts'
import type { Decision, Request } from './decision.ts'
import { escapeGlob } from './globs.ts'
import { homeMention } from './home.ts'
import { inGitFolder, within } from './paths.ts'
import { isLive, matchesTarget, type PermissionRule } from './rules.ts'

const deeds: Readonly<Record<Risk, string>> = {
  read: 'reads outside of the workspace',
  write: 'changes files',
  execute: 'runs programs',
  network: 'uses the network',
  destructive: 'may destroy data',
}
const nameOf = (target: Target): string => (target.kind === 'path' ? target.path : target.kind === 'url' ? target.url : target.command)

function suggestFor(tool: string, targets: readonly Target[], workspace: string): PermissionRule | null {
  const rule = { tool, action: 'allow', level: 'workspace' } as const
  const [target, ...others] = targets
  if (!target) return rule
  if (others.length > 0 || target.kind === 'command') return null
  if (target.kind === 'url') {
    const url = URL.parse(target.url)
    return url ? { ...rule, pattern: `${url.origin}${url.pathname}` } : null
  }
  const inside = within(target.path, workspace)
  return { ...rule, pattern: inside ? `./${escapeGlob(path.relative(workspace, target.path).replaceAll('\\', '/'))}` : escapeGlob(target.path) }
}

function decideCall(request: Request, live: readonly PermissionRule[]): Decision {
  const { tool, targets, mode, workspace } = request
  const by = (action: PermissionRule['action']) => live.filter((rule) => rule.action === action)
  const hits = (rule: PermissionRule) =>
    rule.pattern === undefined || rule.pattern === '*' || targets.some((target) => matchesTarget(rule, target, workspace))
  const subject = targets[0] ? `${tool.id} on ${nameOf(targets[0])}` : tool.id
  const denied = by('deny').find(hits)
  if (denied) return { action: 'deny', reason: `A rule denies ${subject}.`, rule: denied }
  if (mode === 'plan' && tool.risk !== 'read')
    return { action: 'deny', reason: `Plan mode only reads: ${tool.id} ${deeds[tool.risk]}. Leave plan mode to use it.` }
  const asked = by('ask').find(hits)
  if (asked) return { action: 'ask', reason: `A rule asks before ${subject}.`, rule: asked }
  const covering = (target: Target) => by('allow').find((rule) => matchesTarget(rule, target, workspace))
  const rule = targets[0] ? covering(targets[0]) : by('allow').find((one) => one.pattern === undefined || one.pattern === '*')
  if (rule && targets.every(covering)) return { action: 'allow', reason: `A rule allows ${subject}.`, rule }
  const inside = targets.every((target) => target.kind === 'path' && within(target.path, workspace))
  if (tool.risk === 'read' && inside) return { action: 'allow', reason: 'It only reads inside the workspace.' }
  if (mode === 'auto') return { action: 'allow', reason: 'Auto mode allows it.' }
  if (mode === 'accept-edits' && tool.risk === 'write' && inside && targets.length > 0) {
    if (!targets.some((target) => inGitFolder(nameOf(target))))
      return { action: 'allow', reason: 'Accept-edits mode allows changes to files in the workspace.' }
  }
  const suggested = suggestFor(tool.id, targets, workspace)
  return { action: 'ask', reason: `${subject} ${deeds[tool.risk]}, and no rule allows it.`, ...(suggested && { suggested }) }
}

/**
 * Judges one call: the home of Steward is denied to all; then deny before ask before allow over the live rules; then the mode. A line for the
 * shell is judged by each of its simple commands. Pure: nothing is looked up or run. In `dontask` what would ask is denied, with the reason.
 */
export function decide(request: Request): Decision {
  const home = homeMention(request)
  if (home !== null) return { action: 'deny', reason: `${home} belongs to Steward itself, which no tool may touch.` }
  const live = request.rules.filter((rule) => isLive(rule, request.tool.id, request.now))
  const command = request.targets.find((target) => target.kind === 'command')
  const shell = request.shell ?? (command ? { line: command.command, commands: [], opaque: ['it was not read'] } : undefined)
  const decision = shell ? decideShell(shell, live, request) : decideCall(request, live)
  if (request.mode !== 'dontask' || decision.action !== 'ask') return decision
  const { suggested: _, ...rest } = decision
  return { ...rest, action: 'deny', reason: `${decision.reason} Nobody is there to ask, so it is denied.` }
}
