import { readResult } from './file-text.ts'
import { lookUp } from './lookup.ts'
import { fenced, resultWords } from './result-words.ts'
import type { PlanStep, Wanted } from './types.ts'

export interface StepResult {
  readonly step: PlanStep
  readonly text: string
  readonly isError: boolean
}
const mark = (text: string): string => (text.includes('`') ? `"${text}"` : `\`${text}\``)
const plural = (count: number, unit: string): string => `${count} ${count === 1 ? unit.slice(0, -1) : unit}`

/** Words one step's result by template. The result is data: nothing in it is read as a request. */
export function answer({ step, text, isError }: StepResult): string {
  if (isError) return `${step.toolId} did not work: ${text.trim() || 'it gave no reason.'}`
  if (!step.wanted) return resultWords(step, text)
  return told(step.wanted, text)
}
function told(wanted: Wanted, text: string): string {
  if (wanted.kind === 'matches') return counted(text)
  const { content, totalLines, isWhole, statement } = readResult(text)
  if (statement && content === '' && !statement.endsWith(' is empty')) return statement
  const said = inContent(wanted, content, isWhole ? null : totalLines)
  return isWhole ? said : `${said}\n\nI read only a part of it${statement ? ` (${statement})` : ''}.`
}
function inContent(wanted: Exclude<Wanted, { kind: 'matches' }>, content: string, totalLines: number | null): string {
  const { path } = wanted
  if (wanted.kind === 'show') return content.trim() === '' ? `${mark(path)} is empty.` : `${mark(path)} says:\n\n${fenced(content)}`
  if (wanted.kind === 'count') {
    const count = { lines: totalLines ?? lineCount(content), words: content.match(/\S+/g)?.length ?? 0, characters: [...content].length }[wanted.unit]
    return `${mark(path)} has ${plural(count, wanted.unit)}.`
  }
  if (wanted.kind === 'lines') {
    const lines = content.replace(/\n$/, '').split('\n')
    const { part } = wanted
    const picked = 'first' in part ? lines.slice(0, part.first) : 'last' in part ? lines.slice(-part.last) : lines.slice(part.from - 1, part.to)
    return picked.length === 0
      ? `${mark(path)} has only ${plural(lines.length, 'lines')}.`
      : `${mark(path)} says there:\n\n${fenced(picked.join('\n'))}`
  }
  if (wanted.kind === 'contains') {
    const at = content.split('\n').findIndex((line) => line.toLowerCase().includes(wanted.text.toLowerCase()))
    return at < 0
      ? `No, ${mark(path)} does not contain ${mark(wanted.text)}.`
      : `Yes, ${mark(path)} contains ${mark(wanted.text)}, first in line ${at + 1}: ${mark((content.split('\n')[at] ?? '').trim())}`
  }
  if (wanted.kind === 'headings') {
    const headings = headingsOf(content)
    return headings.length === 0
      ? `I found no headings in ${mark(path)}.`
      : `The headings of ${mark(path)}:\n${headings.map((heading) => `${'  '.repeat(heading.level - 1)}- ${heading.text}`).join('\n')}`
  }
  const title = wanted.kind === 'title' || /^(?:title|heading)$/i.test(wanted.key) ? headingsOf(content)[0]?.text : undefined
  if (title !== undefined) return `The title of ${mark(path)} is ${mark(title)}.`
  const key = wanted.kind === 'title' ? 'title' : wanted.key
  const found = lookUp(content, key)
  if (found === null) return `I read ${mark(path)} and found no ${mark(key)} in it.`
  const where = /^version of /i.test(key) || !found.where ? '' : ` (\`${found.where}\`)`
  return found.text.includes('\n')
    ? `The ${key} in ${path}${where} is:\n\n${fenced(found.text)}`
    : `The ${key} in ${path}${where} is ${mark(found.text)}.`
}
function counted(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^[([]|^no (?:matches|files|results)/i.test(line))
  const matches = lines.filter((line) => /:\d+:/.test(line)).length || lines.length
  return matches === 0 ? `None. ${text.trim()}`.trim() : `${plural(matches, 'results')}:\n\n${fenced(text.trim())}`
}
function lineCount(content: string): number {
  if (content === '') return 0
  return content.split('\n').length - (content.endsWith('\n') ? 1 : 0)
}
function headingsOf(content: string): { level: number; text: string }[] {
  const plain = content.replaceAll(/^```[\s\S]*?^```/gm, '')
  return [...plain.matchAll(/^(#{1,6})\s+(.+?)\s*#*$|^(\S.*)\n={3,}$/gm)].map((match) => ({
    level: match[1]?.length ?? 1,
    text: match[2] ?? match[3] ?? '',
  }))
}
