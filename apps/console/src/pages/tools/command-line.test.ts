import { expect, test } from 'vitest'
import { pairsOf, wordsOf } from './command-line.ts'

test('a command line is read as words, quotes keep blanks together', () => {
  expect(wordsOf('npx -y server "/home/me/my notes"  \'a b\' c\\ d')).toEqual(['npx', '-y', 'server', '/home/me/my notes', 'a b', 'c d'])
  expect(wordsOf('x "" --flag="a b"')).toEqual(['x', '', '--flag=a b'])
  expect(wordsOf('  ')).toEqual([])
})
test('pairs are read a line each; a line without a name is told', () => {
  expect(pairsOf('A=1\n\n B = x=y ', '=')).toEqual({ pairs: { A: '1', B: 'x=y' } })
  expect(pairsOf('Authorization: Bearer {{secrets.key}}', ':')).toEqual({ pairs: { Authorization: 'Bearer {{secrets.key}}' } })
  expect(pairsOf('A=1\n=x', '=')).toEqual({ wrong: '=x' })
})
