import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformWithOxc, type Plugin } from 'vite'

const source = fileURLToPath(new URL('../worker/service-worker.ts', import.meta.url))
const publicFolder = fileURLToPath(new URL('../public', import.meta.url))

/** Makes `sw.js` of worker/service-worker.ts: it gets the list of what was built, and a name for just that. */
export function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      const hash = createHash('sha256')
      for (const [file, made] of Object.entries(bundle)) hash.update(file).update(made.type === 'chunk' ? made.code : made.source)
      const open = readdirSync(publicFolder)
      for (const file of open) hash.update(file).update(readFileSync(path.join(publicFolder, file)))
      const parts = Object.keys(bundle).filter((file) => file !== 'index.html')
      const files = ['', ...parts, ...open].map((file) => `/app/${file}`)
      const built = { version: hash.digest('base64url').slice(0, 12), files }
      const { code } = await transformWithOxc(readFileSync(source, 'utf8'), source, { sourcemap: false })
      this.emitFile({
        type: 'asset',
        fileName: 'sw.js',
        source: `(() => {\nconst built = ${JSON.stringify(built)};\n${code.replace(/export\s*\{\s*\};?/, '')}})();\n`,
      })
    },
  }
}
