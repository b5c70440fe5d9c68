import { Link } from '@tanstack/react-router'
import { useRead } from '../../platform/operations.ts'
import { memory as words } from '../../text/memory.ts'

interface Scoped {
  readonly agentId: string | null
  readonly sessionId: string | null
}
/** The names of agents, by their ids. */
export function useAgentNames(): ReadonlyMap<string, string> {
  const agents = useRead('agents.list', { limit: 200 })
  return new Map((agents.data?.items ?? []).map(({ id, name }) => [id, name]))
}
/** Who sees a memory. */
export function Scope({
  of: { agentId, sessionId },
  agents,
  links = false,
}: {
  readonly of: Scoped
  readonly agents: ReadonlyMap<string, string>
  readonly links?: boolean
}) {
  if (sessionId !== null)
    return links ? (
      <Link to="/sessions/$sessionId" params={{ sessionId }} className="text-accent underline">
        {words.ofSession(sessionId)}
      </Link>
    ) : (
      words.session
    )
  if (agentId === null) return words.global
  const name = agents.get(agentId)
  return name === undefined ? words.agentGone(agentId) : words.agent(name)
}
/** A scope as an address says it: '' for all, `global`, or the id of an agent or a session. */
export const scopeInput = (scope: string | undefined) =>
  scope === undefined || scope === ''
    ? { all: true }
    : scope.startsWith('agt_')
      ? { agentId: scope }
      : scope.startsWith('ses_')
        ? { sessionId: scope }
        : {}
