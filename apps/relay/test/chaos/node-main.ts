import { defaults, openRelay, type RelayConfig } from '../../src/index.ts'
import { outage } from '../../src/platform/database.ts'

// One node of the relay as a process of its own. It ends by SIGTERM as the command does, and with the process that started it.
const config = JSON.parse(process.env['STEWARD_CHAOS_NODE'] ?? '{}') as Partial<RelayConfig> & Pick<RelayConfig, 'home'>
const said = (error: unknown): string =>
  error instanceof Error ? `${error.stack}${error.cause === undefined ? '' : ` <- ${said(error.cause)}`}` : String(error)
const report = (error: unknown, what: string) =>
  void process.stderr.write(`${JSON.stringify({ what, isOutage: outage(error), error: said(error) })}\n`)
process.stdin.resume().on('end', () => process.exit(9))
const relay = await openRelay({ ...defaults, ...config }, report, '0.0.0')
process.on('SIGTERM', () => void relay.close().then(() => process.exit(0)))
process.stdout.write(`listening at ${relay.url}\n`)
