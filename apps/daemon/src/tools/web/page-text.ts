/** Media types whose bytes are text already. */
const textual =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|yaml|toml|javascript|ecmascript|x-ndjson|x-sh|sql|graphql|x-www-form-urlencoded)\b|image\/svg\+xml)/i

const charsetOf = (mediaType: string, bytes: Uint8Array): string => {
  const named = /charset\s*=\s*"?([\w.:-]+)/i.exec(mediaType)?.[1]
  if (named !== undefined) return named
  if (!/html|xml/i.test(mediaType)) return 'utf-8'
  const start = Buffer.from(bytes.subarray(0, 2048)).toString('latin1')
  return /<meta[^>]+charset\s*=\s*["']?([\w.:-]+)/i.exec(start)?.[1] ?? /^<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)/i.exec(start)?.[1] ?? 'utf-8'
}

const decoded = (bytes: Uint8Array, charset: string): string => {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

/** Deeper nested pages are cut there, so that no page can exhaust the stack. */
const maxDepth = 200

const htmlText = async (html: string, baseUrl: string): Promise<string> => {
  const { convert } = await import('html-to-text')
  return convert(html, {
    wordwrap: false,
    limits: { maxDepth, ellipsis: '…' },
    selectors: [
      { selector: 'a', options: { baseUrl, hideLinkHrefIfSameAsText: true, noAnchorUrl: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'nav', format: 'skip' },
      { selector: 'table', format: 'dataTable' },
    ],
  })
}

/** The text of a fetched page: HTML as plain text with its links, other text as it is; null for what is no text. */
export const pageText = async (bytes: Uint8Array, mediaType: string, url: string): Promise<string | null> => {
  if (mediaType !== '' && !textual.test(mediaType) && !/html/i.test(mediaType)) return null
  if (mediaType === '' && bytes.includes(0)) return null
  const text = decoded(bytes, charsetOf(mediaType, bytes))
  return /html/i.test(mediaType) ? htmlText(text, url) : text
}
