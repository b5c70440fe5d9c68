const areas = new Map<string, HTMLTextAreaElement>()
/** The draft of a session that is not there yet. */
export const newDraft = 'new'
/** An area that is not on the page yet is waited for no longer than this: later the focus belongs to something else. */
const patienceMs = 10_000
let wanted: { readonly id: string; readonly until: number } | undefined

function take(area: HTMLTextAreaElement): void {
  area.focus()
  area.setSelectionRange(area.value.length, area.value.length)
}
/** Says where the text of a draft is written, so that it can be focused from elsewhere. */
export function placeArea(id: string, area: HTMLTextAreaElement | null): void {
  if (area === null) return void areas.delete(id)
  areas.set(id, area)
  if (wanted?.id !== id) return
  const isTime = performance.now() < wanted.until
  wanted = undefined
  if (isTime) take(area)
}
/** Puts the cursor at the end of a draft's text, as soon as it is on the page. */
export function focusArea(id: string): void {
  const area = areas.get(id)
  wanted = area === undefined ? { id, until: performance.now() + patienceMs } : undefined
  if (area !== undefined) take(area)
}
