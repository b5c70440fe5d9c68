import { z } from 'zod'
import { boundHead } from '../bounds.ts'
import { tool } from '../tool.ts'
import { words } from '../words.ts'

const describe = words(import.meta.url)
const Option = z.strictObject({
  label: z.string().trim().min(1).max(100),
  description: z.string().max(500).optional().describe('What choosing it means.'),
})
const Question = z.strictObject({
  id: z.string().min(1).max(64).describe('Your own short name for it; the answer comes under it.'),
  question: z.string().trim().min(1).max(2000),
  header: z.string().max(20).optional().describe('One or two words to show above it.'),
  options: z
    .array(Option)
    .min(2)
    .max(5)
    .refine((options) => new Set(options.map(({ label }) => label)).size === options.length, 'Two options have the same label.')
    .optional()
    .describe('Answers to choose from; the person may still write another. Leave out for a free answer.'),
  multiSelect: z.boolean().optional().describe('Several options may be chosen. Default false.'),
})
const inputs = z.strictObject({
  questions: z
    .array(Question)
    .min(1)
    .max(4)
    .refine((questions) => new Set(questions.map(({ id }) => id)).size === questions.length, 'Two questions have the same id; each needs its own.'),
})
const outputs = z.strictObject({ answers: z.record(z.string(), z.union([z.string(), z.array(z.string())])) })

const answered = (answer: string | readonly string[] | undefined): string | string[] => (typeof answer === 'string' ? answer : [...(answer ?? [])])

/** Asks the person one to four questions and waits for the answers. Asking again under the same call finds the same answers. */
export const questions = tool({
  id: 'ask.questions',
  name: 'Ask the person',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['ask:questions'],
  risk: 'read',
  repeatable: true,
  inSession: true,
  examples: ['ask me which database to use', 'ask the user before going on', 'let me choose between the two options'],
  targets: async () => [],
  async run(input, context) {
    const given = await context.ask(input.questions)
    /** Each answer in its share of the room. */
    const share = Math.floor((context.outputBytes - 500) / input.questions.length / 2)
    const cut = (text: string) => boundHead(text, share)
    const answers = Object.fromEntries(
      input.questions.map(({ id }) => {
        const answer = answered(given[id])
        return [id, typeof answer === 'string' ? cut(answer) : answer.slice(0, 20).map((one) => boundHead(one, Math.floor(share / 20)))] as const
      }),
    )
    const lines = input.questions.map(({ id, question }) => {
      const answer = answers[id] ?? ''
      const said = typeof answer === 'string' ? answer : answer.join(', ')
      return `${boundHead(question, 300)}\n→ ${said === '' ? '(no answer)' : said}`
    })
    return { output: { answers }, text: boundHead(lines.join('\n'), context.outputBytes) }
  },
})
