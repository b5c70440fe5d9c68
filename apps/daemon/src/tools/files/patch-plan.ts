import type { StructuredPatch } from 'diff'
import { applyPatch } from 'diff/lib/patch/apply.js'
import { parsePatch } from 'diff/lib/patch/parse.js'
import { locate, type Place, readBytes, shown } from '../locate.ts'
import { decodeText, encodeText } from '../text-file.ts'
import { ToolError } from '../tool.ts'

type PatchAction = 'add' | 'update' | 'delete' | 'rename'
/** One file's part of a patch, by names relative to the call's folder. */
interface PatchPart {
  readonly action: PatchAction
  readonly from: string
  readonly to: string
  readonly patch: StructuredPatch
}
/** What a file holds: null when it is not there. */
export type Content = Uint8Array | null
export interface PlannedFile {
  readonly file: string
  readonly before: Content
  readonly after: Content
}
export interface PatchPlan {
  readonly files: readonly PlannedFile[]
  readonly done: readonly { action: PatchAction; path: string; newPath?: string }[]
}

const nowhere = '/dev/null'
const plainName = (name: string, strip: boolean): string => (strip && /^[ab]\//.test(name) ? name.slice(2) : name)

const partOf = (patch: StructuredPatch): PatchPart => {
  const { oldFileName: old, newFileName: next } = patch
  if (old === undefined || next === undefined)
    throw new ToolError('invalid', 'The patch names no file. Put "--- a/path" and "+++ b/path" before each file\'s hunks.')
  if (patch.isBinary === true) throw new ToolError('invalid', `The patch changes the binary file ${next}; only text can be patched.`)
  if (patch.isCopy === true)
    throw new ToolError('invalid', `The patch copies ${old} to ${next}; copies are not supported. Write the new file instead.`)
  const strip = (old === nowhere || old.startsWith('a/')) && (next === nowhere || next.startsWith('b/'))
  const [from, to] = [plainName(old, strip), plainName(next, strip)]
  if (from === nowhere && to === nowhere) throw new ToolError('invalid', 'A part of the patch has /dev/null on both sides.')
  if (patch.isCreate === true || from === nowhere) return { action: 'add', from: to, to, patch }
  if (patch.isDelete === true || to === nowhere) return { action: 'delete', from, to: from, patch }
  const action = from === to ? 'update' : 'rename'
  if (patch.hunks.length === 0 && action === 'update') throw new ToolError('invalid', `The patch for ${to} has no hunks ("@@ -1,3 +1,3 @@").`)
  return { action, from, to, patch }
}

/** The parts of a unified diff, in order. Throws ToolError when it is none. Touches no file. */
export const patchParts = (text: string): PatchPart[] => {
  let parsed: StructuredPatch[]
  try {
    parsed = parsePatch(text.startsWith('\uFEFF') ? text.slice(1) : text)
  } catch (error) {
    throw new ToolError('invalid', `The patch is no valid unified diff: ${error instanceof Error ? error.message : String(error)}.`, { cause: error })
  }
  const parts = parsed.filter((part) => part.hunks.length > 0 || part.isGit === true || part.oldFileName !== undefined).map(partOf)
  if (parts.length === 0)
    throw new ToolError('invalid', 'The patch holds no change. It must be a unified diff with "--- a/path", "+++ b/path" and "@@" hunks.')
  return parts
}

/** Where the parts lie: located, so that nothing outside the workspace can be named. */
export const patchPaths = async (parts: readonly PatchPart[], at: Place): Promise<string[]> => {
  const paths = new Set<string>()
  for (const name of parts.flatMap(({ from, to }) => [from, to])) paths.add(await locate(name, at, 'write'))
  return [...paths]
}

const patched = (content: Uint8Array, { patch, to }: PatchPart): Uint8Array => {
  if (patch.hunks.length === 0) return content
  const before = decodeText(content)
  if (before === null) throw new ToolError('invalid', `${to} is not a text file in UTF-8 or UTF-16, so it cannot be patched. Nothing was changed.`)
  const after = applyPatch(before.text, patch)
  if (after === false) {
    const lines = patch.hunks.map((hunk) => hunk.oldStart).slice(0, 5)
    const advice = 'read it again and make the patch anew'
    throw new ToolError('not_found', `The patch does not fit ${to} (hunks at line ${lines.join(', ')}): ${advice}. Nothing was changed.`)
  }
  return encodeText(after, before)
}

/**
 * Works out what a patch makes of the files, in order, without writing; a file named twice is patched twice.
 * Throws ToolError for the first part that does not fit: a missing file, an existing one to be added, context that differs.
 */
export const planPatch = async (parts: readonly PatchPart[], at: Place): Promise<PatchPlan> => {
  const before = new Map<string, Content>()
  const after = new Map<string, Content>()
  const load = async (file: string): Promise<Content> => {
    if (!before.has(file)) {
      const content = (await at.files.stat(file)) === null ? null : await readBytes(file, at)
      before.set(file, content)
      after.set(file, content)
    }
    return after.get(file) ?? null
  }
  const done = []
  for (const part of parts) {
    const [from, to] = [await locate(part.from, at, 'write'), await locate(part.to, at, 'write')]
    const current = await load(from)
    if (part.action === 'add' ? current !== null : part.action === 'rename' && to !== from && (await load(to)) !== null)
      throw new ToolError('refused', `The patch would make ${part.to}, but it exists already. Nothing was changed.`)
    if (part.action !== 'add' && current === null)
      throw new ToolError('not_found', `The patch changes ${part.from}, which does not exist. Nothing was changed.`)
    const content = patched(current ?? new Uint8Array(), part)
    if (part.action === 'delete') {
      if (part.patch.hunks.length > 0 && (decodeText(content)?.text ?? '') !== '')
        throw new ToolError('refused', `The patch deletes ${part.from} but leaves some of its lines. Nothing was changed.`)
      after.set(from, null)
    } else {
      if (from !== to) after.set(from, null)
      after.set(to, content)
    }
    done.push({ action: part.action, path: shown(from, at), ...(from === to ? {} : { newPath: shown(to, at) }) })
  }
  return { files: [...after].map(([file, content]) => ({ file, before: before.get(file) ?? null, after: content })), done }
}
