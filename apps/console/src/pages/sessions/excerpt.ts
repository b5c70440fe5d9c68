/** A stretch of an excerpt; `hit` is what was searched for. */
export interface Stretch {
  readonly text: string
  readonly hit: boolean
}
/** Splits an excerpt at the daemon's marks ‹ and › around what was found. Marks that do not pair are text. */
export function stretches(excerpt: string): readonly Stretch[] {
  return excerpt
    .split(/(‹[^‹›]*›)/)
    .filter((text) => text !== '')
    .map((text) => (/^‹[^‹›]*›$/.test(text) ? { text: text.slice(1, -1), hit: true } : { text, hit: false }))
}
