import {
  useId,
  type InputHTMLAttributes,
  type ReactElement,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react'

const control = 'w-full rounded-sm border border-line-strong bg-raised px-2 text-ink aria-invalid:border-bad disabled:opacity-55 max-sm:text-[16px]'
interface Described {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}
export interface FieldProps {
  readonly label: ReactNode
  /** Stands beside the label and is no part of its name. */
  readonly note?: ReactNode
  /** What to enter, below the control. */
  readonly hint?: ReactNode
  /** What is wrong with it, and what to do. */
  readonly error?: string | undefined
  /** Hides the label from eyes only. */
  readonly hiddenLabel?: boolean
  readonly className?: string
  /** Gets what ties the control to its label and words. */
  readonly children: (described: Described) => ReactElement
}
/** A control with its label, its hint and what is wrong with it. */
export function Field({ label, note, hint, error, hiddenLabel = false, className = '', children }: FieldProps) {
  const id = useId()
  const says = [hint === undefined ? undefined : `${id}-hint`, error === undefined ? undefined : `${id}-error`].filter((one) => one !== undefined)
  return (
    <div className={`flex flex-col gap-1 ${className}`}>
      <div className={hiddenLabel ? 'sr-only' : 'flex items-center gap-2'}>
        <label htmlFor={id} className="font-bold">
          {label}
        </label>
        {note}
      </div>
      {children({ id, 'aria-describedby': says.length > 0 ? says.join(' ') : undefined, 'aria-invalid': error === undefined ? undefined : true })}
      {hint !== undefined && (
        <div id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </div>
      )}
      {error !== undefined && (
        <div id={`${id}-error`} role="alert" className="text-xs text-bad">
          {error}
        </div>
      )}
    </div>
  )
}
export function Input({ className = '', ...rest }: InputHTMLAttributes<HTMLInputElement> & { readonly ref?: Ref<HTMLInputElement> }) {
  return <input className={`${control} h-8 ${className}`} autoComplete="off" {...rest} />
}
export function TextArea({ className = '', ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & { readonly ref?: Ref<HTMLTextAreaElement> }) {
  return <textarea className={`${control} min-h-16 py-1.5 ${className}`} {...rest} />
}
export interface Option<V extends string = string> {
  readonly value: V
  readonly label: string
  readonly disabled?: boolean
}
export interface SelectProps<V extends string> extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'value' | 'onChange'> {
  readonly value: V
  readonly options: readonly Option<V>[]
  readonly onChange: (value: V) => void
}
/** One of a few. The device's own picker: it fits thumbs and screen readers. */
export function Select<V extends string>({ value, options, onChange, className = '', ...rest }: SelectProps<V>) {
  return (
    <select className={`${control} h-8 ${className}`} value={value} onChange={(event) => onChange(event.target.value as V)} {...rest}>
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
export interface CheckProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'onChange'> {
  readonly label: ReactNode
  readonly onChange: (checked: boolean) => void
}
/** Yes or no. */
export function Check({ label, onChange, className = '', ...rest }: CheckProps) {
  return (
    <label className={`inline-flex min-h-6 items-center gap-2 ${className}`}>
      <input type="checkbox" className="size-4 accent-(--accent)" onChange={(event) => onChange(event.target.checked)} {...rest} />
      <span>{label}</span>
    </label>
  )
}
