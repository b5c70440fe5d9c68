import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { soak } from '@steward/testkit'
import { project } from '../project.ts'
import { createPlace, type Ended, type Place } from '../steward.ts'

const commands = soak(8, 50)
const cycles = soak(2, 10)
const lookMs = 50

/** Whether a process has one of the home's databases open at this moment. */
function holds(pid: string, home: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        const target = readlinkSync(`/proc/${pid}/fd/${fd}`)
        return target.startsWith(home) && /(chat_history|agents|settings)\.db$/.test(target)
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}
const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
const wordsOf = (pid: string) => textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
/** A process that was just forked has its parent's files, and its words, until it becomes the program it was forked for: it has opened nothing. */
const isFork = (pid: string, found: readonly string[]) => {
  const parent = / [A-Z] (\d+) /.exec(textOf(`/proc/${pid}/stat`))?.[1]
  return parent !== undefined && found.includes(parent) && wordsOf(parent) === wordsOf(pid)
}
/** Looks at all processes again and again. Two that are found one after the other may have taken turns: only what the first still holds after the second counts. */
async function watch(home: string, signal: AbortSignal): Promise<{ looks: number; openers: Set<string>; offences: string[] }> {
  const seen = { looks: 0, openers: new Set<string>(), offences: [] as string[] }
  for (; !signal.aborted; await delay(lookMs)) {
    seen.looks++
    const holders = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && holds(name, home))
    const found = holders.filter((pid) => !isFork(pid, holders))
    for (const pid of found) seen.openers.add(pid)
    const [first, ...others] = found
    for (const other of others)
      if (first !== undefined && holds(first, home) && holds(other, home) && holds(first, home))
        seen.offences.push(`${first} (${wordsOf(first)}) and ${other} (${wordsOf(other)})`)
  }
  return seen
}
/** Half of the commands, all at once. */
const wave = (place: Place, name: string) =>
  Promise.all(
    Array.from({ length: commands / 2 }, async (_, nth) => {
      const title = `${name}/${nth}`
      return { title, ended: await place.run(['sessions', 'create', '--title', title]) }
    }),
  )
async function titles(place: Place): Promise<string[]> {
  const found: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer = await place.run(['sessions', 'list', '--limit', '200', ...(cursor === '' ? [] : ['--cursor', cursor])])
    const { items, nextCursor } = JSON.parse(answer.stdout) as { items: { title: string }[]; nextCursor: string | null }
    found.push(...items.map(({ title }) => title))
    cursor = nextCursor
  }
  return found.toSorted()
}
test(
  `${commands} commands at once, ${cycles} times, while the daemon starts and stops: each is carried out once, and never do two processes have a database open`,
  { timeout: 120_000 + cycles * 120_000, skip: process.platform !== 'linux' },
  async () => {
    await using place = await createPlace(project)
    const watcher = new AbortController()
    const watching = watch(place.home, watcher.signal)
    const turns: Ended[] = []
    const made: { title: string; ended: Ended }[] = []
    for (let cycle = 0; cycle < cycles; cycle++) {
      // One comes while there is no daemon, one half of the others while it starts, the other while it stops.
      const title = `${cycle}/alone`
      made.push({ title, ended: await place.run(['sessions', 'create', '--title', title]) })
      const early = wave(place, `${cycle}/early`)
      turns.push(await place.run(['daemon', 'start']))
      const late = wave(place, `${cycle}/late`)
      turns.push(await place.run(['daemon', 'stop']))
      made.push(...(await early), ...(await late))
    }
    watcher.abort()
    const seen = await watching

    expect(turns.filter(({ code }) => code !== 0)).toEqual([])
    expect(turns.filter(({ stdout }) => stdout.startsWith('Steward is running (')).length, 'each start started one').toBe(cycles)
    expect(made.filter(({ ended }) => ended.code !== 0)).toEqual([])
    expect(await titles(place), 'nothing is lost, and nothing is there twice').toEqual(made.map(({ title }) => title).toSorted())
    expect(seen.offences).toEqual([])
    expect(seen.openers.size, 'daemons and commands have taken turns').toBeGreaterThan(cycles)
    console.log(`commands: ${JSON.stringify({ commands: made.length, cycles, looks: seen.looks, openers: seen.openers.size })}`)
  },
)
