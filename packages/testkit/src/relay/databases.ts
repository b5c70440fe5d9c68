import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

export interface OwnDatabase extends AsyncDisposable {
  /** The server's URL with the new database's name. */
  readonly url: string
  /** Cuts whoever is connected and removes it. Does nothing the second time. */
  drop(): Promise<void>
}

/** A fresh database on the server of `url`, so that the tests of a file share a server and nothing else. */
export async function createDatabase(url: string): Promise<OwnDatabase> {
  const name = `t_${randomBytes(8).toString('hex')}`
  await ask(url, `CREATE DATABASE ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  const drop = () => ask(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  return { url: own.href, drop, [Symbol.asyncDispose]: drop }
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
