import type { PermissionMode, Rule } from '@steward/contract/daemon'
import type { Files, Target, Tool } from '../tool.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { parseShell } from './parse-shell.ts'
import { shellTargets, type FollowPath } from './shell-targets.ts'

export interface Judged {
  readonly decision: Decision
  /** What the tool itself says it touches. */
  readonly targets: readonly Target[]
}
/** Where and under which rules a call is judged; `rules` are those stored for the place, as they are now. */
export interface JudgedAt {
  readonly cwd: string
  readonly files: Files
  readonly mode: PermissionMode
  readonly rules: readonly Rule[]
}
export type Judge = (tool: Tool, input: unknown, at: JudgedAt) => Promise<Judged>

/**
 * Makes the one judge of all calls, of runs and of executions: what a call touches, followed through links, a shell line read into its commands,
 * and what rules and mode say to it. Throws ToolError when a target may never be touched.
 */
export const createJudge =
  ({ home, followPath }: { readonly home: string; readonly followPath: FollowPath }): Judge =>
  async (tool, input, { cwd, files, mode, rules }) => {
    const targets = await tool.targets(input, { cwd, files })
    const command = targets.find((target) => target.kind === 'command')
    const shell = command ? await parseShell(command.command) : undefined
    const decision = decide({
      tool,
      input,
      targets: command && shell ? [...targets, ...(await shellTargets(shell, command.cwd, followPath))] : targets,
      ...(shell ? { shell } : {}),
      mode,
      rules: rules.map((rule) => ({
        id: rule.id,
        tool: rule.tool,
        ...(rule.pattern === null ? {} : { pattern: rule.pattern }),
        action: rule.action,
        level: rule.level,
        ...(rule.expiresAt === null ? {} : { expiresAt: rule.expiresAt }),
      })),
      workspace: cwd,
      home,
      now: Date.now(),
    })
    return { decision, targets }
  }
