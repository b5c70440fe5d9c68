import type { Risk, Target } from '../src/tools/tool.ts'
import { decide } from '../src/tools/permissions/decide.ts'
import type { Decision, Request } from '../src/tools/permissions/decision.ts'
import { parseShell } from '../src/tools/permissions/parse-shell.ts'
import type { PermissionRule } from '../src/tools/permissions/rules.ts'

const base = { input: {}, workspace: '/work/space', home: '/home/u/.steward', now: Date.parse('2030-01-01T00:00:00Z') }
/** A rule of the workspace. */
export const rule = (action: PermissionRule['action'], tool: string, pattern?: string): PermissionRule => ({
  tool,
  action,
  level: 'workspace',
  ...(pattern !== undefined && { pattern }),
})
/** The decision on a call of a tool that runs no line. */
export const call = (risk: Risk, targets: readonly Target[], more: Partial<Request> = {}): Decision =>
  decide({ ...base, tool: { id: 'files.any', risk }, targets, mode: 'ask', rules: [], ...more })
/** The decision on a line for the shell, in mode ask and without rules unless said otherwise. */
export const shell = async (line: string, more: Partial<Request> = {}): Promise<Decision> =>
  decide({
    ...base,
    tool: { id: 'shell.run', risk: 'execute' },
    targets: [{ kind: 'command', command: line, cwd: '/work/space' }],
    shell: await parseShell(line),
    mode: 'ask',
    rules: [],
    ...more,
  })
/** A target on disk. */
export const file = (path: string, access: 'read' | 'write' = 'write'): Target => ({ kind: 'path', path, access })
