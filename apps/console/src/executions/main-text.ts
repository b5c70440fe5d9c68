/** The one text of a value that a person would want to read, such as a file's content or what a command printed; null where it is data. */
export function mainText(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const texts = Object.values(value).filter((inner): inner is string => typeof inner === 'string' && (inner.includes('\n') || inner.length > 80))
  const [longest] = texts.toSorted((one, other) => other.length - one.length)
  return longest ?? null
}
