/** Chance that can be had again: the same seed gives the same run of numbers (mulberry32, public domain). */
export interface Random {
  readonly seed: number
  /** 0 ≤ x < 1. */
  next(): number
  /** A whole number, from ≤ x < to. */
  int(from: number, to: number): number
  pick<T>(items: readonly T[]): T
  chance(share: number): boolean
  shuffled<T>(items: readonly T[]): T[]
  /** A chance of its own for one purpose: how often it is asked changes nothing for the others. */
  of(purpose: string): Random
}
/** From a seed, or from STEWARD_SEED, or from one that is drawn now. A test prints it where it fails. */
export function createRandom(seed = Number(process.env['STEWARD_SEED'] ?? Math.floor(Math.random() * 2 ** 31))): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from))
  return {
    seed,
    next,
    int,
    pick: <T>(items: readonly T[]) => items[int(0, items.length)] as T,
    chance: (share) => next() < share,
    shuffled<T>(items: readonly T[]) {
      const left = [...items]
      return items.map(() => left.splice(int(0, left.length), 1)[0] as T)
    },
    of: (purpose) => createRandom([...purpose].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), seed ^ 0x811c9dc5)),
  }
}
