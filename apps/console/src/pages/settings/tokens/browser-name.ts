/** The first that fits is it: each browser also names those it descends from. */
const browsers = [
  ['Edge', /Edg(?:A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Firefox', /(?:Firefox|FxiOS)\//],
  ['Chrome', /(?:Chrome|CriOS)\//],
  ['Safari', /Version\/.*Safari\//],
] as const
const systems = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Macintosh|Mac OS X/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux|X11/],
] as const
const nameIn = (names: readonly (readonly [string, RegExp])[], client: string) => names.find(([, sign]) => sign.test(client))?.[0]

/** What a browser is and runs on, as far as its User-Agent (RFC 9110 §10.1.5) tells: never more than a hint. */
export const browserName = (client: string): { readonly browser: string | undefined; readonly system: string | undefined } => ({
  browser: nameIn(browsers, client),
  system: nameIn(systems, client),
})
