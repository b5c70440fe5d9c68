/** One block of an event stream. `id` is undefined where the block has none. */
export interface SseBlock {
  readonly id?: string
  readonly event: string
  readonly data: string
  readonly retry?: number
}
/** Reads the text of an event stream (WHATWG HTML §9.2), whatever way it is cut. A block that is cut off at the end is dropped. */
export function createSseParser(): (chunk: Uint8Array) => SseBlock[] {
  const decoder = new TextDecoder()
  let pending: string[] = []
  let fields: Record<string, string> = {}
  let data: string[] = []
  let afterReturn = false
  const line = (text: string, blocks: SseBlock[]) => {
    if (text === '') {
      const { id, event = '', retry } = fields
      if (id !== undefined || data.length > 0 || retry !== undefined)
        blocks.push({
          event,
          data: data.join('\n'),
          ...(id === undefined ? {} : { id }),
          ...(/^\d+$/.test(retry ?? '') ? { retry: Number(retry) } : {}),
        })
      fields = {}
      data = []
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) return
    const name = colon === -1 ? text : text.slice(0, colon)
    const value = colon === -1 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'data') data.push(value)
    else if (name === 'event' || name === 'retry' || (name === 'id' && !value.includes('\0'))) fields[name] = value
  }
  return (chunk) => {
    const blocks: SseBlock[] = []
    const text = decoder.decode(chunk, { stream: true })
    let from = 0
    if (afterReturn && text.startsWith('\n')) from = 1
    if (text !== '') afterReturn = false
    const ends = /\r\n|\r|\n/g
    ends.lastIndex = from
    for (let end = ends.exec(text); end; end = ends.exec(text)) {
      pending.push(text.slice(from, end.index))
      line(pending.length === 1 ? (pending[0] ?? '') : pending.join(''), blocks)
      pending = []
      from = ends.lastIndex
      if (from === text.length && end[0] === '\r') afterReturn = true
    }
    if (from < text.length) pending.push(text.slice(from))
    return blocks
  }
}
