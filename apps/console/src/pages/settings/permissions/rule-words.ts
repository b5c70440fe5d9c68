import type { ItemOf } from '../../../platform/operations.ts'
import { permissions } from '../../../text/settings-access.ts'

export type Rule = ItemOf<'permissions.list'>
export type RuleFields = Pick<Rule, 'tool' | 'pattern' | 'action' | 'level' | 'workspace' | 'expiresAt'>
const words = permissions.inWords
/** A blank before the star at the end: a command that goes on as it likes. */
const startOf = (pattern: string): string | undefined => (/^[^*?[]+ ?\*$/.test(pattern) ? pattern.slice(0, -1).trim() : undefined)
const isAddress = (pattern: string): boolean => /^https?:\/\//.test(pattern)

function when(tool: string, pattern: string): string {
  if (tool === 'shell.run' || tool.startsWith('shell.')) {
    if (pattern.trim() === '*') return words.always
    const start = startOf(pattern)
    return start !== undefined && start !== ''
      ? words.commandStart(start)
      : /[*?[]/.test(pattern)
        ? words.command(pattern)
        : words.commandExact(pattern)
  }
  if (isAddress(pattern) || tool.startsWith('web.')) return words.address(pattern)
  return tool.startsWith('files.') ? words.path(pattern) : words.other(pattern)
}
/** What a rule says, as a sentence. */
export function ruleInWords({ tool, pattern, action, level, workspace, expiresAt }: RuleFields): string {
  const what = tool === '*' ? words.all : tool.endsWith('.*') ? words.app(tool.slice(0, -2)) : words.tool(tool)
  const where = level === 'workspace' ? words.workspace(workspace ?? '…') : words[level]
  const parts = [`${words[action]}: ${what}`, pattern === null || pattern === '' ? undefined : when(tool, pattern), where]
  if (expiresAt !== null) parts.push(words.until(new Date(expiresAt).toLocaleString()))
  return `${parts.filter((part) => part !== undefined).join(', ')}.`
}
