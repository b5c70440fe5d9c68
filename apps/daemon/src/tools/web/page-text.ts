import type { FetchedPage } from '../tool.ts'

/** Media types whose bytes are text already. */
const textual =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|yaml|toml|javascript|ecmascript|x-ndjson|x-sh|sql|graphql|x-www-form-urlencoded)\b|image\/svg\+xml)/i

const charsetOf = (mediaType: string, bytes: Uint8Array): string | null => {
  const named = /charset\s*=\s*"?([\w.:-]+)/i.exec(mediaType)?.[1]
  if (named !== undefined) return named
  if (!/html|xml/i.test(mediaType)) return null
  const start = Buffer.from(bytes.subarray(0, 2048)).toString('latin1')
  return /<meta[^>]+charset\s*=\s*["']?([\w.:-]+)/i.exec(start)?.[1] ?? /^<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)/i.exec(start)?.[1] ?? null
}

/** In the named character set; without one, or with an unknown one, UTF-8 and else windows-1252 (as browsers do). Of a cut page a half character at the end is left out. */
const decoded = (bytes: Uint8Array, charset: string | null, cut: boolean): string => {
  for (const name of [charset, 'utf-8']) {
    if (name === null) continue
    try {
      return new TextDecoder(name, { fatal: true }).decode(bytes, { stream: cut })
    } catch {
      continue
    }
  }
  return new TextDecoder('windows-1252').decode(bytes)
}

/** Deeper nested pages are cut there, so that no page can exhaust the stack. */
const maxDepth = 200

const htmlText = async (html: string, baseUrl: string): Promise<string> => {
  const { convert } = await import('html-to-text')
  return convert(html, {
    wordwrap: false,
    limits: { maxDepth, ellipsis: '…' },
    selectors: [
      {
        selector: 'a',
        options: { pathRewrite: (path: string) => URL.parse(path, baseUrl)?.href ?? path, hideLinkHrefIfSameAsText: true, noAnchorUrl: true },
      },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: 'img', format: 'skip' },
      { selector: 'nav', format: 'skip' },
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    ],
  })
}

/** The text of a fetched page: HTML as plain text with its links, other text as it is; null for what is no text. */
export const pageText = async ({ bytes, mediaType, url, truncated }: FetchedPage): Promise<string | null> => {
  if (mediaType !== '' && !textual.test(mediaType) && !/html/i.test(mediaType)) return null
  if (mediaType === '' && bytes.includes(0)) return null
  const text = decoded(bytes, charsetOf(mediaType, bytes), truncated)
  return /html/i.test(mediaType) ? htmlText(text, url) : text
}
