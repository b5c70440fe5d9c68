import { randomBytes } from 'node:crypto'
import { Fault } from '@steward/contract'
import { holds, type Caller } from '@steward/kernel'
import type { Login, LoginFrom } from '@steward/kernel/http'
import type { RoomHandlers } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { decodePlace, encodePage } from '../../platform/page.ts'
import type { SecretBox } from '../../platform/secrets/box.ts'
import type { Store } from '../../platform/storage/store.ts'
import { createAuthenticator, hashOf } from './authenticator.ts'
import { createCookies } from './cookies.ts'
import { createEndings } from './endings.ts'
import { createFailures } from './failures.ts'
import { createLoginCodes } from './login-codes.ts'
import { createLoginStore } from './login-store.ts'
import { createTokenStore, toToken, type TokenRecord } from './store.ts'
import { createUses } from './uses.ts'

const cookieSecret = 'login-cookies'
const loginKeptMs = 30 * 24 * 3_600_000
export interface TokenPorts {
  readonly ownerToken: string
  readonly gatewayKey: string
  readonly box: SecretBox
  /** Where the console is served, null while no HTTP is. */
  url(): string | null
  /** Wrong credentials per address and minute before they are answered `too_many`. */
  readonly failuresPerMinute?: number
  report(error: unknown): void
}
/** A token made by a token ends no later than its maker. */
const expiry = (maker: TokenRecord | undefined, wanted: string | undefined): string | null => {
  if (wanted !== undefined && Date.parse(wanted) <= Date.now())
    throw new Fault('unprocessable', `expiresAt (${wanted}) is in the past; give a time to come.`)
  const bound = maker?.expiresAt ?? null
  if (bound === null) return wanted === undefined ? null : new Date(wanted).toISOString()
  if (wanted !== undefined && Date.parse(wanted) > Date.parse(bound))
    throw new Fault('forbidden', `Your own token ends at ${bound}; one that you make cannot outlive it.`)
  return wanted === undefined ? bound : new Date(wanted).toISOString()
}
/** Access tokens, logins, and the authenticator that every door asks. */
export function createTokensRoom(settings: Pick<Store, 'db' | 'log'>, ports: TokenPorts) {
  const store = createTokenStore(settings.db)
  const endings = createEndings()
  const failures = createFailures(ports.failuresPerMinute ?? 20)
  const codes = createLoginCodes()
  const logins = createLoginStore(settings.db)
  const cookies = createCookies(cookieKey())
  const { used, shown, flush } = createUses(
    (uses) =>
      settings.log.commit(() => {
        for (const [id, at] of uses) (id.startsWith('lgn_') ? logins : store).used(id, at)
      }),
    ports.report,
  )

  function cookieKey(): Buffer {
    const sealed = store.findSecret(cookieSecret)
    const text = sealed === undefined ? undefined : ports.box.open(cookieSecret, sealed)
    if (text !== undefined) return Buffer.from(text, 'base64url')
    const key = randomBytes(32)
    settings.log.commit(() => store.putSecret(cookieSecret, ports.box.seal(cookieSecret, key.toString('base64url'))))
    return key
  }
  const handlers = {
    async 'tokens.create'({ commit, caller }, { name, scopes, expiresAt }) {
      const beyond = scopes.find((scope) => !holds(caller.scopes, scope))
      if (beyond !== undefined) throw new Fault('forbidden', `You do not hold the scope ${beyond}, so a token that you make cannot hold it.`)
      const secret = `stw_${randomBytes(32).toString('base64url')}`
      const record: TokenRecord = {
        id: newId('tok'),
        name,
        scopes: [...new Set(scopes)],
        hash: hashOf(secret),
        createdBy: caller.id,
        createdAt: new Date().toISOString(),
        expiresAt: expiry(caller.kind === 'token' ? store.find(caller.id) : undefined, expiresAt),
        lastUsedAt: null,
        revokedAt: null,
      }
      return commit((emit) => {
        store.insert(record)
        emit('token.created', { token: toToken(record) })
        return { token: toToken(record), secret }
      })
    },
    async 'tokens.list'(_context, { limit, cursor }) {
      const rows = store.list(limit + 1, cursor === undefined ? undefined : String(decodePlace(cursor)['id']))
      const items = rows.slice(0, limit).map((row) => toToken(shown(row)))
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ id: last.id }) : null }
    },
    async 'tokens.revoke'({ commit }, { id }) {
      if (!store.find(id)) throw new Fault('not_found', `There is no token ${id}.`)
      let ended: readonly string[] = []
      // What the commit returns is the answer that a twin of this call gets.
      const answer = commit((emit) => {
        ended = store.revoke(id, new Date().toISOString())
        for (const tokenId of ended) emit('token.revoked', { tokenId })
        return null
      })
      for (const tokenId of ended) endings.end(tokenId)
      return answer
    },
    async 'tokens.whoami'({ caller: { id, kind, door, scopes } }) {
      return { id, kind, door, scopes: [...scopes] }
    },
    async 'logins.create'({ caller }) {
      if (caller.kind !== 'owner') throw new Fault('forbidden', 'Only the owner can make a login: it opens the console with every right.')
      const { code, expiresAt } = codes.make()
      const url = ports.url()
      return { code, url: url === null ? null : `${url.replace(/\/$/, '')}/app/login#code=${code}`, expiresAt }
    },
    async 'logins.list'({ caller }, { limit, cursor }) {
      const rows = logins.list(limit + 1, cursor === undefined ? undefined : String(decodePlace(cursor)['id']))
      const items = rows.slice(0, limit).map((row) => ({ ...shown(row), current: row.id === caller.loginId }))
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ id: last.id }) : null }
    },
    async 'logins.end'({ commit }, { id }) {
      if (!logins.find(id)) throw new Fault('not_found', `There is no login ${id}.`)
      const answer = commit((emit) => {
        if (logins.end(id, new Date().toISOString())) emit('login.ended', { loginId: id })
        return null
      })
      endings.end(id)
      return answer
    },
  } satisfies RoomHandlers
  return {
    handlers,
    authenticator: createAuthenticator({
      ownerToken: ports.ownerToken,
      gatewayKey: ports.gatewayKey,
      cookies,
      endings,
      failures,
      findByHash: store.findByHash,
      findLogin: logins.find,
      used,
    }),
    /** Gives a login cookie for a one-time code. Throws Fault `unauthenticated` for a code that is wrong, used or older than 60 s, `too_many` after many. */
    async redeem(code: string, { address, client }: LoginFrom = {}): Promise<Login> {
      if (!codes.use(code)) return failures.fail(address ?? 'local', 'This login code is not good any more; run `steward start` for a new one.')
      failures.forgive(address ?? 'local')
      const [id, now] = [newId('lgn'), Date.now()]
      const [createdAt, expiresAt] = [new Date(now).toISOString(), now + loginKeptMs]
      settings.log.commit((emit) => {
        logins.insert({
          id,
          client: client ?? null,
          address: address ?? null,
          createdAt,
          expiresAt: new Date(expiresAt).toISOString(),
          lastUsedAt: null,
          endedAt: null,
        })
        emit('login.created', { loginId: id, client: client ?? null, address: address ?? null })
      })
      await settings.log.durable()
      return { cookie: cookies.make(id, expiresAt), maxAgeSeconds: loginKeptMs / 1000 }
    },
    /** The caller, where it acts later than it was let in; throws Fault `forbidden` when its token has ended since. */
    stillGood(caller: Caller): Caller {
      const token = caller.kind === 'token' ? store.find(caller.id) : undefined
      const isOver = token === undefined || token.revokedAt !== null || (token.expiresAt !== null && token.expiresAt <= new Date().toISOString())
      if (caller.kind === 'token' && isOver) throw new Fault('forbidden', `The token ${caller.id} that this is done for has ended.`)
      return caller
    },
    close() {
      flush()
      endings.close()
    },
  }
}
