import { Code } from '../../../parts/code.tsx'
import { bytes } from '../../../parts/format.ts'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { useRead } from '../../../platform/operations.ts'

/** One file of a skill; of bytes that are no text it says only what they are. */
export function SkillFile({ name, path }: { readonly name: string; readonly path: string }) {
  const read = useRead('skills.file', { name, path })
  if (read.isPending) return <Loading />
  if (read.error) return <Failed error={read.error} retry={() => void read.refetch()} />
  const { encoding, content, mediaType, size } = read.data
  return encoding === 'utf8' ? <Code text={content} label={path} /> : <p className="text-muted">{`${mediaType}, ${bytes(size)}`}</p>
}
