import type { Resource } from '@modelcontextprotocol/server'
import type { Memory, Skill } from '@steward/contract/daemon'

type Contents = { readonly text: string } | { readonly blob: string }
/**
 * One kind of thing that hosts read as resources, `SCHEME://ID` or `SCHEME://ID/PATH`: a row that names the operations behind it. A kind of which the
 * contract lacks an operation is not offered.
 */
export interface ResourceKind {
  readonly scheme: string
  readonly list: {
    readonly operation: string
    readonly input: Readonly<Record<string, unknown>>
    resource(item: never): Omit<Resource, 'uri'> & { readonly id: string }
  }
  readonly read: {
    readonly operation: string
    /** What to ask for `SCHEME://ID/PATH`; `path` is empty where there is none. undefined: such an address means nothing. */
    input(id: string, path: string): Readonly<Record<string, unknown>> | undefined
    contents(answer: never): Contents & { readonly mimeType: string }
  }
  readonly templates: readonly { readonly uriTemplate: string; readonly name: string; readonly description: string; readonly mimeType?: string }[]
  /** The events that change what there is to list or read, with the id of what they tell of. */
  readonly events: Readonly<Record<string, (data: never) => string>>
}
const kind = <T extends ResourceKind>(one: T): T => one

/** The user's skills: `skill://NAME` is its SKILL.md, `skill://NAME/PATH` one of its files. */
const skills = kind({
  scheme: 'skill',
  list: {
    operation: 'skills.list',
    input: { status: 'valid' },
    resource: ({ name, description, updatedAt }: Skill) => ({
      id: name,
      name,
      title: `Skill: ${name}`,
      description,
      mimeType: 'text/markdown',
      annotations: { lastModified: updatedAt },
    }),
  },
  read: {
    operation: 'skills.file',
    input: (name, path) => ({ name, path: path === '' ? 'SKILL.md' : path }),
    contents: ({ content, encoding, mediaType }: { content: string; encoding: string; mediaType: string }) => ({
      ...(encoding === 'utf8' ? { text: content } : { blob: content }),
      mimeType: mediaType,
    }),
  },
  templates: [
    { uriTemplate: 'skill://{name}', name: 'skill', description: 'The SKILL.md of a skill.', mimeType: 'text/markdown' },
    { uriTemplate: 'skill://{name}/{+path}', name: 'skill-file', description: 'A file of a skill, by its path in the folder of the skill.' },
  ],
  events: { 'skill.changed': ({ name }: { name: string }) => name, 'skill.removed': ({ name }: { name: string }) => name },
})
const titleLength = 80
const idOf = ({ memoryId }: { memoryId: string }) => memoryId
/** What is remembered for everyone: `memory://ID` is the text of one memory. */
const memories = kind({
  scheme: 'memory',
  list: {
    operation: 'memory.list',
    input: {},
    resource: ({ id, kind: what, text, tags, updatedAt }: Memory) => ({
      id,
      name: id,
      title: text.trim().split('\n', 1)[0]?.slice(0, titleLength) ?? id,
      description: tags.length > 0 ? `A ${what} about ${tags.join(', ')}.` : `A ${what}.`,
      mimeType: 'text/markdown',
      annotations: { lastModified: updatedAt },
    }),
  },
  read: {
    operation: 'memory.get',
    input: (id, path) => (path === '' ? { id } : undefined),
    contents: ({ text }: Memory) => ({ text, mimeType: 'text/markdown' }),
  },
  templates: [
    { uriTemplate: 'memory://{id}', name: 'memory', description: 'A note, a fact or a document that is remembered.', mimeType: 'text/markdown' },
  ],
  events: { 'memory.saved': idOf, 'memory.updated': idOf, 'memory.deleted': idOf },
})
export const resourceKinds: readonly ResourceKind[] = [skills, memories]
