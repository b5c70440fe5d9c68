import { exitCodes } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { version } from '../version.ts'
import { bucketFlags, type StartFlags } from './options.ts'

/** Something that does not let go may keep a process that is done alive for so long, not longer. */
const lingerMs = 500

/** What names services of others is not heard. */
const withoutServices = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(STEWARD_RELAY_)?(DATABASE_URL|REDIS_URL|S3_.*)$/.test(name)))

/**
 * Serves a relay until SIGTERM, SIGINT or SIGHUP; then what is under way is answered. A second signal ends it at once. Its address is told when it answers.
 */
export async function startRelay({ json, standalone, s3, ...flags }: StartFlags, io: Io): Promise<number> {
  const { readConfig, serveRelay } = await import('@steward/relay')
  const relay = await serveRelay(
    readConfig({ ...flags, ...bucketFlags(s3) }, standalone === true ? withoutServices(process.env) : process.env),
    version(),
  )
  const { url, node, metricsUrl } = relay
  const over = new Promise<void>((resolve) => {
    let heard = 0
    const hear = () => (heard++ === 0 ? resolve() : process.exit(exitCodes.cancelled))
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, hear)
  })
  io.stdout.write(
    json === true ? `${JSON.stringify({ url, pid: process.pid, node, metricsUrl })}\n` : `The relay is running (process ${process.pid}) at ${url}\n`,
  )
  await over
  await relay.close()
  setTimeout(() => process.exit(), lingerMs).unref()
  return exitCodes.ok
}
