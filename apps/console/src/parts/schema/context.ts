import { createContext, use, type ComponentType } from 'react'
import type { Problems } from './check.ts'
import type { Schema } from './shape.ts'

export interface FieldOf {
  /** What it is called. */
  readonly name: string
  readonly schema: Schema
  readonly value: unknown
  /** Undefined takes the value out. */
  readonly onChange: (value: unknown) => void
  readonly path: string
  readonly required: boolean
  /** The name is for those who do not see the place it stands in. */
  readonly hiddenLabel?: boolean
}
export interface FormOf {
  readonly root: Schema
  readonly templates: boolean
  /** What is wrong at a place, when it is time to say so. */
  readonly problems: Problems
  /** Someone was there and left. */
  readonly leave: (path: string) => void
  /** The field for any schema: fields that hold fields get it from here. */
  readonly Any: ComponentType<FieldOf>
}
export const FormContext = createContext<FormOf | null>(null)

export function useForm(): FormOf {
  const form = use(FormContext)
  if (form === null) throw new Error('A field stands in a form.')
  return form
}
