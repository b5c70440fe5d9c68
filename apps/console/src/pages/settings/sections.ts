import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import type { settings } from '../../text/settings.ts'

export type SectionName = keyof typeof settings.sections
/** The parts of the settings, in their order; each is loaded when it is opened. */
export const sections: Readonly<Record<SectionName, LazyExoticComponent<ComponentType>>> = {
  models: lazy(async () => ({ default: (await import('./models/models.tsx')).Models })),
  agents: lazy(async () => ({ default: (await import('./agents/agents.tsx')).Agents })),
  permissions: lazy(async () => ({ default: (await import('./permissions/permissions.tsx')).Permissions })),
  tokens: lazy(async () => ({ default: (await import('./tokens/tokens.tsx')).Tokens })),
  channels: lazy(async () => ({ default: (await import('./channels.tsx')).Channels })),
  hooks: lazy(async () => ({ default: (await import('./hooks/hooks.tsx')).Hooks })),
  skills: lazy(async () => ({ default: (await import('./skills/skills.tsx')).Skills })),
  secrets: lazy(async () => ({ default: (await import('./secrets.tsx')).Secrets })),
  general: lazy(async () => ({ default: (await import('./general/general.tsx')).General })),
  backups: lazy(async () => ({ default: (await import('./backups.tsx')).Backups })),
  appearance: lazy(async () => ({ default: (await import('./appearance.tsx')).Appearance })),
  notifications: lazy(async () => ({ default: (await import('./notifications.tsx')).Notifications })),
  about: lazy(async () => ({ default: (await import('./about.tsx')).About })),
}
export const isSection = (name: string): name is SectionName => Object.hasOwn(sections, name)
