import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, ClientId, database, Millis, RelayId, text, Version } from './common.ts'

const Data = text(64 * 1024)
/** What a machine of the account needs to read a session, sealed for that machine. */
export const AccessKey = z.object({ data: Data, dataVersion: Version, createdAt: Millis, updatedAt: Millis })
export type AccessKey = z.output<typeof AccessKey>
const pair = { sessionId: RelayId, machineId: ClientId }

export const accessKeyOperations = {
  'accessKeys.get': operation({
    summary: 'Get the access key of a machine for a session.',
    needs: account,
    http: 'GET /v1/access-keys/{sessionId}/{machineId}',
    input: z.object(pair),
    output: z.object({ accessKey: AccessKey.nullable() }),
  }),
  'accessKeys.create': operation({
    summary: 'Keep an access key of a machine for a session.',
    needs: account,
    http: 'POST /v1/access-keys/{sessionId}/{machineId}',
    database,
    input: z.object({ ...pair, data: Data }),
    output: z.object({ success: z.literal(true), accessKey: AccessKey }),
  }),
  'accessKeys.update': operation({
    summary: 'Replace an access key, if nobody else has replaced it meanwhile.',
    needs: account,
    http: 'PUT /v1/access-keys/{sessionId}/{machineId}',
    database,
    input: z.object({ ...pair, data: Data, expectedVersion: Version }),
    output: z.discriminatedUnion('success', [
      z.object({ success: z.literal(true), version: Version }),
      z.object({ success: z.literal(false), error: z.literal('version-mismatch'), currentVersion: Version, currentData: z.string() }),
    ]),
  }),
}
