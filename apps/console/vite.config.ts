import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { operations } from '@steward/contract/daemon'

/**
 * What a browser needs to know of the contract: which call changes something, and where its key lies. The schemas stay with the daemon, which checks every call, and in
 * the types; with them the page would load twice as much.
 */
function leanContract(): Plugin {
  const facts = Object.fromEntries(
    Object.entries(operations).map(([name, { http, database, bytes }]) => [
      name,
      { http, ...(database ? { database: 'named' } : {}), ...(bytes ? { bytes } : {}) },
    ]),
  )
  const id = '\0lean-contract'
  return {
    name: 'lean-contract',
    enforce: 'pre',
    resolveId: (source) => (source === '@steward/contract/daemon' ? id : undefined),
    load: (wanted) => (wanted === id ? `export const operations = ${JSON.stringify(facts)}` : undefined),
  }
}

export default defineConfig(({ mode }) => ({
  base: '/app/',
  plugins: [leanContract(), react(), tailwindcss()],
  build: {
    target: 'es2023',
    sourcemap: false,
    // Data addresses of images are no file that a cache can keep.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
  server: { proxy: { '/v1': { target: process.env['STEWARD_URL'] ?? 'http://127.0.0.1:4123', ws: true } } },
}))
