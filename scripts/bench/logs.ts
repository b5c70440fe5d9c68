import { rmSync } from 'node:fs'
import { createLoggers } from '../../apps/daemon/src/platform/log/logger.ts'
import { openLogFile } from '../../apps/daemon/src/platform/log/log-file.ts'
import { createRedactor } from '../../apps/daemon/src/platform/redact.ts'
import { rounds, type Figure } from './figures.ts'
import { temporaryFolder } from './place.ts'

const lines = 100_000
/** So many secrets are looked for in every line: those of a well-used daemon. */
const secrets = Array.from({ length: 20 }, (_, n) => `secret-of-the-bench-${n}`)

/** Lines of the true logger, with secrets taken out of each, to a file that is put aside when it is long; and what one line costs whoever writes it. */
export async function measureLogs(): Promise<Figure[]> {
  let perSecond = 0
  let eachMs = Number.POSITIVE_INFINITY
  for (let round = 0; round <= rounds; round++) {
    const home = temporaryFolder()
    const file = openLogFile(home, () => ({ bytes: 10_000_000, days: 30, totalBytes: 100_000_000 }))
    const logger = createLoggers(
      createRedactor(() => secrets),
      file.write,
    ).of('http')
    const write = (n: number) =>
      logger.info({ method: 'GET', path: `/v1/sessions/ses_${n}`, status: 200, ms: 1.5, requestId: `req_${n}` }, `GET /v1/sessions/ses_${n} 200`)
    const from = performance.now()
    for (let n = 0; n < lines; n++) write(n)
    file.flush()
    const takenMs = performance.now() - from
    // As in a request: one line, handed to the file when what it stands in has come to its end.
    const alone = performance.now()
    for (let n = 0; n < 5_000; n++) {
      write(n)
      await new Promise<void>((done) => process.nextTick(done))
    }
    const aloneMs = (performance.now() - alone) / 5_000
    file.close()
    rmSync(home, { recursive: true, force: true })
    if (round === 0) continue
    perSecond = Math.max(perSecond, (lines / takenMs) * 1_000)
    eachMs = Math.min(eachMs, aloneMs)
  }
  return [
    {
      name: 'lines of the log',
      value: perSecond,
      unit: 'a second',
      limit: 30_000,
      atMost: false,
      note: `to a file, ${secrets.length} secrets looked for in each`,
    },
    { name: 'a line of the log, to whoever writes it', value: eachMs * 1_000, unit: 'µs', limit: 100 },
  ]
}
