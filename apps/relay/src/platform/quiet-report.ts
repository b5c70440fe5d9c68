/** Complaints of one kind are told once in this time, with their number. */
const quietMs = 10_000

/** Tells the first complaint of each 10 s, in `words` with the number of those kept back before it. */
export function createQuietReport(report: (error: unknown) => void, words: (times: number) => string): (cause: unknown) => void {
  let kept = 0
  let quietUntil = 0
  return (cause) => {
    kept++
    if (performance.now() < quietUntil) return
    report(new Error(words(kept), { cause }))
    kept = 0
    quietUntil = performance.now() + quietMs
  }
}
