import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { leanContract } from './build/lean-contract.ts'
import { serviceWorker } from './build/service-worker.ts'

export default defineConfig(({ mode }) => ({
  base: '/app/',
  plugins: [leanContract(), react(), tailwindcss(), serviceWorker()],
  build: {
    target: 'es2023',
    sourcemap: false,
    // Data addresses of images are no file that a cache can keep.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the session page may load at first is held by test/budget.test.ts.
    chunkSizeWarningLimit: 1_000,
  },
  define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
  server: { proxy: { '/v1': { target: process.env['STEWARD_URL'] ?? 'http://127.0.0.1:4123', ws: true } } },
}))
