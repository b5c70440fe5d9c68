import { realpath } from 'node:fs/promises'

/** What works in a folder. */
const working: ReadonlySet<string> = new Set(['plans.create', 'executions.start', 'workflows.run'])

/** The input with the current folder as its workspace, for operations that work in one and were told none. Only a daemon of this machine knows that folder. */
export async function inThisFolder(operation: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
  if (!working.has(operation) || Object.hasOwn(input, 'workspace')) return input
  return { ...input, workspace: { path: await realpath(process.cwd()) } }
}
