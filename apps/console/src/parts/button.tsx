import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'

const kinds = {
  primary: 'bg-accent text-on-accent border-transparent hover:opacity-90',
  plain: 'bg-raised text-ink border-line hover:border-line-strong',
  quiet: 'border-transparent text-ink hover:bg-accent-soft',
  danger: 'border-line bg-raised text-bad hover:border-bad',
} as const
/** A thumb gets more than a pointer needs. */
const sizes = { md: 'h-8 px-3 pointer-coarse:h-10', sm: 'h-6 px-2 text-xs pointer-coarse:h-8' } as const
const squares = { md: 'w-8 pointer-coarse:w-10', sm: 'w-6 pointer-coarse:w-8' } as const
export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` is what most want, one at a place; `quiet` has no frame. */
  readonly kind?: keyof typeof kinds
  readonly size?: keyof typeof sizes
  /** It is being done: the button waits, says so, and keeps the focus. */
  readonly busy?: boolean
  readonly ref?: Ref<HTMLButtonElement>
}
const shape =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-sm border whitespace-nowrap select-none transition-[opacity] disabled:opacity-55 aria-busy:opacity-55 aria-busy:after:-ml-1.5 aria-busy:after:content-["…"]'

/** A button with words on it: a verb. */
export function Button({ kind = 'plain', size = 'md', busy = false, className = '', type = 'button', onClick, ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      // Not disabled: that would take the focus away from where a person is.
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={`${shape} ${kinds[kind]} ${sizes[size]} ${className}`}
      {...rest}
    />
  )
}
export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'aria-label'> {
  /** What it does, for those who do not see the icon, and as a hint for those who do. */
  readonly label: string
  readonly children: ReactNode
}
/** A button that is only an icon. */
export function IconButton({ label, kind = 'quiet', size = 'md', className = '', ...rest }: IconButtonProps) {
  return (
    <Button
      kind={kind}
      size={size}
      aria-label={label}
      title={label}
      className={`${squares[size]} px-0! aria-busy:after:content-none! ${className}`}
      {...rest}
    />
  )
}
