import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { z } from 'zod'
import { databaseFiles } from '../storage/store.ts'

export const manifestName = 'manifest.json'
export const keyNames = ['secret.key', 'audit.key'] as const
export const databaseNames = Object.values(databaseFiles)
const Entry = z.object({ path: z.string().regex(/^(?!.*\.\.)[\w./-]+$/), bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
/** What a backup holds. Paths are relative to its folder. */
export const Manifest = z.object({
  format: z.literal(1),
  version: z.string(),
  createdAt: z.iso.datetime(),
  databases: z.array(Entry),
  keys: z.array(Entry),
  files: z.array(Entry),
})
export type Manifest = z.infer<typeof Manifest>
export type ManifestEntry = z.infer<typeof Entry>
export const entriesOf = ({ databases, keys, files }: Manifest): ManifestEntry[] => [...databases, ...keys, ...files]

/** SHA-256 of a file, hex, read as a stream. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
/** Makes the content of a file durable. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
