import type { Sender } from '@steward/client'

/** Carries operations; where there is no daemon it has no streams of events. */
export type Reach = Pick<Sender, 'call' | 'upload' | 'download' | 'close'>
