import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** Ways in which a file's bytes can travel, the best first. `identity`: as they are. */
const encodings = ['br', 'gzip', 'identity'] as const
export type Encoding = (typeof encodings)[number]
export interface StaticFile {
  readonly type: string
  /** Names this content in this encoding (RFC 9110 §8.8.3). */
  etag(encoding: Encoding): string
  /** The bytes. What is compressed is compressed once, off the main thread. */
  read(encoding: Encoding): Promise<Buffer>
  /** Of what a client accepts the best for this file: pictures and small files travel as they are. */
  encodingFor(accepted: string | undefined): Encoding
}
export interface StaticFolder {
  /** A file by its path with slashes. */
  find(name: string): StaticFile | undefined
}
const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}
/** The media type of a file by its name. */
export const mediaTypeOf = (file: string) => mediaTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream'
const shrinks = /^(text\/|application\/(json|manifest\+json|wasm)|image\/svg)/
/** Under so many bytes a compressed file saves nothing. */
const leastBytes = 1_000
/** At most so many compressed bytes of one folder are kept in memory; what is beyond is compressed anew. */
const keptBytes = 16_000_000

const compress = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 9 }),
} as const
/** The codings that a client accepts (RFC 9110 §12.5.3), those it forbids with `q=0` left out. */
function acceptedOf(header: string): Set<string> {
  const parts = header.toLowerCase().split(',')
  return new Set(parts.filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part)).map((part) => part.split(';', 1)[0]?.trim() ?? ''))
}
/**
 * The files of a folder. They are listed when one is first asked for, and again when the page has changed: a console can be built anew under a daemon that runs. What a
 * request can name is what is in the list, so no path can lead out.
 */
export function createStaticFolder(root: string): StaticFolder {
  let files = new Map<string, StaticFile>()
  let listedAt: number | undefined
  let kept = 0
  const fileOf = (file: string): StaticFile => {
    const { mtimeMs, size } = statSync(file)
    const hash = createHash('sha256').update(`${file}:${mtimeMs}:${size}`).digest('base64url').slice(0, 27)
    const type = mediaTypeOf(file)
    const held = new Map<Encoding, Promise<Buffer>>()
    const made = async (encoding: 'br' | 'gzip') => {
      const bytes = await compress[encoding](await readFile(file))
      if (kept + bytes.length > keptBytes) held.delete(encoding)
      else kept += bytes.length
      return bytes
    }
    return {
      type,
      etag: (encoding) => (encoding === 'identity' ? `"${hash}"` : `"${hash}-${encoding}"`),
      read(encoding) {
        if (encoding === 'identity') return readFile(file)
        const bytes = held.get(encoding) ?? made(encoding)
        held.set(encoding, bytes)
        bytes.catch(() => held.delete(encoding))
        return bytes
      },
      encodingFor(header = '') {
        if (size < leastBytes || !shrinks.test(type)) return 'identity'
        const accepted = acceptedOf(header)
        return encodings.find((encoding) => accepted.has(encoding)) ?? 'identity'
      },
    }
  }
  const list = () => {
    const page = path.join(root, 'index.html')
    const changedAt = existsSync(page) ? statSync(page).mtimeMs : 0
    if (changedAt === listedAt) return
    listedAt = changedAt
    kept = 0
    files = new Map()
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name)
      if (entry.isFile()) files.set(path.relative(root, file).split(path.sep).join('/'), fileOf(file))
    }
  }
  return {
    find(name) {
      list()
      return files.get(name)
    },
  }
}
