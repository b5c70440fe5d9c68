/**
 * An amount as a person writes it: `2.5`, `2,5`, `$2.50`; null for nothing, which often means no limit at all. What is no amount stays the text: sent so, it is refused
 * in the daemon's own words, while JSON would make of NaN the null that means nothing.
 */
export function readAmount(written: string): number | string | null {
  const text = written.trim()
  if (text === '') return null
  const plain = text.replace(/^\$\s*/, '').replace(/^(-?\d*),(\d+)$/, '$1.$2')
  return /^-?(?:\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : text
}
/** The same, as an input that takes numbers alone; the daemon refuses what is none. */
export const sentAmount = (written: string, times = 1): number | null => {
  const amount = readAmount(written)
  return typeof amount === 'number' ? amount * times : (amount as number | null)
}
/** What something may cost, in USD: null for no limit, undefined for what is no amount or not from 0 to 100,000. */
export function readBudget(written: string): number | null | undefined {
  const amount = readAmount(written)
  return amount === null || (typeof amount === 'number' && amount >= 0 && amount <= 100_000) ? amount : undefined
}
