import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, database, RelayId } from './common.ts'

/** Bytes of an attachment, at most; the existing clients refuse to send or read more. */
export const maxAttachmentBytes = 10 * 1024 * 1024
const sessionId = RelayId
const file = z.string().regex(/^[0-9a-f-]{36}\.enc$/, 'must be the last part of a ref')

/** Attachments: sealed bytes of a session. A ref is `sessions/<session>/attachments/<uuid>.enc`; whoever has it needs the account's token all the same. */
export const attachmentOperations = {
  'attachments.requestUpload': operation({
    summary: 'Announce an attachment and get the address that takes its bytes; the name is not kept.',
    needs: account,
    http: 'POST /v1/sessions/{sessionId}/attachments/request-upload',
    database,
    input: z.object({ sessionId, filename: z.string().max(1_000), size: z.int().min(1) }),
    output: z.object({ ref: z.string(), uploadUrl: z.string(), method: z.literal('PUT') }),
  }),
  'attachments.requestDownload': operation({
    summary: 'Get the address that gives the bytes of an attachment.',
    needs: account,
    http: 'POST /v1/sessions/{sessionId}/attachments/request-download',
    input: z.object({ sessionId, ref: z.string().max(300) }),
    output: z.object({ downloadUrl: z.string() }),
  }),
  'attachments.put': operation({
    summary: 'Send the bytes of an announced attachment, exactly as many as were announced.',
    needs: account,
    http: 'PUT /v1/sessions/{sessionId}/attachments/{file}',
    database,
    bytes: 'upload',
    input: z.object({ sessionId, file }),
    output: z.object({ ok: z.literal(true) }),
  }),
  'attachments.get': operation({
    summary: 'Get the bytes of an attachment, whole or a range of them.',
    needs: account,
    http: 'GET /v1/sessions/{sessionId}/attachments/{file}',
    bytes: 'download',
    input: z.object({ sessionId, file }),
    output: z.object({ size: z.int() }),
  }),
}
