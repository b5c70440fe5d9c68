import { common, states } from './common.ts'
import { frame } from './frame.ts'
import { reading } from './reading.ts'

/** All words of the console, by room. */
export const text = { common, states, frame, reading }
