import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Fault, type Operation } from '@steward/contract'
import type { MultipartFile, MultipartValue } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { limited, tooLarge } from './bytes.ts'
import { gather } from './http-input.ts'

export interface Upload {
  readonly input: unknown
  readonly body: AsyncIterable<Uint8Array>
  /** Removes what was put aside. */
  done(): Promise<void>
}
const plainType = (contentType: string | undefined) => contentType?.split(';', 1)[0]?.trim().toLowerCase()

/** Reads the upload of a request: a form with a part `file`, or the bytes themselves with the fields in the query. */
export function readUpload(op: Operation, request: FastifyRequest, maxBytes: number): Promise<Upload> | Upload {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (plainType(request.headers['content-type']) === 'multipart/form-data') return readForm(op, request, maxBytes)
  if (declared > maxBytes) throw tooLarge(maxBytes)
  const mediaType = plainType(request.headers['content-type'])
  const input = { ...fieldsOf(op, { mediaType }), ...(gather(op, [request.params, request.query], undefined) as object) }
  return { input, body: limited(request.raw.iterator({ destroyOnReturn: false }), maxBytes), done: () => Promise.resolve() }
}
/** What the transport itself says of the bytes, for operations that have such a field; what the caller says goes before it. */
function fieldsOf(op: Operation, said: Record<string, string | undefined>): Record<string, string> {
  const known = Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== undefined && Object.hasOwn(op.input.shape, entry[0]))
  return Object.fromEntries(known)
}
/**
 * Reads a form. Its fields may stand after the file, so the file is put aside first, in a private temporary file and never in memory:
 * the operation starts when all is there.
 */
async function readForm(op: Operation, request: FastifyRequest, maxBytes: number): Promise<Upload> {
  const fields: Record<string, unknown> = {}
  const aside = path.join(tmpdir(), `steward-upload-${randomUUID()}`)
  const done = () => rm(aside, { force: true })
  let file: { name: string | undefined; mediaType: string } | undefined
  try {
    for await (const part of request.parts({ limits: { fileSize: maxBytes, files: 2, fields: 100, fieldSize: 1_000_000 } })) {
      if (part.type === 'field') addField(fields, part)
      else {
        if (part.fieldname !== 'file' || file !== undefined) throw new Fault('invalid', 'The form must have exactly one file, in a part named file.')
        file = await putAside(part, aside, maxBytes)
      }
    }
    if (file === undefined) throw new Fault('invalid', 'The form has no part named file.')
    const input = gather(op, [request.params, request.query, fields], undefined)
    const said = fieldsOf(op, { name: file.name, mediaType: file.mediaType })
    return { input: { ...said, ...(input as object) }, body: createReadStream(aside), done }
  } catch (error) {
    await done()
    if ((error as { code?: string }).code === 'FST_REQ_FILE_TOO_LARGE') throw tooLarge(maxBytes)
    throw error instanceof Error && !(error instanceof Fault) && !('statusCode' in error)
      ? new Fault('invalid', `The form cannot be read: ${error.message.slice(0, 200)}.`, undefined, { cause: error })
      : error
  }
}
function addField(fields: Record<string, unknown>, part: MultipartValue): void {
  if (Object.hasOwn(fields, part.fieldname)) throw new Fault('invalid', `The form has the field ${part.fieldname.slice(0, 100)} twice.`)
  if (part.valueTruncated) throw new Fault('too_large', `The field ${part.fieldname.slice(0, 100)} of the form is too large.`)
  fields[part.fieldname] = part.value
}
async function putAside(part: MultipartFile, aside: string, maxBytes: number): Promise<{ name: string | undefined; mediaType: string }> {
  await pipeline(part.file, createWriteStream(aside, { flags: 'wx', mode: 0o600 }))
  if (part.file.truncated) throw tooLarge(maxBytes)
  return { name: part.filename || undefined, mediaType: plainType(part.mimetype) ?? 'application/octet-stream' }
}
