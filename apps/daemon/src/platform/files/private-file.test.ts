import { execFileSync } from 'node:child_process'
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPrivateFile } from './private-file.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'steward-private-'))))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text = 'text', mode = 0o600) => {
  const at = path.join(folder, name)
  writeFileSync(at, text)
  chmodSync(at, mode)
  return at
}

test('a small file of this user alone is read, also through another name of it', () => {
  const at = file('good', 'päss\n')
  expect(readPrivateFile(at)).toEqual({ text: 'päss\n' })
  linkSync(at, `${at}.too`)
  expect(readPrivateFile(`${at}.too`)).toEqual({ text: 'päss\n' })
  expect(readPrivateFile(file('empty', ''))).toEqual({ text: '' })
})
test('what is not there is missing, also where a folder of its path is a file', () => {
  expect(readPrivateFile(path.join(folder, 'nothing'))).toEqual({ missing: true })
  expect(readPrivateFile(path.join(file('flat'), 'below'))).toEqual({ missing: true })
})
test.each([0o640, 0o604, 0o660, 0o622, 0o644])('a file of mode %o is not read', (mode) => {
  expect(readPrivateFile(file(`open-${mode}`, 'text', mode))).toEqual({ why: expect.stringContaining('chmod 600') as string })
})
test('a link, a folder, a pipe, a device and a huge file are not read, and nothing is waited for', () => {
  const link = path.join(folder, 'link')
  symlinkSync(file('target'), link)
  mkdirSync(path.join(folder, 'folder'), { mode: 0o700 })
  const pipe = path.join(folder, 'pipe')
  execFileSync('mkfifo', ['-m', '600', pipe])
  const huge = file('huge')
  truncateSync(huge, 5_000_000_000)
  const why = (at: string) => (readPrivateFile(at) as { why?: string }).why
  expect(why(link)).toContain('is a link')
  expect([path.join(folder, 'folder'), pipe, '/dev/zero'].map(why)).toEqual(
    [0, 1, 2].map(() => expect.stringContaining('not a plain file') as string),
  )
  expect(why(huge)).toContain('larger than 256 KiB')
})
