import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { leanContract } from './build/lean-contract.ts'
import { serviceWorker } from './build/service-worker.ts'

/** Small parts that most pages show. */
const shared =
  /src\/parts\/(?:plain|facts|copy-button|clipboard|dialog|field|meter|json|diff|code|code-bar|code-line|code-rows|use-highlight|use-media|row-context)\.tsx?$|src\/text\/(?:parts|reading)\.ts$|lucide-react/

export default defineConfig(({ mode }) => ({
  base: '/app/',
  plugins: [leanContract(), react(), tailwindcss(), serviceWorker()],
  build: {
    target: 'es2023',
    sourcemap: false,
    // Data addresses of images are no file that a cache can keep.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Many small files are larger together than one, and each is a request.
          groups: [
            { name: 'frame', tags: ['$initial'], priority: 1 },
            { name: 'parts', test: shared, minShareCount: 3, includeDependenciesRecursively: false },
          ],
        },
      },
    },
    // What the session page may load at first is held by test/budget.test.ts.
    chunkSizeWarningLimit: 1_000,
  },
  define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
  server: { proxy: { '/v1': { target: process.env['STEWARD_URL'] ?? 'http://127.0.0.1:4123', ws: true } } },
}))
