import { useEffect, useState } from 'react'
import type { Span } from './highlight.ts'
// oxlint-disable-next-line import/default -- Vite makes a script of the file, and this its address.
import address from './highlight-worker.ts?worker&url'

/** Longer code stays as it is. */
const longest = 200_000
/** Code that still grows is looked at when it has been quiet for so long. */
const quietMs = 150
type Lines = readonly (readonly Span[])[]
const asked = new Map<number, (lines: Lines | undefined) => void>()
let worker: Worker | undefined
let lastId = 0

function ask(code: string, language: string, then: (lines: Lines | undefined) => void): () => void {
  if (worker === undefined) {
    worker = new Worker(address, { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<{ readonly id: number; readonly lines: Lines | undefined }>) => {
      asked.get(data.id)?.(data.lines)
      asked.delete(data.id)
    })
  }
  const id = ++lastId
  asked.set(id, then)
  worker.postMessage({ id, code, language }, [])
  return () => void asked.delete(id)
}
/** The highlighted lines of a code, once they are there; until then, and for what is long or in an unknown language, nothing. */
export function useHighlight(code: string, language: string | undefined): Lines | undefined {
  const [done, setDone] = useState<{ readonly code: string; readonly lines: Lines | undefined }>()
  useEffect(() => {
    if (language === undefined || code.length > longest || code === '') return
    let forget: (() => void) | undefined
    const timer = setTimeout(() => {
      forget = ask(code, language, (lines) => setDone({ code, lines }))
    }, quietMs)
    return () => {
      clearTimeout(timer)
      forget?.()
    }
  }, [code, language])
  return done?.code === code ? done.lines : undefined
}
const byEnding: Readonly<Record<string, string>> = {
  ts: 'typescript',
  tsx: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  go: 'go',
  java: 'java',
  kt: 'kotlin',
  swift: 'swift',
  c: 'c',
  h: 'c',
  cc: 'cpp',
  cpp: 'cpp',
  hpp: 'cpp',
  cs: 'csharp',
  php: 'php',
  lua: 'lua',
  pl: 'perl',
  r: 'r',
  sh: 'bash',
  bash: 'bash',
  zsh: 'bash',
  sql: 'sql',
  json: 'json',
  jsonc: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  toml: 'ini',
  ini: 'ini',
  env: 'ini',
  xml: 'xml',
  html: 'xml',
  svg: 'xml',
  vue: 'xml',
  css: 'css',
  scss: 'scss',
  less: 'less',
  md: 'markdown',
  diff: 'diff',
  patch: 'diff',
  graphql: 'graphql',
  mk: 'makefile',
}
/** The language of a file by its name, if it is one we highlight. */
export function languageOf(path: string): string | undefined {
  const name = path.split('/').at(-1)?.toLowerCase() ?? ''
  if (name === 'makefile') return 'makefile'
  if (name === 'dockerfile') return 'bash'
  return byEnding[name.split('.').at(-1) ?? '']
}
