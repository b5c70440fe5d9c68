import { useState } from 'react'
import { Select } from '../../parts/field.tsx'
import { Page } from '../../parts/page.tsx'
import { chooseTheme, chosenTheme, type Theme } from '../../platform/theme.ts'
import { gallery as words } from '../../text/gallery.ts'
import { Controls } from './controls.tsx'
import { Figures } from './figures.tsx'
import { Forms } from './forms.tsx'
import { Looks } from './looks.tsx'
import { Overlays } from './overlays.tsx'
import { Tables } from './tables.tsx'
import { Texts } from './texts.tsx'

const sections = [
  'colours',
  'type',
  'buttons',
  'fields',
  'states',
  'notes',
  'tabs',
  'overlays',
  'meters',
  'charts',
  'graphs',
  'forms',
  'tables',
  'texts',
] as const
const themes = (['system', 'light', 'dark'] as const).map((value) => ({ value, label: words.themes[value] }))

/** Every part in each of its states. */
export function PartsPage() {
  const [theme, setTheme] = useState<Theme>(chosenTheme)
  const choose = (chosen: Theme) => {
    chooseTheme(chosen)
    setTheme(chosen)
  }
  return (
    <Page wide title={words.title} about={words.about} actions={<Select aria-label={words.theme} value={theme} options={themes} onChange={choose} />}>
      <nav aria-label={words.contents} className="flex flex-wrap gap-x-4 gap-y-1">
        {sections.map((section) => (
          <a key={section} href={`#${section}`} className="py-1 text-accent underline">
            {words[section]}
          </a>
        ))}
      </nav>
      <Looks />
      <Controls />
      <Overlays />
      <Figures />
      <Forms />
      <Tables />
      <Texts />
    </Page>
  )
}
