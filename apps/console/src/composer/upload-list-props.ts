import type { Upload } from './draft-store.ts'

export interface UploadListProps {
  readonly draftId: string
  readonly uploads: readonly Upload[]
  /** Absent: the session is not there yet, and the files wait for it. */
  readonly sessionId?: string | undefined
}
