import { mcpRoute } from '@steward/contract/daemon'
import { can, type Call } from '@steward/kernel'

/**
 * Whoever may begin an execution over MCP sees what comes of it: the scope is lent for that one question. The daemon says so for its own door
 * and for the gateways before it, which can lend nothing.
 */
export const lendingOutcomes =
  (call: Call): Call =>
  (caller, name, ...rest) => {
    const lent = caller.door === mcpRoute.door && name === 'executions.wait' && can(caller, 'executions:write')
    return call(lent ? { ...caller, scopes: [...caller.scopes, 'history:read'] } : caller, name, ...rest)
  }
