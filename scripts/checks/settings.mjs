// A setting that nothing reads is a promise that nothing keeps: every key of the contract is read by name somewhere in the daemon.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { sources } from './sources.mjs'

const { settingKeys } = await import(pathToFileURL(path.resolve('packages/contract/src/daemon/settings.ts')).href)
const keys = Object.keys(settingKeys)
const text = sources('apps/daemon/src/*.ts')
  .filter((file) => !/\.test\.ts$|\/testing\//.test(file))
  .map((file) =>
    readFileSync(file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/(^|\s)\/\/.*$/gm, '$1'),
  )
  .join('\n')
const read = new Set([...text.matchAll(/\b(?:setting|get)\(\s*'([^']+)'/g)].map(([, key]) => key))
const idle = keys.filter((key) => !read.has(key))
for (const key of idle)
  console.error(`The setting ${key} is read nowhere in apps/daemon/src: read it with setting('${key}'), or take it out of the contract`)
console.log(`${keys.length} settings, ${idle.length} that nothing reads`)
process.exitCode = idle.length > 0 || keys.length === 0 ? 1 : 0
