import { createContext } from 'react'

/** Stands in a row that is a stop of its own for the keyboard: what is in it need not be one just to be read. */
export const RowContext = createContext(false)
