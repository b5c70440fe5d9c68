import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
type Linear = readonly [number, number, number]

/** OKLCH to linear sRGB (CSS Color 4, appendix on Oklab), clipped to what a screen can show. */
function linear(colour: string): Linear {
  const [, lightness, chroma, hue] = /^oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)$/.exec(colour)?.map(Number) ?? []
  if (lightness === undefined || chroma === undefined || hue === undefined) throw new Error(`${colour} is no opaque oklch() colour.`)
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)]
  const l = (lightness / 100 + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness / 100 - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness / 100 - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clip = (value: number) => Math.min(Math.max(value, 0), 1)
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}
const luminance = ([red, green, blue]: Linear) => 0.2126 * red + 0.7152 * green + 0.0722 * blue
/** The contrast of two colours as WCAG 2.2 defines it, 1 to 21. */
function contrast(a: string, b: string): number {
  const [one, other] = [luminance(linear(a)), luminance(linear(b))]
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}
const themes = { light: new Map<string, string>(), dark: new Map<string, string>() }
for (const [, name = '', light = '', dark = ''] of css.matchAll(/--([a-z\d-]+): light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\);/g)) {
  themes.light.set(name, light)
  themes.dark.set(name, dark)
}
const surfaces = ['ground', 'panel', 'raised']
const soft = ['accent-soft', 'good-soft', 'warn-soft', 'bad-soft']
/** Which text stands on which surface. */
const texts = [
  ...[...surfaces, ...soft].flatMap((under) => ['ink', 'muted'].map((over) => [over, under] as const)),
  ...surfaces.flatMap((under) => ['accent', 'good', 'warn', 'bad'].map((over) => [over, under] as const)),
  ...['accent', 'good', 'warn', 'bad'].map((over) => [over, `${over}-soft`] as const),
  // States stand in rows that are pointed at or chosen.
  ...['good', 'warn', 'bad'].map((over) => [over, 'accent-soft'] as const),
  ['on-accent', 'accent'] as const,
]
/** Frames of controls, marks of states and what charts draw. */
const marks = [
  ...[...surfaces, ...soft].map((under) => ['line-strong', under] as const),
  ...surfaces.flatMap((under) => [1, 2, 3, 4, 5, 6].map((series) => [`series-${series}`, under] as const)),
]

test.each(['light', 'dark'] as const)('in the %s theme all text can be read and all marks be seen', (theme) => {
  const colour = (name: string) => themes[theme].get(name) ?? `no colour ${name}`
  const below = (pairs: readonly (readonly [string, string])[], least: number) =>
    pairs
      .map(([over, under]) => [`${over} on ${under}`, Number(contrast(colour(over), colour(under)).toFixed(2))] as const)
      .filter(([, found]) => found < least)
  expect(below(texts, 4.5)).toEqual([])
  expect(below(marks, 3)).toEqual([])
})
test('each colour is said for both themes, in one place', () => {
  const said = [...css.matchAll(/^\s*--color-([a-z\d-]+): var\(--([a-z\d-]+)\);/gm)].map(([, name, from]) => [name, from])
  expect(said.length).toBeGreaterThan(20)
  for (const [name, from] of said) expect(name).toBe(from)
  expect(said.map(([name]) => name).filter((name) => !themes.light.has(name ?? ''))).toEqual([])
  expect(css.match(/--ground:/g)).toHaveLength(1)
})
