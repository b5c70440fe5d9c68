import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { connectSocket, http, login, newAccount, type Handshake, type SocketOptions } from '@steward/testkit/relay'
import { createLog } from '../src/platform/log.ts'
import { defaults, openRelay, type Relay, type RelayConfig } from '../src/index.ts'
import type { Database } from '../src/platform/database.ts'
import { openPostgres } from '../src/platform/postgres.ts'
import { openSqlite } from '../src/platform/sqlite.ts'

export interface TestRelay {
  /** The addresses of its nodes. */
  readonly urls: readonly string[]
  readonly url: string
  /** The last node: another than `url` where there are two. */
  readonly other: string
  /** What went wrong inside, on any node. */
  readonly reported: unknown[]
  /** Every line of the logs of its nodes. */
  readonly log: readonly string[]
  /** What all nodes have counted, as Prometheus reads it; nothing where `metricsPort` was not set. */
  metrics(): Promise<string>
  /** Folder of its files, where they lie in a folder. */
  readonly filesFolder: string
  /** Its database, for what only time does otherwise. */
  database(): Promise<Database>
  /** A fresh account with a client at `url`, and sockets there or where it is said. */
  account(): Promise<TestAccount>
  /** Stops one of its nodes in good order. */
  stopNode(at: number): Promise<void>
  sockets(): number
  stop(): Promise<void>
}
export type TestAccount = Awaited<ReturnType<typeof openAccount>>
async function openAccount(url: string, other: string) {
  const account = newAccount()
  const token = await login(url, account)
  return {
    account,
    token,
    api: http(url, token),
    /** The same account at the other node. */
    elsewhere: http(other, token),
    socket: (handshake: Handshake = {}, options?: SocketOptions) => connectSocket(url, { token, ...handshake }, options),
    socketElsewhere: (handshake: Handshake = {}, options?: SocketOptions) => connectSocket(other, { token, ...handshake }, options),
  }
}
/** All of a test's clients come from one address. */
const patient = { loginsPerMinute: 1_000_000, openPerMinute: 1_000_000 }
/** A relay of a test's own on free ports: so many nodes over what `config` says, embedded where it says nothing. */
export async function startRelay(config: Partial<RelayConfig> = {}, nodes = 1): Promise<TestRelay> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'relay-'))
  const filesFolder = path.join(home, 'files')
  const reported: unknown[] = []
  const lines: string[] = []
  const relays: Relay[] = []
  for (let node = 0; node < nodes; node++)
    relays.push(
      await openRelay(
        { ...defaults, ...patient, home, filesFolder, port: 0, secret: 'Vq3mT8xZ1pLw6Rk9sJd2HfTGc7BnWYyQ', ...config },
        (error, what) => void reported.push([what, error]),
        '0.0.0',
        createLog('trace', { write: (line) => void lines.push(line) }),
      ),
    )
  let database: Promise<Database> | undefined
  const urls = relays.map(({ url }) => url)
  const [url = '', other = urls.at(-1) ?? ''] = [urls[0], urls.at(-1)]
  return {
    urls,
    url,
    other,
    reported,
    log: lines,
    async metrics() {
      const pages = relays.flatMap(({ metricsUrl }) => metricsUrl ?? []).map(async (metricsUrl) => (await fetch(metricsUrl)).text())
      return (await Promise.all(pages)).join('\n')
    },
    filesFolder,
    database: () =>
      (database ??= Promise.resolve(
        config.databaseUrl === undefined
          ? openSqlite(path.join(home, 'relay.db'))
          : openPostgres(config.databaseUrl, 1, (error) => void reported.push(error)),
      )),
    account: () => openAccount(url, other),
    stopNode: async (at) => relays.splice(at, 1)[0]?.close(),
    sockets: () => relays.reduce((sum, relay) => sum + relay.sockets(), 0),
    async stop() {
      await (await database)?.close()
      await Promise.all(relays.map((relay) => relay.close()))
      rmSync(home, { recursive: true, force: true })
    },
  }
}
