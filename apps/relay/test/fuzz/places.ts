import { createDatabase, lackingPostgres, startExpo, startLiveKit, startPostgres } from '@steward/testkit/relay'
import { afterAll, describe } from 'vitest'
import type { RelayConfig } from '../../src/index.ts'
import { startChild, type Child } from './child.ts'
import { createSender, createVictim, type Sender, type Victim } from './people.ts'

export interface Place {
  readonly child: Child
  readonly own: Sender
  readonly stranger: Sender
  /** An account that is ended, logged out and so on. */
  readonly passing: Sender
  readonly victim: Victim
}
/** Where fuzz goes: from STEWARD_SEED, or drawn. */
export const seed = Number(process.env['STEWARD_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

async function databaseOf(endings: (() => unknown)[]): Promise<string> {
  const server = await startPostgres()
  endings.push(() => server.stop())
  return (await createDatabase(server.url)).url
}
/** Tells a story against a relay in a process of its own, on SQLite and on PostgreSQL. A kind that this host has no programs for is skipped with their name. */
export function onEveryDatabase(stories: (begin: () => Promise<Place>) => void): void {
  for (const kind of ['SQLite', 'PostgreSQL'] as const) {
    const missing = kind === 'SQLite' ? null : lackingPostgres()
    describe.skipIf(missing !== null)(`on ${kind}${missing ?? ''}`, () => {
      const endings: (() => unknown)[] = []
      afterAll(async () => {
        for (const end of endings.toReversed()) await end()
      })
      stories(async () => {
        const expo = await startExpo()
        endings.push(() => expo.close())
        const livekit = await startLiveKit()
        endings.push(() => livekit.close())
        const vendors = { expoUrl: expo.url, livekitUrl: livekit.url, livekitKey: livekit.apiKey, livekitSecret: livekit.apiSecret }
        const config: Partial<RelayConfig> = kind === 'SQLite' ? vendors : { ...vendors, databaseUrl: await databaseOf(endings) }
        const child = await startChild(config)
        endings.push(() => child.stop())
        const [own, stranger, passing] = [await createSender(child.url), await createSender(child.url), await createSender(child.url)]
        const victim = await createVictim(child.url)
        endings.push(() => victim.close())
        return { child, own, stranger, passing, victim }
      })
    })
  }
}
