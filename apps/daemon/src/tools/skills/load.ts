import { z } from 'zod'
import { boundHead, fitItems } from '../bounds.ts'
import { tool, type Tool } from '../tool.ts'
import { words } from '../words.ts'

/** Skills as one agent may load them. Throws ToolError for what is not there, or is not its to load. */
export interface SkillDesk {
  load(name: string): Promise<{
    readonly description: string
    readonly body: string
    readonly files: readonly { readonly path: string; readonly size: number }[]
  }>
  /** The text of one file of the skill. */
  file(name: string, path: string): Promise<string>
}
export interface SkillShelf {
  /** False while there is no skill that an agent could load. */
  hasSome(): boolean
  /** The skills of the agent that works in a session. */
  deskOf(sessionId: string): Promise<SkillDesk>
}
const describe = words(import.meta.url)
const File = z.strictObject({ path: z.string(), size: z.int() })

/** Makes the tool by which agents load skills, bit by bit: the system prompt has names and descriptions, this the text, and single files when asked. */
export const createSkillLoad = (shelf: SkillShelf): Tool<{ name: string; file?: string | undefined }> =>
  tool({
    id: 'skills.load',
    name: 'Load a skill',
    get description() {
      return describe()
    },
    inputs: z.strictObject({
      name: z.string().min(1).max(200).describe('The name of the skill, as it is listed.'),
      file: z
        .string()
        .min(1)
        .max(1024)
        .optional()
        .describe('A file of the skill, by the path that the skill gave. Leave it out for the skill itself.'),
    }),
    outputs: z.strictObject({ name: z.string(), file: z.string(), text: z.string(), files: z.array(File) }),
    permissions: ['skills:read'],
    risk: 'read',
    repeatable: true,
    inSession: true,
    isDormant: () => !shelf.hasSome(),
    examples: ['load the skill for pdf forms', 'use the release-notes skill'],
    targets: async () => [],
    async run({ name, file }, { owner, outputBytes }) {
      const desk = await shelf.deskOf(owner)
      const most = outputBytes - 1_000
      if (file !== undefined) {
        const text = boundHead(await desk.file(name, file), most)
        return { output: { name, file, text, files: [] }, text }
      }
      const { body, files } = await desk.load(name)
      const shown = fitItems(
        files.map(({ path, size }) => ({ path, size })),
        Math.floor(most / 4),
      )
      const list = shown.map(({ path, size }) => `- ${path} (${size} bytes)`).join('\n')
      const text = boundHead(body, most - Buffer.byteLength(JSON.stringify(shown)))
      const more = shown.length === 0 ? '' : `\n\nFiles of the skill ${name}, read with skills_load and "file":\n${list}`
      return { output: { name, file: 'SKILL.md', text, files: shown }, text: `${text}${more}` }
    },
  })
