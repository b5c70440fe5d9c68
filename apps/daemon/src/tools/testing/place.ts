import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFiles } from '../../platform/files/files.ts'
import { createProcesses } from '../../platform/processes/processes.ts'
import type { Fetcher, Question, Todo, Tool, ToolContext } from '../tool.ts'

const none = () => {
  throw new Error('This test has no fetcher.')
}
const noFetcher: Fetcher = { get: none, send: none }

/** A workspace in a temporary folder with the real files and processes; disposing ends every child and removes it. */
export const createPlace = async (given: { fetcher?: Fetcher; sandbox?: 'auto' | 'off'; answers?: Record<string, string | string[]> } = {}) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'steward-tools-')))
  const [root, home] = [join(folder, 'root'), join(folder, 'home')]
  await mkdir(root)
  await mkdir(home)
  const files = createFiles({ roots: [root], home })
  const processes = await createProcesses({ home, daemonId: 'test', sandbox: given.sandbox ?? 'auto', allowEnv: [] })
  let todos: readonly Todo[] = []
  const asked: Question[] = []
  const seen: string[] = []
  const context = (more: Partial<ToolContext> = {}): ToolContext => ({
    callId: 'call_1',
    owner: 'ses_1',
    cwd: root,
    signal: new AbortController().signal,
    outputBytes: 100_000,
    files,
    processes,
    fetcher: given.fetcher ?? noFetcher,
    todos: {
      get: async () => todos,
      set: async (next) => {
        todos = next
      },
    },
    ask: async (questions) => {
      asked.push(...questions)
      return given.answers ?? {}
    },
    progress: (text) => seen.push(text),
    ...more,
  })
  return {
    root,
    folder,
    files,
    processes,
    asked,
    seen,
    context,
    /** Checks the input as the host does, runs the tool, and checks what it gives against its own schema. */
    async call<I>(tool: Tool<I>, input: unknown, more: Partial<ToolContext> = {}) {
      const answer = await tool.run(tool.inputs.parse(input), context(more))
      tool.outputs?.parse(answer.output)
      return { output: answer.output as Record<string, unknown>, text: answer.text ?? '' }
    },
    preview: <I>(tool: Tool<I>, input: unknown) => tool.preview?.(tool.inputs.parse(input), { cwd: root, files }),
    async [Symbol.asyncDispose]() {
      await processes.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type Place = Awaited<ReturnType<typeof createPlace>>

/** Does something as a user whom file permissions hold back, also when the tests run as root. */
export const asOrdinaryUser = async <T>(work: () => Promise<T>): Promise<T> => {
  const { geteuid, seteuid } = process
  if (geteuid === undefined || seteuid === undefined || geteuid() !== 0) return work()
  seteuid(65_534)
  try {
    return await work()
  } finally {
    seteuid(0)
  }
}
