import { useEffect, useState, type ClipboardEvent } from 'react'
import { bytes } from '../parts/format.ts'
import { useRead } from '../platform/operations.ts'
import { composer as text } from '../text/composer.ts'
import { uploads } from './draft.ts'

/** What the daemon takes unless it says otherwise. */
const usualMaxBytes = 100_000_000
export interface Attaching {
  /** The largest file that is taken, in bytes. */
  readonly maxBytes: number
  /** A file is being dragged over the page. */
  readonly isDragging: boolean
  add(files: readonly File[]): void
  onPaste(event: ClipboardEvent): void
}
/** Files for a draft, from the picker, the clipboard, and dragged onto the page. Without a session they wait for it. */
export function useAttach(draftId: string, sessionId: string | undefined): Attaching {
  const limit = useRead('settings.get', { key: 'files.maxBytes' })
  const maxBytes = typeof limit.data?.value === 'number' ? limit.data.value : usualMaxBytes
  const [isDragging, setDragging] = useState(false)
  const add = (files: readonly File[]) => {
    uploads.add(draftId, files, maxBytes, text.tooLarge(bytes(maxBytes)))
    if (sessionId !== undefined) void uploads.run(draftId, sessionId)
  }
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setDragging(true)
    }
    const leave = (event: DragEvent) => event.relatedTarget === null && setDragging(false)
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setDragging(false)
      add([...(event.dataTransfer?.files ?? [])])
    }
    document.addEventListener('dragover', over)
    document.addEventListener('dragleave', leave)
    document.addEventListener('drop', drop)
    return () => {
      document.removeEventListener('dragover', over)
      document.removeEventListener('dragleave', leave)
      document.removeEventListener('drop', drop)
    }
  })
  return {
    maxBytes,
    isDragging,
    add,
    onPaste(event) {
      const files = [...event.clipboardData.files]
      if (files.length === 0) return
      // Text that comes with a picture (from a word processor) is what was meant.
      if (event.clipboardData.getData('text/plain') !== '') return
      event.preventDefault()
      add(files)
    },
  }
}
