import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Place } from './steward.ts'

const bin = fileURLToPath(new URL('../bin/steward.mjs', import.meta.url))
export const hasTerminal = process.platform === 'linux' && existsSync('/usr/bin/script')

/** Runs the command at a real terminal (util-linux script) and types each answer when its prompt shows. */
export function atTerminal(place: Place, words: readonly string[], answers: [prompt: string, typed: string][], env: Record<string, string> = {}) {
  const line = [process.execPath, bin, ...words].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const child = spawn('/usr/bin/script', ['-qefc', `stty cols 100; exec ${line}`, '/dev/null'], {
    cwd: place.project,
    env: { PATH: process.env['PATH'] ?? '', HOME: path.dirname(place.home), STEWARD_HOME: place.home, TERM: 'xterm', ...env },
  })
  return new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    let text = ''
    let seen = 0
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const [next] = answers
      if (next === undefined || !text.slice(seen).includes(next[0])) return
      seen = text.length
      answers.shift()
      child.stdin.write(next[1])
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, text }))
  })
}
