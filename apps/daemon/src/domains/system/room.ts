import { protocol } from '@steward/contract/daemon'
import type { RoomHandlers } from '../../platform/context.ts'

interface DatabaseFacts {
  readonly name: string
  readonly bytes: number
  readonly healthy: boolean
  readonly message: string | null
}
export interface SystemPorts {
  readonly version: string
  readonly home: string
  readonly startedAt: string
  readonly sandbox: 'bubblewrap' | 'sandbox-exec' | 'none'
  /** Where the doors are open now. */
  addresses(): { url: string | null; socket: string | null }
  runs(): { running: number; waiting: number; queued: number }
  databases(): DatabaseFacts[]
  executions(): { running: number; waiting: number; queued: number }
  /** The process around: it begins an orderly stop when asked, and knows whether a supervisor watches over it. */
  readonly host: { readonly onStop?: () => void; readonly supervisor?: () => 'present' | 'lost' | 'none' }
}
/** How the daemon does, and stopping it. */
export function createSystemRoom(ports: SystemPorts) {
  const handlers = {
    async 'system.status'() {
      const { version, startedAt, home, sandbox } = ports
      return {
        version,
        protocol,
        pid: process.pid,
        startedAt,
        uptimeMs: Date.now() - Date.parse(startedAt),
        home,
        ...ports.addresses(),
        sandbox,
        runs: ports.runs(),
        executions: ports.executions(),
        databases: ports.databases(),
        memoryBytes: process.memoryUsage.rss(),
        supervisor: ports.host.supervisor?.() ?? ('none' as const),
      }
    },
    async 'system.version'() {
      return { version: ports.version, protocol, node: process.versions.node }
    },
    async 'system.stop'() {
      ports.host.onStop?.()
      return { pid: process.pid }
    },
  } satisfies RoomHandlers
  return { handlers }
}
