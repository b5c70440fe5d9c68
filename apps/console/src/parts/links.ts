/** The address of a link that may be followed from a text of others: http, https and mailto only, and only whole ones. */
export function safeAddress(address: string): URL | undefined {
  const url = URL.parse(address)
  return url !== null && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url : undefined
}
/** The host that a link leads to, when its words look like the address of another. */
export function otherHost(words: string, { protocol, host, pathname }: URL): string | undefined {
  const [, pretended] = /(?:^|[\s/@(])((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})(?=$|[\s/:?#)])/u.exec(words.trim()) ?? []
  if (pretended === undefined) return undefined
  const real = protocol === 'mailto:' ? (pathname.split('@').at(-1) ?? '') : host.replace(/:\d+$/, '')
  const bare = (name: string) => name.toLowerCase().replace(/^www\./, '')
  return bare(pretended) === bare(real) || looksLikeFile(pretended) ? undefined : real
}
/** `readme.md` is a file, not a host. */
const looksLikeFile = (name: string) =>
  /\.(?:md|ts|tsx|js|jsx|mjs|py|rs|go|json|ya?ml|toml|sh|c|h|cpp|java|rb|css|html|txt|sql)$/i.test(name) && name.split('.').length === 2

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  trade: '™',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  times: '×',
  larr: '←',
  rarr: '→',
  uarr: '↑',
  darr: '↓',
  deg: '°',
  middot: '·',
  bull: '•',
  laquo: '«',
  raquo: '»',
  euro: '€',
  check: '✓',
}
/** Character references of a text as what they stand for; unknown ones stay. */
export const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name] ?? whole
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'
  })
