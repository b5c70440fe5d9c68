import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { pagesOf, readPage, shownAs, type Block } from './blocks.ts'
import { createWorkbench, repository, type Ran, type Workbench } from './workbench.ts'

const marks = ['run', 'apply', 'output']
/** Whether a reader does something with this block. */
export const isFollowed = ({ words: [, mark = ''] }: Block): boolean => marks.includes(mark) || mark.startsWith('new=')
/** Whether the page is of those that have a reader test and check the code. */
export const changesCode = (blocks: readonly Block[]): boolean =>
  blocks.some(({ words: [, mark], text }) => mark === 'run' && /^npm (test|run check)\b/m.test(text))

/** Does with each block of a page what its mark says, from top to bottom, as a reader would. Answers how many blocks of commands were run. */
export function follow(bench: Workbench, blocks: readonly Block[], run = bench.run): number {
  let ran: Ran = { status: 0, output: '' }
  for (const { words, text, line } of blocks) {
    const [, mark = ''] = words
    if (mark === 'apply') bench.apply(text)
    else if (mark.startsWith('new=')) bench.write(mark.slice('new='.length), text)
    else if (mark === 'output') expect(ran.output, `the output shown in line ${line}`).toMatch(shownAs(text))
    else if (mark === 'run') {
      ran = run(text)
      expect(ran.status, `line ${line}: ${text}${ran.output.slice(-6000)}`).toBe(0)
    }
  }
  return blocks.filter(({ words: [, mark] }) => mark === 'run').length
}
/** A test for each page that has something to follow and is one of the chosen. They share one copy: what is compiled and checked for one need not be for the next. */
export function followPages(isChosen: (blocks: readonly Block[]) => boolean): void {
  let bench: Workbench
  beforeAll(() => void (bench = createWorkbench()), 60_000)
  afterEach(() => bench.reset())
  afterAll(() => bench[Symbol.dispose]())
  for (const page of pagesOf(repository)) {
    const blocks = readPage(repository, page)
    if (!blocks.some(isFollowed) || !isChosen(blocks)) continue
    test(`a reader who follows ${page} step by step gets what it says`, { timeout: 300_000 }, () => {
      // What npx itself does is seen where most readers begin.
      expect(follow(bench, blocks, page === 'README.md' ? bench.run : bench.runBriefly)).toBeGreaterThan(0)
    })
  }
}
