import { fileURLToPath } from 'node:url'

/** The folder of the page for a browser: it logs in and says how the daemon does. Whoever serves HTTP serves it. */
export const welcomeRoot: string = fileURLToPath(new URL('../static', import.meta.url))
