// Draws the icons that devices ask for from public/icon.svg: `node apps/console/test/icons.ts`, once after the drawing has changed.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startBrowser } from './harness.ts'

const at = (file: string) => fileURLToPath(new URL(`../public/${file}`, import.meta.url))
const svg = readFileSync(at('icon.svg'), 'utf8')
/** A device cuts its own shape out of these: colour to the edge, the sign in the middle four fifths. */
const whole = svg.replace(' rx="14"', '').replace('<path ', '<path transform="translate(6.4 6.4) scale(.8)" ')
const icons = [
  ['icon-192.png', 192, svg],
  ['icon-512.png', 512, svg],
  ['icon-maskable-512.png', 512, whole],
  ['apple-touch-icon.png', 180, whole],
] as const
const browser = await startBrowser()
const page = await browser.newPage()
for (const [file, size, drawing] of icons) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`)
  await page.screenshot({ path: at(file), omitBackground: true })
}
await browser.close()
