import type { Connection } from './connection.ts'
import { createCalls } from './domains/rpc/calls.ts'
import { rpcEvents } from './domains/rpc/events.ts'
import { createRegistry } from './domains/rpc/registry.ts'
import { createRemote } from './domains/rpc/remote.ts'
import { createSeen } from './domains/rpc/seen.ts'
import { createTargets } from './domains/rpc/targets.ts'
import type { Parts } from './parts.ts'

/** The room of RPC between the sockets of an account. */
export function openRpc({ bus, directory, nodes, asking, report }: Parts) {
  const tell = (error: unknown) => report(error, 'rpc')
  const registry = createRegistry({ bus, directory, nodes, asking, report: tell })
  const targets = createTargets()
  const remote = createRemote({ bus, nodes, registry, targets })
  const seen = createSeen(bus)
  const calls = createCalls({ registry, targets, remote, seen, nodes, report: tell })
  const guest = (connection: Connection) => {
    const { holder, sessionId, machineId } = connection
    const scopeId = sessionId ?? machineId
    if (scopeId !== undefined) seen.touch(holder.accountId, scopeId, true)
    return () => {
      registry.left(connection)
      if (scopeId !== undefined) seen.touch(holder.accountId, scopeId, false)
      targets.left(connection)
      calls.left(connection)
    }
  }
  return {
    events: () => rpcEvents(registry, calls),
    guests: [guest],
    start() {
      registry.start()
      remote.start()
      seen.start()
    },
    stop: async () => registry.stop(),
  }
}
