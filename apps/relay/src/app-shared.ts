import { hkdfSync } from 'node:crypto'
import path from 'node:path'
import type { RelayConfig } from './config.ts'
import { createLocalBus } from './platform/bus-local.ts'
import { createRedisBus } from './platform/bus-redis.ts'
import { createLocalDirectory } from './platform/directory-local.ts'
import { createRedisDirectory } from './platform/directory-redis.ts'
import { createLimits } from './platform/limits.ts'
import { createLocalLock } from './platform/lock-local.ts'
import { createRedisLock } from './platform/lock-redis.ts'
import { openRedis } from './platform/redis.ts'
import { loadMasterSecret } from './platform/master-secret.ts'
import type { Parts } from './parts.ts'
import type { NodeSignals } from './signals.ts'

type Shared = Pick<Parts, 'bus' | 'directory' | 'limits' | 'withLock' | 'keyFor'> & { close(): Promise<void> }
/** What the nodes of a relay share: over Redis, or alone in this process. */
export async function openShared(config: RelayConfig, node: string, report: (error: unknown, what: string) => void): Promise<Shared> {
  const secret = loadMasterSecret({ value: config.secret, file: path.join(config.home, 'secret') })
  const keyFor = (purpose: string) => new Uint8Array(hkdfSync('sha256', secret, '', `steward-relay/${purpose}`, 32))
  const tell = (error: unknown) => report(error, 'redis')
  const { redisUrl } = config
  if (redisUrl === undefined)
    return {
      keyFor,
      bus: createLocalBus<NodeSignals>({ node, report: (error) => report(error, 'bus') }),
      directory: createLocalDirectory(),
      limits: createLimits(),
      withLock: createLocalLock(),
      close: () => Promise.resolve(),
    }
  const redis = await openRedis({ url: redisUrl, purpose: 'shared', report: tell, commandTimeoutMs: 2_000 })
  const bus = await createRedisBus<NodeSignals>({ url: redisUrl, node, report: tell })
  const directory = createRedisDirectory({ redis, report: tell })
  return {
    keyFor,
    bus,
    directory,
    limits: createLimits({ redis, report: tell }),
    withLock: createRedisLock({ redis }),
    async close() {
      await directory.close()
      await bus.close()
      redis.disconnect()
    },
  }
}
