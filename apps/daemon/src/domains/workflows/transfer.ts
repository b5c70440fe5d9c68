import { Fault } from '@steward/contract'
import type { OpenBytes } from '@steward/kernel'
import { mostBytes } from '../../platform/yaml-reader.ts'

/** Reads an uploaded body as UTF-8 text of at most 1 MiB. Throws Fault `invalid` or `too_large`. */
export async function textOf(body: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  if (!body) throw new Fault('invalid', 'Send the YAML of the workflow as the body, or as the part `file` of a form.')
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > mostBytes) throw new Fault('too_large', 'A workflow as YAML has at most 1 MiB.')
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    throw new Fault('invalid', 'The file is not UTF-8 text.', undefined, { cause: error })
  }
}
/** A text as a download under a file name of plain letters. */
export function download(name: string, text: string): { readonly open: OpenBytes; readonly name: string; readonly size: number } {
  const bytes = new TextEncoder().encode(text)
  async function* open(range?: { start: number; end: number }) {
    yield range ? bytes.subarray(range.start, range.end + 1) : bytes
  }
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug = plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '')
  return { open, name: `${slug || 'workflow'}.yaml`, size: bytes.length }
}
