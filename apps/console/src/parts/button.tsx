import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'

const kinds = {
  primary: 'bg-accent text-on-accent border-transparent hover:opacity-90',
  plain: 'bg-raised text-ink border-line hover:border-line-strong',
  quiet: 'border-transparent text-ink hover:bg-accent-soft',
  danger: 'border-line bg-raised text-bad hover:border-bad',
} as const
const sizes = { md: 'h-8 px-3', sm: 'h-6 px-2 text-xs' } as const
export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` is what most want, one at a place; `quiet` has no frame. */
  readonly kind?: keyof typeof kinds
  readonly size?: keyof typeof sizes
  /** It is being done: the button waits, and says so. */
  readonly busy?: boolean
  readonly ref?: Ref<HTMLButtonElement>
}
const shape =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-sm border whitespace-nowrap select-none disabled:opacity-55 transition-[opacity]'

/** A button with words on it: a verb. */
export function Button({ kind = 'plain', size = 'md', busy = false, className = '', type = 'button', disabled, ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
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
    <Button kind={kind} size={size} aria-label={label} title={label} className={`${size === 'md' ? 'w-8' : 'w-6'} px-0! ${className}`} {...rest} />
  )
}
