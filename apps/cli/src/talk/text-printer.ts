import { spliceText, type SplicedText } from '@steward/client'

/**
 * Writes messages as they come: each flash is spliced at its offset, and only what was not written yet is written. A message that turns out
 * to differ from what stands there is written anew on a line of its own, so that the whole is always shown. Every message ends its line.
 */
export function createTextPrinter(write: (text: string) => void) {
  let current: { id: string; spliced: SplicedText; written: string } | undefined
  const ended = new Set<string>()
  let open = false
  const put = (text: string) => {
    if (text === '') return
    write(text)
    open = !text.endsWith('\n')
  }
  const endLine = () => {
    if (open) put('\n')
  }
  const show = (text: string) => {
    if (!current || current.written === text) return
    if (text.startsWith(current.written)) put(text.slice(current.written.length))
    else if (!current.written.startsWith(text)) {
      endLine()
      put(text)
    }
    current.written = text
  }
  const take = (id: string) => {
    if (current?.id === id) return current
    endLine()
    current = { id, spliced: spliceText(), written: '' }
    return current
  }
  return {
    /** More of a message, at an offset in UTF-16 units. */
    token(id: string, offset: number, text: string): void {
      if (ended.has(id)) return
      const { spliced } = take(id)
      if (spliced.splice(offset, text)) show(spliced.text)
    },
    /** The whole of a message. */
    final(id: string, text: string): void {
      if (ended.has(id)) return
      ended.add(id)
      take(id)
      show(text)
      endLine()
    },
    endLine,
  }
}
