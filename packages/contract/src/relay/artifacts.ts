import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, bytes, ClientId, database, Done, limit, Millis, RelayId, Version } from './common.ts'

/** Lists carry the headers of many artifacts: titles, not bodies. */
const Header = bytes(64 * 1024)
const Body = bytes(8 * 1024 * 1024)
const Key = bytes(4096)
/** A sealed document of an account. Its id is its client's, and means something in that account alone. */
export const ArtifactHead = z.object({
  id: ClientId,
  header: z.string(),
  headerVersion: Version,
  dataEncryptionKey: z.string(),
  /** How often it was changed. */
  seq: z.int(),
  createdAt: Millis,
  updatedAt: Millis,
  /** The session it was made in, where it was made in one. */
  sessionId: RelayId.nullable(),
})
export const Artifact = ArtifactHead.extend({ body: z.string(), bodyVersion: Version })
export type ArtifactHead = z.output<typeof ArtifactHead>
export type Artifact = z.output<typeof Artifact>
const made = { header: Header, body: Body, dataEncryptionKey: Key }
const id = ClientId

export const artifactOperations = {
  'artifacts.list': operation({
    summary: 'List the 200 artifacts that changed last, without their bodies.',
    needs: account,
    http: 'GET /v1/artifacts',
    input: z.object({}),
    output: z.array(ArtifactHead),
  }),
  'artifacts.ofSession': operation({
    summary: 'List the artifacts of a session by pages, without their bodies.',
    needs: account,
    http: 'GET /v1/sessions/{sessionId}/artifacts',
    input: z.object({ sessionId: RelayId, cursor: ClientId.optional(), limit: limit(200, 50) }),
    output: z.object({ artifacts: z.array(ArtifactHead), nextCursor: z.string().nullable() }),
  }),
  'artifacts.get': operation({
    summary: 'Get an artifact with its body.',
    needs: account,
    http: 'GET /v1/artifacts/{id}',
    input: z.object({ id }),
    output: Artifact,
  }),
  'artifacts.create': operation({
    summary: 'Create an artifact, or get the one that has this id.',
    needs: account,
    http: 'POST /v1/artifacts',
    database,
    input: z.object({ id: z.guid(), ...made, sessionId: RelayId.optional() }),
    output: Artifact,
  }),
  'artifacts.createInSession': operation({
    summary: 'Create an artifact in a session, or get the one that has this id; without an id it gets one.',
    needs: account,
    http: 'POST /v1/sessions/{sessionId}/artifacts',
    database,
    input: z.object({ sessionId: RelayId, id: z.guid().optional(), ...made }),
    output: Artifact,
  }),
  'artifacts.update': operation({
    summary: "Change an artifact's header, its body or both, if nobody else has changed them meanwhile.",
    needs: account,
    http: 'POST /v1/artifacts/{id}',
    database,
    input: z.object({
      id,
      header: Header.optional(),
      /** Without it the header is replaced whatever it is now. */
      expectedHeaderVersion: Version.optional(),
      body: Body.optional(),
      expectedBodyVersion: Version.optional(),
    }),
    output: z.discriminatedUnion('success', [
      z.object({ success: z.literal(true), headerVersion: Version.optional(), bodyVersion: Version.optional() }),
      z.object({
        success: z.literal(false),
        error: z.literal('version-mismatch'),
        currentHeaderVersion: Version.optional(),
        currentHeader: z.string().optional(),
        currentBodyVersion: Version.optional(),
        currentBody: z.string().optional(),
      }),
    ]),
  }),
  'artifacts.delete': operation({
    summary: 'Delete an artifact.',
    needs: account,
    http: 'DELETE /v1/artifacts/{id}',
    database,
    input: z.object({ id }),
    output: Done,
  }),
}
