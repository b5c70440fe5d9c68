import { randomUUID } from 'node:crypto'
import { Fault } from '@steward/contract'
import type { Artifact, relayOperations } from '@steward/contract/relay'
import type { HandlerContext, OwnsSession, RelayHandlers } from '../../context.ts'
import { canonicalBase64 } from '../../platform/base64.ts'
import type { Database } from '../../platform/database.ts'
import * as store from './store.ts'

type Names = Extract<keyof typeof relayOperations, `artifacts.${string}`>
interface Made {
  readonly id: string
  readonly sessionId?: string | undefined
  readonly header: string
  readonly body: string
  readonly dataEncryptionKey: string
}
const latestLimit = 200
const none = () => new Fault('not_found', 'Artifact not found')
const noSession = () => new Fault('not_found', 'Session not found')

/** Artifacts: sealed documents with two versioned parts. */
export function artifactHandlers({ queries }: Database, ownsSession: OwnsSession): RelayHandlers<Names> {
  const create = ({ write, holder }: Pick<HandlerContext, 'write' | 'holder'>, made: Made): Promise<Artifact> => {
    const { accountId } = holder()
    return write(async (tx) => {
      const known = await store.findArtifact(tx.db, accountId, made.id)
      if (known) return store.artifactOf(known)
      const { sessionId } = made
      if (sessionId !== undefined && !(await ownsSession(tx.db, accountId, sessionId))) throw noSession()
      const row = {
        account_id: accountId,
        id: made.id,
        session_id: sessionId ?? null,
        header: canonicalBase64(made.header),
        header_version: 1,
        body: canonicalBase64(made.body),
        body_version: 1,
        data_encryption_key: canonicalBase64(made.dataEncryptionKey),
        seq: 0,
        created_at: tx.now,
        updated_at: tx.now,
      }
      tx.count('artifactBytes', store.weightOf(row))
      await store.insertArtifact(tx.db, row)
      const { id, ...rest } = store.artifactOf(row)
      tx.emit({ t: 'new-artifact', body: { artifactId: id, ...rest } })
      return { id, ...rest }
    })
  }
  return {
    async 'artifacts.list'({ holder }) {
      return (await store.listLatest(queries, holder().accountId, latestLimit)).map(store.headOf)
    },
    async 'artifacts.ofSession'({ holder }, { sessionId, cursor, limit }) {
      const { accountId } = holder()
      const rows = await store.listOfSession(queries, accountId, sessionId, limit + 1, cursor)
      if (rows.length === 0 && !(await ownsSession(queries, accountId, sessionId))) throw noSession()
      const artifacts = rows.slice(0, limit).map(store.headOf)
      return { artifacts, nextCursor: rows.length > limit ? (artifacts.at(-1)?.id ?? null) : null }
    },
    async 'artifacts.get'({ holder }, { id }) {
      const row = await store.findArtifact(queries, holder().accountId, id)
      if (!row) throw none()
      return store.artifactOf(row)
    },
    'artifacts.create': create,
    'artifacts.createInSession': (context, input) => create(context, { ...input, id: input.id ?? randomUUID() }),
    async 'artifacts.update'({ write, holder }, { id, header, expectedHeaderVersion, body, expectedBodyVersion }) {
      const { accountId } = holder()
      return write(async (tx) => {
        const row = await store.findArtifact(tx.db, accountId, id)
        if (!row) throw none()
        const staleHeader = header !== undefined && (expectedHeaderVersion ?? row.header_version) !== row.header_version
        const staleBody = body !== undefined && (expectedBodyVersion ?? row.body_version) !== row.body_version
        if (staleHeader || staleBody)
          return {
            success: false as const,
            error: 'version-mismatch' as const,
            ...(staleHeader ? { currentHeaderVersion: row.header_version, currentHeader: row.header } : {}),
            ...(staleBody ? { currentBodyVersion: row.body_version, currentBody: row.body } : {}),
          }
        if (header === undefined && body === undefined) return { success: true as const }
        const newHeader = header === undefined ? undefined : { value: canonicalBase64(header), version: row.header_version + 1 }
        const newBody = body === undefined ? undefined : { value: canonicalBase64(body), version: row.body_version + 1 }
        const changed = { header: newHeader?.value ?? row.header, body: newBody?.value ?? row.body }
        tx.count('artifactBytes', store.weightOf(changed) - store.weightOf(row))
        await store.updateArtifact(tx.db, row, {
          ...(newHeader && { header: newHeader.value, header_version: newHeader.version }),
          ...(newBody && { body: newBody.value, body_version: newBody.version }),
          seq: row.seq + 1,
          updated_at: tx.now,
        })
        tx.emit({ t: 'update-artifact', body: { artifactId: id, ...(newHeader && { header: newHeader }), ...(newBody && { body: newBody }) } })
        return { success: true as const, ...(newHeader && { headerVersion: newHeader.version }), ...(newBody && { bodyVersion: newBody.version }) }
      })
    },
    async 'artifacts.delete'({ write, holder }, { id }) {
      const { accountId } = holder()
      await write(async (tx) => {
        const removed = await store.removeArtifact(tx.db, accountId, id)
        if (!removed) throw none()
        tx.count('artifactBytes', -removed.bytes)
        tx.emit({ t: 'delete-artifact', body: { artifactId: id } })
      })
      return { success: true }
    },
  }
}
