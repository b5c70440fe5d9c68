import { readdirSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { inspect } from 'node:util'
import { Redis } from 'ioredis'
import { Client } from 'pg'

/** Where a relay may have left something, and what is there as bytes. */
export type Traces = Readonly<Record<string, Buffer>>

/** All files in a folder, whole, as they lie there: the embedded database with its write-ahead log, attachments, secrets. */
export function traceFolder(folder: string): Traces {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(path.join(folder, file)).isFile())
  return Object.fromEntries(files.map((file) => [`file ${file}`, readFileSync(path.join(folder, file))]))
}
/** Every column of every table of a PostgreSQL database as text. */
export async function tracePostgres(url: string): Promise<Traces> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    )
    const traces: Record<string, Buffer> = {}
    for (const { name } of tables)
      traces[`table ${name}`] = Buffer.from(
        (await client.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`)).rows.map(({ row }) => row).join('\n'),
      )
    return traces
  } finally {
    await client.end()
  }
}
/** All that Redis is told from now on, hints between nodes among them, and what it holds when asked. */
export async function traceRedis(url: string) {
  const { hostname, port } = new URL(url)
  const heard: Buffer[] = []
  const monitor = connect(Number(port), hostname)
  await new Promise<void>((resolve) => {
    monitor.once('data', () => resolve())
    monitor.write('MONITOR\r\n')
  })
  monitor.on('data', (data: Buffer) => heard.push(data))
  return {
    async traces(): Promise<Traces> {
      const redis = new Redis(url)
      const held: string[] = []
      for (const key of await redis.keys('*')) {
        const type = await redis.type(key)
        const read = {
          string: ['GET', key],
          hash: ['HGETALL', key],
          list: ['LRANGE', key, '0', '-1'],
          set: ['SMEMBERS', key],
          zset: ['ZRANGE', key, '0', '-1'],
          stream: ['XRANGE', key, '-', '+'],
        }[type]
        held.push(
          key,
          read === undefined
            ? `unknown type ${type}`
            : inspect(await redis.call(read[0] ?? '', ...read.slice(1)), { depth: 9, maxStringLength: null, maxArrayLength: null }),
        )
      }
      redis.disconnect()
      return { 'commands of Redis': Buffer.concat(heard), 'keys of Redis': Buffer.from(held.join('\n')) }
    },
    close: () => monitor.destroy(),
  }
}
/** How bytes may be written down: as they are, as base64 at each offset in either alphabet, as hex, and as UTF-16. MONITOR shows what is no ASCII escaped, and these are all ASCII. */
function writings(secret: string | Uint8Array): Buffer[] {
  const bytes = Buffer.from(secret)
  const base64 = [0, 1, 2].flatMap((offset) => {
    // Characters that hold bits of what stands around are left out.
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(offset === 0 ? 0 : offset + 1, -2)
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const texts = [...base64, bytes.toString('hex'), bytes.toString('hex').toUpperCase()]
  return [bytes, ...texts.map((text) => Buffer.from(text)), Buffer.from(bytes.toString('latin1'), 'utf16le')]
}
/** Where one of the secrets was left, by the names of both. */
export const found = (secrets: Readonly<Record<string, string | Uint8Array>>, traces: Traces): string[] =>
  Object.entries(secrets).flatMap(([what, secret]) => {
    const all = writings(secret)
    return Object.entries(traces).flatMap(([where, bytes]) => (all.some((one) => bytes.includes(one)) ? [`${what} in ${where}`] : []))
  })
