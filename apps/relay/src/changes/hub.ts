import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import type { Audience, Numbered } from './log.ts'

/** One who follows the log of an account: a socket. */
export interface Reader {
  readonly id: string
  readonly sessionId?: string
  readonly machineId?: string
  /** Gives it one change. */
  give(change: Numbered): void
  /** Resolves when it takes more, or is gone. */
  settled(): Promise<void>
  /** Enters and leaves the rooms in which changes are told to all at once. */
  live(on: boolean): void
  /** Its cursor is older than the log reaches: it must fetch everything anew. */
  reset(seq: number): void
}
export interface HubPorts {
  /** Changes after a number, at most a page. */
  read(accountId: string, after: number): Promise<readonly Numbered[]>
  extent(accountId: string): Promise<{ readonly seq: number; readonly prunedSeq: number } | undefined>
  /** Tells all live readers of the account that may hear of it. */
  tell(accountId: string, change: Numbered): void
  /** Which of the live readers take no more: they are taken out and read for themselves. */
  full(accountId: string): readonly Reader[]
  report(error: unknown): void
}
interface Account {
  /** Every live reader has everything up to here. Undefined until it is known. */
  head: number | undefined
  /** There is something up to here. */
  wanted: number
  readonly readers: Map<Reader, number | 'live'>
  pulling: Promise<void> | undefined
  /** Forgets the account when nobody has read it for a while. */
  leaving: NodeJS.Timeout | undefined
}
export interface Hub {
  /** Changes that this node has just made, durable. */
  committed(accountId: string, changes: readonly Numbered[]): void
  /** Somebody says that the log goes to here. Only a hint: numbers already told of count for nothing. */
  hinted(accountId: string, seq: number): void
  /** Finds out where the log of an account is, so that a reader who attaches soon misses nothing from now on. Gives that number. */
  prepare(accountId: string): Promise<number>
  /** A reader begins: after `since`, or at the head. */
  attach(accountId: string, reader: Reader, since?: number): Promise<void>
  detach(accountId: string, reader: Reader): void
  /** The accounts with readers. */
  accounts(): readonly string[]
  close(): void
}
const retryMs = 500
const momentMs = 10
const pause = (ms: number) => delay(ms, undefined, { ref: false })

/**
 * Brings the log to its readers, each change once and in order. The log is the truth: a change that was just made is told at once if it is the next number, else the log
 * is read from where the readers are. A reader that takes no more has its own cursor until it has caught up.
 */
