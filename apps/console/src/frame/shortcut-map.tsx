import { Dialog } from '../parts/dialog.tsx'
import { shortcuts as words } from '../text/shortcuts.ts'
import { places } from './places.ts'

const isMac = () => /Mac|iPhone|iPad/.test(navigator.platform)
const named = (key: string) => key.replace('mod+', isMac() ? '⌘ ' : 'Ctrl ')
type Line = readonly [keys: readonly string[], does: string]
const parts: readonly (readonly [title: string, lines: readonly Line[]])[] = [
  [words.parts.everywhere, words.everywhere],
  [words.parts.pages, places.map(({ go, label }): Line => [['G', go.toUpperCase()], label])],
  [words.parts.lists, words.lists],
  [words.parts.inbox, words.inbox],
  [words.parts.conversation, words.conversation],
]
/** The map of all keys. */
export function ShortcutMap({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title={words.title} shape="wide">
      <div className="gap-8 sm:columns-2">
        {parts.map(([title, lines]) => (
          <section key={title} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 font-bold">{title}</h3>
            <dl>
              {lines.map(([keys, does]) => (
                <div key={does} className="flex h-7 items-center gap-3">
                  <dt className="flex w-24 shrink-0 gap-1">
                    {keys.map((key) => (
                      <kbd key={key} className="rounded-sm border bg-panel px-1.5 py-0.5 font-sans text-xs whitespace-nowrap">
                        {named(key)}
                      </kbd>
                    ))}
                  </dt>
                  <dd className="min-w-0 flex-1">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
