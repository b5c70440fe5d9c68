/** Chance that can be had again: the same seed gives the same run of numbers (mulberry32, public domain). */
export interface Random {
  readonly seed: number
  /** 0 ≤ x < 1. */
  next(): number
  /** A whole number, from ≤ x < to. */
  int(from: number, to: number): number
  pick<T>(items: readonly T[]): T
  chance(share: number): boolean
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
  return { seed, next, int, pick: (items) => items[int(0, items.length)]!, chance: (share) => next() < share }
}
