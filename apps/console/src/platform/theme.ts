/** How the console looks: as the device says, or as the person does. Kept in this browser. */
export type Theme = 'system' | 'light' | 'dark'
const kept = 'steward.theme'

export function chosenTheme(): Theme {
  const value = localStorage.getItem(kept)
  return value === 'light' || value === 'dark' ? value : 'system'
}
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(kept)
  else localStorage.setItem(kept, theme)
  showTheme()
}
/** Puts the theme onto the page. */
export function showTheme(): void {
  const theme = chosenTheme()
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  // Around the page the device paints what fits; the two metas are for light and dark (index.html).
  const [light, dark] = document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')
  if (!light || !dark) return
  light.media = theme === 'system' ? '(prefers-color-scheme: light)' : theme === 'light' ? 'all' : 'not all'
  dark.media = theme === 'system' ? '(prefers-color-scheme: dark)' : theme === 'dark' ? 'all' : 'not all'
}
