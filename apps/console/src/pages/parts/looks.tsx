import { Section } from '../../parts/page.tsx'
import { gallery as words } from '../../text/gallery.ts'

const texts = [
  ['ink', 'text-ink'],
  ['muted', 'text-muted'],
  ['accent', 'text-accent'],
  ['good', 'text-good'],
  ['warn', 'text-warn'],
  ['bad', 'text-bad'],
] as const
const surfaces = [
  ['ground', 'bg-ground'],
  ['panel', 'bg-panel'],
  ['raised', 'bg-raised'],
] as const
const soft = [
  ['accent-soft', 'bg-accent-soft text-accent'],
  ['good-soft', 'bg-good-soft text-good'],
  ['warn-soft', 'bg-warn-soft text-warn'],
  ['bad-soft', 'bg-bad-soft text-bad'],
] as const
const series = ['bg-series-1', 'bg-series-2', 'bg-series-3', 'bg-series-4', 'bg-series-5', 'bg-series-6'] as const

function Palette({ theme, name }: { readonly theme: string; readonly name: string }) {
  return (
    <div className={`${theme} flex min-w-0 flex-1 flex-col gap-2 rounded-sm border bg-ground p-3 text-ink`}>
      <span className="text-xs text-muted">{name}</span>
      {surfaces.map(([label, surface]) => (
        <div key={label} className={`${surface} flex flex-wrap gap-x-4 gap-y-1 rounded-sm border px-3 py-2`}>
          <span className="w-16 font-bold">{label}</span>
          {texts.map(([text, colour]) => (
            <span key={text} className={colour}>
              {text}
            </span>
          ))}
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        {soft.map(([label, colours]) => (
          <span key={label} className={`${colours} rounded-sm px-2 py-1`}>
            {label}
          </span>
        ))}
        <span className="rounded-sm bg-accent px-2 py-1 text-on-accent">on-accent</span>
      </div>
      <div aria-hidden className="flex gap-1">
        {series.map((colour) => (
          <span key={colour} className={`${colour} h-4 flex-1 rounded-sm`} />
        ))}
      </div>
    </div>
  )
}
/** Colours in both themes, and the five sizes of type. */
export function Looks() {
  return (
    <>
      <Section id="colours" title={words.colours}>
        <div className="flex gap-3 max-lg:flex-col">
          <Palette theme="theme-light" name={words.light} />
          <Palette theme="theme-dark" name={words.dark} />
        </div>
      </Section>
      <Section id="type" title={words.type}>
        <p className="text-xl">28 — A quiet control room</p>
        <p className="text-lg font-bold">20 — What is running, what waits, what it costs</p>
        <p className="text-md">15 — Prose has air: one and a half lines, at most seventy-two characters in each.</p>
        <p>13 — Lists and data are dense; numbers stand below each other: 1,111.10 and 8,888.80.</p>
        <p className="text-xs text-muted">12 — Notes beside things.</p>
        <p className="font-mono">npm test -- upload</p>
      </Section>
    </>
  )
}
