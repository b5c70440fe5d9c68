import { openConsole, startBrowser, startHost } from './harness.ts'
await using host = await startHost()
const browser = await startBrowser()
for (const [width, scheme] of [[1440, 'light'], [1440, 'dark'], [390, 'dark'], [390, 'light'], [1024, 'light']] as const) {
  if (process.argv[2] && !`${width}${scheme}`.includes(process.argv[2])) continue
  await using opened = await openConsole(browser, host, { colorScheme: scheme, viewport: { width, height: width < 720 ? 844 : 900 } })
  await opened.go('/parts')
  await opened.page.getByLabel('Path').waitFor()
  const height = await opened.page.evaluate(() => document.querySelector('main > div')!.scrollHeight + 60)
  console.log(width, scheme, height)
  await opened.page.setViewportSize({ width, height })
  await opened.page.waitForTimeout(600)
  for (let top = 0, part = 0; top < height; top += 1500, part++)
    await opened.page.screenshot({ path: `/tmp/look-parts/p-${width}-${scheme}-${part}.png`, clip: { x: width > 800 ? 190 : 0, y: top, width: width > 800 ? width - 190 : width, height: Math.min(1500, height - top) } })
  if (opened.wrong.length) console.log(opened.wrong)
}
await browser.close()
