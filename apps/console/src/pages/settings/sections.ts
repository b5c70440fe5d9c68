import type { ComponentType } from 'react'
import { late } from '../../parts/late.ts'
import type { settings } from '../../text/settings.ts'

export type SectionName = keyof typeof settings.sections
/** The parts of the settings, in their order; each is loaded when it is opened. */
export const sections: Readonly<Record<SectionName, ComponentType>> = {
  models: late(async () => (await import('./models/models.tsx')).Models),
  agents: late(async () => (await import('./agents/agents.tsx')).Agents),
  permissions: late(async () => (await import('./permissions/permissions.tsx')).Permissions),
  tokens: late(async () => (await import('./tokens/tokens.tsx')).Tokens),
  channels: late(async () => (await import('./channels.tsx')).Channels),
  hooks: late(async () => (await import('./hooks/hooks.tsx')).Hooks),
  skills: late(async () => (await import('./skills/skills.tsx')).Skills),
  secrets: late(async () => (await import('./secrets.tsx')).Secrets),
  general: late(async () => (await import('./general/general.tsx')).General),
  backups: late(async () => (await import('./backups.tsx')).Backups),
  appearance: late(async () => (await import('./appearance.tsx')).Appearance),
  notifications: late(async () => (await import('./notifications.tsx')).Notifications),
  about: late(async () => (await import('./about.tsx')).About),
}
export const isSection = (name: string): name is SectionName => Object.hasOwn(sections, name)
