const mark = '[redacted]'
/** Shapes of well-known credentials: provider keys, forge and cloud tokens, our own tokens, private keys. */
const shapes: readonly RegExp[] = [
  /\bsk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{20,}/g,
  /\bAIza[0-9A-Za-z_-]{35}\b/g,
  /\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36,}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{22,}\b/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bstw_[A-Za-z0-9_-]{20,}/g,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$)/g,
]
const hints = /sk-|AIza|gh[pousr]_|github_pat_|xox|AKIA|ASIA|stw_|PRIVATE KEY/
const shortest = 8

/**
 * Takes secrets out of whatever leaves for a log, an event, a transcript or the history: the values that are known (stored keys, the owner's
 * token, secrets of the environment) wherever they stand, also inside JSON, and text that has the shape of a well-known credential.
 */
export function createRedactor(known: () => readonly string[]) {
  const text = (value: string): string => {
    let clean = value
    for (const secret of known()) if (secret.length >= shortest && clean.includes(secret)) clean = clean.replaceAll(secret, mark)
    if (hints.test(clean)) for (const shape of shapes) clean = clean.replace(shape, mark)
    return clean
  }
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) {
      const next = value.map(walk)
      return next.some((item, index) => item !== value[index]) ? next : value
    }
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
    let changed = false
    const next: Record<string, unknown> = {}
    for (const [key, inner] of Object.entries(value)) {
      next[key] = walk(inner)
      if (next[key] !== inner) changed = true
    }
    return changed ? next : value
  }
  /** The same value, by identity where nothing had to go. */
  return <T>(value: T): T => walk(value) as T
}
/** Secrets that stand in the environment: the values of variables whose names say so. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value && value.length >= shortest && /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL)S?$/i.test(name) ? [value] : [],
  )
}
