import { expect, test } from 'vitest'
import { findTools, type ToolApp } from './tool.ts'

const tool = (id: string, name: string, description: string) => ({ id, name, description }) as ToolApp['tools'][number]
const apps: ToolApp[] = [
  { id: 'files', name: 'Files', tools: [tool('files.read', 'Read', 'Reads a file.'), tool('files.list', 'List', 'Lists a folder.')] },
  { id: 'git', name: 'Git', tools: [tool('git.log', 'Log', 'Shows commits.')] },
]
const found = (query: string) => findTools(apps, query).map((one) => one.tool.id)

test('tools are found by each word in their id, name, description or app', () => {
  expect(found('')).toEqual(['files.read', 'files.list', 'git.log'])
  expect(found('FILE')).toEqual(['files.read', 'files.list'])
  expect(found('files folder')).toEqual(['files.list'])
  expect(found('commits  git')).toEqual(['git.log'])
  expect(found('nothing')).toEqual([])
})
