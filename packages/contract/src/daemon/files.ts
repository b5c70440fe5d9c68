import { z } from 'zod'
import { operation } from '../operation.ts'
import { At, FileId, listOf, Nothing, page, SessionId } from './common.ts'

/** `size` in bytes, `sha256` in hex. */
export const File = z
  .object({
    id: FileId,
    sessionId: SessionId.nullable(),
    name: z.string(),
    mediaType: z.string(),
    size: z.int(),
    sha256: z.string(),
    createdAt: At,
  })
  .meta({ id: 'File' })
export type File = z.infer<typeof File>
const one = z.strictObject({ id: FileId, sessionId: SessionId.optional() })

export const files = {
  'files.upload': operation({
    summary: 'Upload a file.',
    needs: 'files:write',
    http: 'POST /v1/files',
    status: 201,
    database: 'chat',
    bytes: 'upload',
    input: z.strictObject({
      name: z.string().min(1).max(255).default('file'),
      mediaType: z
        .string()
        .regex(/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/, 'must look like text/plain')
        .default('application/octet-stream'),
      sessionId: SessionId.optional(),
    }),
    output: File,
  }),
  'files.download': operation({
    summary: 'Download the bytes of a file, whole or a range.',
    needs: 'files:read',
    http: 'GET /v1/files/{id}',
    bytes: 'download',
    cli: { positionals: ['id'] },
    input: one,
    output: z.object({ name: z.string(), mediaType: z.string(), size: z.int().nullable() }),
  }),
  'files.get': operation({
    summary: 'Read what is known of a file.',
    needs: 'files:read',
    http: 'GET /v1/files/{id}/about',
    cli: { positionals: ['id'] },
    input: one,
    output: File,
  }),
  'files.list': operation({
    summary: 'List files, newest first.',
    needs: 'files:read',
    http: 'GET /v1/files',
    input: z.strictObject({ ...page, sessionId: SessionId.optional() }),
    output: listOf(File),
  }),
  'files.delete': operation({
    summary: 'Delete a file; its bytes go with the last file that has them.',
    needs: 'files:write',
    http: 'DELETE /v1/files/{id}',
    status: 204,
    database: 'chat',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: FileId }),
    output: Nothing,
  }),
}
