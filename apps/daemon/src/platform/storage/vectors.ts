import type { Database } from './database.ts'

/** SQLite's functions on vectors (sqlite-vec). Loaded when something first needs them; loading twice is nothing. */
export async function loadVectors(db: Database): Promise<void> {
  const { getLoadablePath } = await import('sqlite-vec')
  db.enableLoadExtension(true)
  try {
    db.loadExtension(getLoadablePath())
  } finally {
    db.enableLoadExtension(false)
  }
}
/** A vector as SQLite keeps it: 32-bit floats, little-endian. */
export const toBlob = (vector: readonly number[]): Uint8Array => {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4))
  for (const [at, value] of vector.entries()) bytes.setFloat32(at * 4, value, true)
  return new Uint8Array(bytes.buffer)
}
/** The signs of a vector, a bit each, as sqlite-vec packs them (the first in the lowest bit). Near vectors differ in few of them. */
export const signsOf = (vector: readonly number[]): Uint8Array => {
  const bits = new Uint8Array(Math.ceil(vector.length / 8))
  for (const [at, value] of vector.entries()) if (value > 0) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))
  return bits
}
