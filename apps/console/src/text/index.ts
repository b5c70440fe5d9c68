import { common, states } from './common.ts'
import { frame } from './frame.ts'

/** All words of the console, by room. */
export const text = { common, states, frame }
