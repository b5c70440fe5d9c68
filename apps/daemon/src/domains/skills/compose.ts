import { Fault } from '@steward/contract'
import { Document, parseDocument } from 'yaml'
import type { Json } from '../../engine/types.ts'
import { readYaml } from '../../platform/yaml-reader.ts'
import { cutSkill } from './standard.ts'

/** What is to be written of a skill; `undefined` leaves a field as it is, `null` takes it away. */
export interface SkillPatch {
  readonly description?: string | undefined
  readonly body?: string | undefined
  readonly license?: string | null | undefined
  readonly compatibility?: string | null | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly allowedTools?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
}
type Fields = { readonly [key: string]: Json }
/** The fields of a frontmatter, as texts; undefined where it cannot be read. */
function fieldsOf(head: string): Fields | undefined {
  try {
    const { value } = readYaml(head, 'failsafe')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}
/** Each field as the patch wants it; null: away. */
function changes({ metadata, tags, ...patch }: SkillPatch, before: Fields): Readonly<Record<string, Json>> {
  const { tags: tagsBefore, ...othersBefore } = (before['metadata'] ?? {}) as Record<string, Json>
  const tagsNow = tags === undefined ? tagsBefore : [...new Set(tags)].join(', ')
  const all = { ...(metadata ?? othersBefore), ...(tagsNow ? { tags: tagsNow } : {}) }
  const tools = patch.allowedTools
  return {
    ...(patch.description === undefined ? {} : { description: patch.description }),
    ...(patch.license === undefined ? {} : { license: patch.license }),
    ...(patch.compatibility === undefined ? {} : { compatibility: patch.compatibility }),
    ...(metadata === undefined && tags === undefined ? {} : { metadata: Object.keys(all).length === 0 ? null : all }),
    ...(tools === undefined ? {} : { 'allowed-tools': tools.length === 0 ? null : tools.join(' ') }),
  }
}
/**
 * The text of a SKILL.md with the patch applied. `before` is the text it had, or undefined for a new one: fields that are not in the patch, their
 * order and the comments between them stay; only the lines of a folded text may be laid out anew. A frontmatter that cannot be read is replaced by the fields of the patch.
 */
export function composeSkill(name: string, patch: SkillPatch, before?: string): string {
  const cut = before === undefined ? { fault: '' } : cutSkill(before)
  const old = 'head' in cut ? cut : undefined
  const fields = old && fieldsOf(old.head)
  const changed = { name, ...changes(patch, fields ?? {}) }
  const document: Document = old && fields ? parseDocument(old.head, { resolveKnownTags: false, logLevel: 'error' }) : new Document({})
  for (const [key, value] of Object.entries(changed)) {
    if (value === null) document.delete(key)
    else if (value !== fields?.[key]) document.set(key, document.createNode(value))
  }
  const kept = { ...fields, ...changed }
  const body = patch.body ?? old?.body ?? before ?? ''
  return `---\n${written(document, kept)}---\n${body === '' ? '' : `\n${body.replace(/\n*$/, '\n')}`}`
}
/** An alias whose anchor went with a field cannot be written: then the values are written out. */
function written(document: Document, fields: Readonly<Record<string, Json>>): string {
  const how = { lineWidth: 0 } as const
  try {
    return document.toString(how)
  } catch {
    return new Document(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)), { aliasDuplicateObjects: false }).toString(
      how,
    )
  }
}
