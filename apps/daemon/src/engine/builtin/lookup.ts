export interface Found {
  readonly text: string
  /** The dotted path where it was, when that differs from the words asked for. */
  readonly where: string | null
}
const GROUPS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies', 'engines', 'scripts']
const plain = (key: string): string => key.toLowerCase().replaceAll(/[\s_-]/g, '')

/** The value that a text file gives to a key: JSON by dotted path or package name, else a `key: value` or `key = value` line. Null when there is none. */
export function lookUp(content: string, key: string): Found | null {
  const wanted = key
    .replace(/^(?:the )?(?:version|value|range) (?:of|for) (?:the )?/i, '')
    .replace(/\s+(?:version|package|dependency|command)$/i, '')
    .trim()
  const owned = /^(.+?)['’]s (.+)$/.exec(key)
  const of = /^(.+?) of (?:the )?(.+)$/.exec(key)
  const names = new Set([key, wanted, ...(owned ? [`${owned[1]}.${owned[2]}`] : []), ...(of ? [`${of[2]}.${of[1]}`] : [])])
  for (const name of names) {
    const found = json(content, name) ?? line(content, name)
    if (found) return found
  }
  const script = /^(.+?) script$/i.exec(key)?.[1]
  return script ? json(content, `scripts.${script}`) : null
}
function json(content: string, key: string): Found | null {
  let root: unknown
  try {
    root = JSON.parse(content)
  } catch {
    return null
  }
  const paths = [key.split('.'), [key], ...GROUPS.map((group) => [group, key])]
  for (const [index, path] of paths.entries()) {
    const value = path.reduce<unknown>(member, root)
    if (value !== undefined)
      return { text: typeof value === 'string' ? value : JSON.stringify(value, null, 2), where: index > 1 ? path.join('.') : null }
  }
  return null
}
/** An own member by its name, exact or with other capitals and dashes. Inherited members (`constructor`) are not values of a file. */
function member(at: unknown, key: string): unknown {
  if (typeof at !== 'object' || at === null) return undefined
  const name = Object.hasOwn(at, key) ? key : Object.keys(at).find((one) => plain(one) === plain(key))
  return name === undefined ? undefined : Object.entries(at).find(([one]) => one === name)?.[1]
}
function line(content: string, key: string): Found | null {
  for (const row of content.split('\n')) {
    const match = /^\s*(?:[-*]\s+)?(?:export\s+)?["'*]{0,2}([\w .@/-]+?)["'*]{0,2}\s*[:=]\s*["'*]{0,2}\s*(.*?)["',;*]{0,3}\s*$/.exec(row)
    const name = match?.[1] ?? ''
    if (match?.[2] && (plain(name) === plain(key) || plain(name) === plain(key.split('.').at(-1) ?? key))) return { text: match[2], where: null }
  }
  return null
}
