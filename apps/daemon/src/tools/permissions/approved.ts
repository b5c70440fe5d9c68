import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'

/** Binds an approval to exactly one call: SHA-256 over the tool and its input. */
export const hashOf = (tool: string, input: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([tool, input]))
    .digest('hex')

/** What of a preview is approved: its words, and of a diff the lines that change. Those around them may move. */
function effectOf(preview: unknown): { summary: unknown; changes: readonly string[] } {
  const { summary, diff } = (preview ?? {}) as { summary?: unknown; diff?: unknown }
  return { summary, changes: typeof diff === 'string' ? diff.split('\n').filter((line) => /^[-+]/.test(line)) : [] }
}
/**
 * Why a call may not run on the strength of its approval, in words for the model; null when it may. An approval is for exactly one call: the
 * same tool and input, with the effect that the person was shown. A change that is there already changes nothing: such a call may be repeated.
 */
export function notAsApproved(
  approval: { readonly hash: string; readonly preview: unknown },
  call: { tool: string; input: unknown; preview: { diff?: string; summary?: string } },
): string | null {
  if (approval.hash !== hashOf(call.tool, call.input))
    return 'Not run: this call is not exactly the one that was approved (a part of it that is not kept, such as a secret, may be missing). Make the call again.'
  if (call.preview.diff === '' || isDeepStrictEqual(effectOf(approval.preview), effectOf(call.preview))) return null
  return 'Not run: what this call would change is no longer what was shown for approval, because the files have changed since. Read them again and make the call anew.'
}
