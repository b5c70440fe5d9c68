import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { pagesRoot } from './index.ts'

test('the built console is served where it is, the plain page where it is not', () => {
  const built = mkdtempSync(path.join(tmpdir(), 'steward-pages-'))
  try {
    const plain = pagesRoot(built)
    expect(plain).not.toBe(built)
    const page = readFileSync(path.join(plain, 'index.html'), 'utf8')
    for (const [, file = ''] of page.matchAll(/(?:src|href)="\/app\/(.+?)"/g)) expect(() => readFileSync(path.join(plain, file)), file).not.toThrow()
    expect(page).not.toMatch(/<style|<script>|style=|\son\w+=/)
    writeFileSync(path.join(built, 'index.html'), '')
    expect(pagesRoot(built)).toBe(built)
  } finally {
    rmSync(built, { recursive: true })
  }
})
