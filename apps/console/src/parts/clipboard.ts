/**
 * Puts a text onto the clipboard. A page that came by http from another host has no clipboard of its own: there the old way is taken, which needs a
 * deed of the person. Rejects when the browser allows neither.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    try {
      return await navigator.clipboard.writeText(text)
    } catch {
      // Refused, for instance because the page has no focus: the old way may still go.
    }
  }
  const before = document.activeElement
  const area = document.createElement('textarea')
  area.value = text
  area.setAttribute('readonly', '')
  area.style.position = 'fixed'
  area.style.opacity = '0'
  // Inside an open dialog only what is in it can be selected.
  ;(before?.closest('[role=dialog]') ?? document.body).append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (before instanceof HTMLElement) before.focus()
  if (!done) throw new Error('The browser did not allow to copy. Select the text and copy it by hand.')
}
