import { z } from 'zod'
import type { Target } from '../tool.ts'
import { isBare, matchesNarrowly, matchesWidely, mayMatch, spells } from './command-patterns.ts'
import { matchPath, matchUrl } from './globs.ts'
import type { SimpleCommand } from './shell-reading.ts'
import { harmlessAssignment, sharpWords } from './sharp-flags.ts'

/**
 * One rule. `tool` is a tool's id, `app.*` or `*`. `pattern` is, for shell lines, a glob over the words of ONE simple command; for paths a
 * gitignore-like glob; for addresses a host glob or URL prefix. Without a pattern, or with a bare `*` for shell lines, it stands for every call.
 */
export const PermissionRule = z.strictObject({
  id: z.string().min(1).max(100).optional(),
  tool: z
    .string()
    .regex(/^(?:\*|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?:\.\*)?)$/, 'Name a tool such as shell.run, an app such as files.*, or * for all.')
    .max(100),
  pattern: z.string().min(1).max(2000).optional(),
  action: z.enum(['allow', 'ask', 'deny']),
  level: z.enum(['run', 'session', 'workspace', 'global']),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
})
export type PermissionRule = z.infer<typeof PermissionRule>

/** True when the rule speaks of this tool and has not expired; `now` is a time in ms. An unreadable `expiresAt` counts as expired for allow rules only. */
export function isLive(rule: PermissionRule, tool: string, now: number): boolean {
  if (rule.tool !== '*' && rule.tool !== tool && !(rule.tool.endsWith('.*') && tool.startsWith(rule.tool.slice(0, -1)))) return false
  if (rule.expiresAt === undefined) return true
  const end = Date.parse(rule.expiresAt)
  return Number.isNaN(end) ? rule.action !== 'allow' : now < end
}

/**
 * True when an allow rule covers one simple command as it stands. Never covered but by a bare `*`: a name that is not known, a file that is written by
 * redirection, an assignment that can change what runs, and a flag that writes or runs something where the pattern does not spell it.
 */
export function allowsCommand(rule: PermissionRule, command: SimpleCommand): boolean {
  const { pattern } = rule
  if (pattern === undefined || isBare(pattern)) return true
  if (command.words.length === 0 || command.unsure.includes(0)) return false
  if (command.redirections.some((redirection) => redirection.write)) return false
  if (!command.assignments.every((assignment) => harmlessAssignment(assignment, true))) return false
  if (!matchesNarrowly(pattern, command.words)) return false
  const sharp = sharpWords(command.words)
  if (sharp.known && command.open.some((index) => index > 0 && !spells(pattern, command.words[index] ?? ''))) return false
  return sharp.words.every((word) => spells(pattern, word))
}

/** True when a deny or ask rule names the command; 'maybe' when a word that is not known yet could make it so. */
export function namesCommand(rule: PermissionRule, command: SimpleCommand): boolean | 'maybe' {
  if (rule.pattern === undefined || isBare(rule.pattern)) return true
  if (matchesWidely(rule.pattern, command.words)) return true
  return mayMatch(rule.pattern, command) ? 'maybe' : false
}

/** True when a rule speaks of one path or address. Allow rules match narrowly: patterns without a slash stay in the workspace. */
export function matchesTarget(rule: PermissionRule, target: Target, workspace: string): boolean {
  if (rule.pattern === undefined) return true
  if (target.kind === 'path') return matchPath(rule.pattern, target.path, workspace, rule.action !== 'allow')
  if (target.kind === 'url') return matchUrl(rule.pattern, target.url)
  return false
}
