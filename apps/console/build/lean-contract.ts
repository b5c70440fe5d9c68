import type { Plugin } from 'vite'
import { logComponents, logLevels, operations } from '@steward/contract/daemon'

/**
 * What a browser needs to know of the contract: which call changes something, and where its key lies. The schemas stay with the daemon, which checks every call, and in
 * the types; with them the page would load twice as much. Lists of names that a page offers come along.
 */
export function leanContract(): Plugin {
  const facts = Object.fromEntries(
    Object.entries(operations).map(([name, { http, database, bytes }]) => [
      name,
      // Of its address only whether it reads.
      { http: http.startsWith('GET ') ? 'GET ' : 'POST ', ...(database ? { database: 'named' } : {}), ...(bytes ? { bytes } : {}) },
    ]),
  )
  const id = '\0lean-contract'
  return {
    name: 'lean-contract',
    enforce: 'pre',
    resolveId: (source) => (source === '@steward/contract/daemon' ? id : undefined),
    load: (wanted) =>
      wanted === id
        ? Object.entries({ operations: facts, logComponents, logLevels })
            .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`)
            .join('\n')
        : undefined,
  }
}