export function createHub(ports: HubPorts, keptMs = 30_000): Hub {
  const accounts = new Map<string, Account>()

  const take = (accountId: string): Account => {
    const known = accounts.get(accountId)
    if (known) return known
    const account: Account = { head: undefined, wanted: 0, readers: new Map(), pulling: undefined, leaving: undefined }
    accounts.set(accountId, account)
    return account
  }
  const leave = (accountId: string, account: Account) => {
    clearTimeout(account.leaving)
    account.leaving = setTimeout(() => {
      if (account.readers.size === 0 && accounts.get(accountId) === account) accounts.delete(accountId)
    }, keptMs)
    account.leaving.unref()
  }
  const spread = (accountId: string, account: Account, changes: readonly Numbered[]) => {
    for (const change of changes) {
      if (account.head === undefined || change.update.seq <= account.head) continue
      ports.tell(accountId, change)
      account.head = change.update.seq
      for (const reader of ports.full(accountId)) {
        if (account.readers.get(reader) !== 'live') continue
        reader.live(false)
        account.readers.set(reader, change.update.seq)
        void follow(accountId, account, reader)
      }
    }
  }
  const behind = (accountId: string, account: Account) =>
    accounts.get(accountId) === account && (account.head === undefined || account.head < account.wanted)
  /** Reads the log up to where it is wanted; one reading at a time. */
  const pull = (accountId: string, account: Account): Promise<void> => {
    if (account.pulling === undefined && !behind(accountId, account)) return Promise.resolve()
    account.pulling ??= (async () => {
      while (behind(accountId, account)) {
        try {
          if (account.head === undefined) {
            const extent = await ports.extent(accountId)
            account.head = extent?.seq ?? 0
            continue
          }
          const changes = await ports.read(accountId, account.head)
          // A hint ahead of what this node can read yet is no reason to spin.
          if (changes.length === 0) account.wanted = account.head
          spread(accountId, account, changes)
        } catch (error) {
          ports.report(error)
          await pause(retryMs)
        }
      }
      // In the same turn as the last look, so that nobody who wants more meanwhile takes this for still reading.
      account.pulling = undefined
    })()
    return account.pulling
  }
  /** Where the log is. Throws Fault `unavailable` when the account was forgotten, for want of readers, before the database told. */
  const headOf = async (accountId: string, account: Account): Promise<number> => {
    await pull(accountId, account)
    if (account.head === undefined) throw new Fault('unavailable', 'The database cannot be reached; connect again in a moment.')
    return account.head
  }
  /** How far the log goes, asked for until the database answers or the reader is gone. */
  const extentFor = async (accountId: string, account: Account, reader: Reader): ReturnType<HubPorts['extent']> => {
    while (account.readers.has(reader)) {
      try {
        return await ports.extent(accountId)
      } catch (error) {
        ports.report(error)
        await pause(retryMs)
      }
    }
    return undefined
  }
  /** Brings one reader from its own cursor to the head, then lets it live. */
  const follow = async (accountId: string, account: Account, reader: Reader): Promise<void> => {
    const here = () => account.readers.has(reader)
    const cursor = () => account.readers.get(reader)
    for (;;) {
      await reader.settled()
      const after = cursor()
      if (typeof after !== 'number') return
      if (after === account.head) {
        account.readers.set(reader, 'live')
        return reader.live(true)
      }
      if (account.head !== undefined && after > account.head) {
        // It was at a node that knew more: those who live here come there first, or it would hear with them what it has.
        account.wanted = Math.max(account.wanted, after)
        await pull(accountId, account)
        if (account.head < after) await pause(momentMs)
        continue
      }
      try {
        const changes = await ports.read(accountId, after)
        // What it still needed may have left the log meanwhile.
        const extent = changes[0]?.update.seq === after + 1 ? undefined : await ports.extent(accountId)
        if (extent !== undefined && extent.prunedSeq > after && here()) {
          reader.reset(extent.seq)
          account.readers.set(reader, extent.seq)
          continue
        }
        for (const change of changes) {
          if (!here()) return
          // Past the head others have not been told yet: then all are, together.
          if (account.head !== undefined && change.update.seq > account.head) {
            account.wanted = Math.max(account.wanted, change.update.seq)
            void pull(accountId, account)
            break
          }
          account.readers.set(reader, change.update.seq)
          if (!hears(reader, change)) continue
          reader.give(change)
          await reader.settled()
          if (!here()) return
        }
        const now = cursor()
        // Nothing came: the head is ahead of the log only while a hint is, so it is asked for again after a moment.
        if (now === after) await pause(momentMs)
      } catch (error) {
        ports.report(error)
        await pause(retryMs)
      }
    }
  }
  return {
    committed(accountId, changes) {
      const account = accounts.get(accountId)
      const [first] = changes
      const last = changes.at(-1)
      if (account === undefined || first === undefined || last === undefined) return
      account.wanted = Math.max(account.wanted, last.update.seq)
      if (account.pulling === undefined && account.head !== undefined && first.update.seq === account.head + 1) spread(accountId, account, changes)
      else void pull(accountId, account)
    },
    hinted(accountId, seq) {
      const account = accounts.get(accountId)
      if (account === undefined) return
      account.wanted = Math.max(account.wanted, seq)
      if (account.head !== undefined && account.head < account.wanted) void pull(accountId, account)
    },
    async prepare(accountId) {
      const account = take(accountId)
      if (account.readers.size === 0) leave(accountId, account)
      return headOf(accountId, account)
    },
    async attach(accountId, reader, since) {
      const account = take(accountId)
      clearTimeout(account.leaving)
      if (since === undefined && account.head !== undefined) {
        account.readers.set(reader, 'live')
        return reader.live(true)
      }
      account.readers.set(reader, Number.MAX_SAFE_INTEGER)
      const head = await headOf(accountId, account)
      const extent = await extentFor(accountId, account, reader)
      if (!account.readers.has(reader)) return
      const last = extent?.seq ?? 0
      const begins = since === undefined ? head : since > last || since < (extent?.prunedSeq ?? 0) ? last : since
      if (since !== undefined && begins !== since) reader.reset(begins)
      account.readers.set(reader, begins)
      await follow(accountId, account, reader)
    },
    detach(accountId, reader) {
      const account = accounts.get(accountId)
      account?.readers.delete(reader)
      if (account?.readers.size === 0) leave(accountId, account)
    },
    close() {
      for (const { leaving, readers } of accounts.values()) {
        clearTimeout(leaving)
        readers.clear()
      }
      accounts.clear()
    },
    accounts: () => [...accounts.keys()],
  }
}
/** Whether a reader may hear of a change: a session's or machine's socket hears what concerns that one; others hear all. */
export function hears(reader: Pick<Reader, 'id' | 'sessionId' | 'machineId'>, change: Audience): boolean {
  if (change.exceptSocket === reader.id) return false
  if (reader.sessionId !== undefined) return change.sessionId === reader.sessionId
  if (reader.machineId !== undefined) return change.machineId === reader.machineId
  return true
}
