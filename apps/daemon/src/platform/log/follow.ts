import { setTimeout as sleep } from 'node:timers/promises'
import type { LogLine } from '@steward/contract/daemon'
import { linesForward, type LogSource } from './file-lines.ts'
import { parseLine, rawLine } from './lines.ts'
import { openSources } from './sources.ts'

const pauseMs = 200
/** A line without its end is waited for, unless it is as long as this. */
const longestLine = 1024 * 1024
/** How far each file has been read, by its id. */
export type Places = Map<string, number>
export const placesAfter = (files: readonly LogSource[]): Places => new Map(files.map(({ id, size }) => [id, size]))

/**
 * What is appended from now on, in order, whatever is put aside meanwhile and whoever writes it: files are known by what they are, not by their
 * names. Looks five times a second. Ends with the signal.
 */
export async function* followLog(home: string, places: Places, signal: AbortSignal): AsyncGenerator<readonly LogLine[]> {
  while (!signal.aborted) {
    const fresh = await readFresh(home, places)
    if (fresh.length > 0) yield fresh
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
async function readFresh(home: string, places: Places): Promise<LogLine[]> {
  await using sources = await openSources(home)
  const known = new Set(sources.files.map(({ id }) => id))
  for (const id of places.keys()) if (!known.has(id)) places.delete(id)
  const fresh: LogLine[] = []
  for (const file of sources.files) {
    const from = places.get(file.id) ?? 0
    if (file.size < from) places.set(file.id, 0)
    if (file.size <= from) continue
    let raw: string[] = []
    let end = from
    const block = () => {
      if (raw.length > 0) fresh.push(rawLine(raw.join('\n'), file.writtenAt))
      raw = []
    }
    for await (const one of linesForward(file, from)) {
      const isOpen = one.end === file.size && one.end - end < longestLine && (await isCut(file))
      if (isOpen) break
      end = one.end
      const line = parseLine(one.text)
      if (!line) raw.push(one.text)
      else {
        block()
        fresh.push(line)
      }
    }
    block()
    places.set(file.id, end)
  }
  return fresh.toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time))
}
/** Whether the last line of a file has no end yet. */
async function isCut({ handle, size }: LogSource): Promise<boolean> {
  const { buffer } = await handle.read({ buffer: Buffer.alloc(1), position: size - 1 })
  return buffer[0] !== 0x0a
}
