import { useState } from 'react'
import { Page } from '../../parts/page.tsx'
import { chooseTheme, chosenTheme, type Theme } from '../../platform/theme.ts'
import { appearance, settings } from '../../text/settings.ts'

const themes = ['system', 'light', 'dark'] as const satisfies readonly Theme[]

/** How the console looks in this browser. */
export function Appearance() {
  const [theme, setTheme] = useState(chosenTheme)
  const choose = (next: Theme) => {
    chooseTheme(next)
    setTheme(next)
  }
  return (
    <Page title={settings.sections.appearance} about={appearance.about}>
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 font-bold">{appearance.theme}</legend>
        {themes.map((one) => (
          <label key={one} className="inline-flex min-h-8 items-center gap-2 self-start">
            <input type="radio" name="theme" className="size-4 accent-(--accent)" checked={theme === one} onChange={() => choose(one)} />
            {appearance.themes[one]}
          </label>
        ))}
      </fieldset>
    </Page>
  )
}
