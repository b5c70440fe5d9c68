const isApple = /Mac|iPhone|iPad/.test(navigator.platform)
const names: Readonly<Record<string, string>> = isApple
  ? { mod: '⌘', alt: '⌥', shift: '⇧', Enter: '⏎', Escape: 'Esc', Backspace: '⌫' }
  : { mod: 'Ctrl', alt: 'Alt', shift: 'Shift', Enter: '⏎', Escape: 'Esc', Backspace: '⌫' }

/** Keys as the device writes them, from their names: `mod+k`, `Escape`, `j`. */
const keysOf = (keys: string): string =>
  keys
    .split('+')
    .map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(isApple ? '' : ' ')

/** A key, or keys that are pressed together. */
export const Kbd = ({ keys }: { readonly keys: string }) => (
  <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border px-1 font-sans text-xs whitespace-nowrap text-muted">
    {keysOf(keys)}
  </kbd>
)
