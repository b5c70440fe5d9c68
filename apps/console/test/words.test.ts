import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { wordsIn } from './words.ts'

const source = fileURLToPath(new URL('../src', import.meta.url))

test('every word that a person reads is in the catalogue', () => {
  // The page that shows all parts shows them with things made up for it.
  const files = globSync('**/*.tsx', { cwd: source }).filter((file) => !file.startsWith('pages/parts/'))
  expect(files.length).toBeGreaterThan(30)
  expect(files.flatMap((file) => wordsIn(file, readFileSync(path.join(source, file), 'utf8')).map((found) => `${file}:${found}`))).toEqual([])
})
test('words are found wherever JSX can hold them, and signs, names of classes and texts of the catalogue are none', () => {
  const offences = [
    '<p>Save</p>',
    "<p>{'Save'}</p>",
    "<p>{isOn && (x === 'y' ? 'Save' : text.other)}</p>",
    '<p>{`Save ${count}`}</p>',
    "<p>{name + ' saved'}</p>",
    '<button aria-label="Save" />',
    "<img alt={x ?? 'Save'} />",
    '<Field label={`Save`} />',
    '<input placeholder="Save" />',
    '<a title="Save">·</a>',
  ]
  for (const offence of offences) expect([offence, wordsIn('a.tsx', `const a = ${offence}`).length]).toEqual([offence, 1])
  for (const good of [
    '<p className="flex">{text.save} · {count}</p>',
    '<Tab value="all" label={text.all} />',
    "<p>{state === 'open' && <b />}</p>",
    "<p>{t('a')} ×</p>",
    '<kbd>Esc</kbd>',
  ])
    expect([good, wordsIn('a.tsx', `const a = ${good}`)]).toEqual([good, []])
})
