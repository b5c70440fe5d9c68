import { randomUUID } from 'node:crypto'
import { base64, forgedFor, mark, type World } from './world.ts'

/** What another account asks of one operation, naming all it can of the victim's. */
export interface Row {
  ask(world: World): Readonly<Record<string, unknown>>
  /** `refused`: nothing of the victim's is there for others. `own`: it is about whoever asks, so it is done for him, in his own account. */
  readonly gets: 'refused' | 'own'
}
const refused = (ask: Row['ask']): Row => ({ ask, gets: 'refused' })
const own = (ask: Row['ask'] = () => ({})): Row => ({ ask, gets: 'own' })
const bytes = base64('theirs')
const sealed = { header: bytes, body: bytes, dataEncryptionKey: bytes }
const ofSession = ({ session }: World) => ({ sessionId: session })
const theSession = ({ session }: World) => ({ id: session })
const theVoice = ({ voice }: World) => ({ id: voice })
const theMachine = ({ machine }: World) => ({ id: machine })
const theArtifact = ({ artifact }: World) => ({ id: artifact })
const pair = ({ session, machine }: World) => ({ sessionId: session, machineId: machine })
const theFile = ({ session, file }: World) => ({ sessionId: session, file })
const amounts = { tokens: { total: 9 }, cost: { total: 9 } }

/** Every operation of the relay has its row: one that is new and has none fails the test. */
export const rows: Readonly<Record<string, Row>> = {
  'auth.login': refused(({ victim }) => forgedFor(victim.account.publicKey)),
  'auth.request': own(({ terminal }) => ({ publicKey: terminal })),
  'auth.status': own(({ terminal }) => ({ publicKey: terminal })),
  'auth.respond': refused(({ terminal }) => ({ publicKey: terminal, response: bytes })),
  'auth.linkRequest': own(),
  'auth.linkRespond': refused(({ tablet }) => ({ publicKey: tablet, response: bytes })),
  'auth.me': own(),
  'auth.refresh': own(),
  'auth.logout': own(),
  'devices.list': own(({ device }) => ({ cursor: `${device.slice(0, -1)} ` })),
  'devices.revoke': refused(({ device }) => ({ id: device })),
  'changes.list': own(() => ({ since: 0 })),
  'messages.latest': refused(ofSession),
  'messages.page': refused((world) => ({ ...ofSession(world), after_seq: 0 })),
  'messages.append': refused((world) => ({ ...ofSession(world), messages: [{ content: 'theirs', localId: mark }] })),
  'messages.send': refused((world) => ({ ...ofSession(world), content: 'theirs' })),
  'sessions.create': own(() => ({ tag: mark, metadata: 'theirs' })),
  'sessions.list': own(),
  'sessions.page': own(({ session }) => ({ cursor: `cursor_v1_${session}z`, changedSince: 0 })),
  'sessions.active': own(),
  'sessions.get': refused(theSession),
  'sessions.update': refused((world) => ({ ...theSession(world), metadata: 'theirs', agentState: 'theirs' })),
  'sessions.archive': refused(theSession),
  'sessions.delete': refused(theSession),
  'sessions.deleteMany': own(({ session }) => ({ ids: [session] })),
  'machines.create': own((world) => ({ ...theMachine(world), metadata: 'theirs' })),
  'machines.list': own(),
  'machines.get': refused(theMachine),
  'machines.setMetadata': refused((world) => ({ ...theMachine(world), metadata: 'theirs', expectedVersion: 0 })),
  'machines.setState': refused((world) => ({ ...theMachine(world), daemonState: 'theirs', expectedVersion: 0 })),
  'machines.delete': refused(theMachine),
  'artifacts.list': own(),
  'artifacts.ofSession': refused(ofSession),
  'artifacts.get': refused(theArtifact),
  'artifacts.create': own((world) => ({ ...theArtifact(world), ...sealed })),
  'artifacts.createInSession': refused((world) => ({ ...ofSession(world), ...sealed, id: randomUUID() })),
  'artifacts.update': refused((world) => ({ ...theArtifact(world), header: bytes, body: bytes })),
  'artifacts.delete': refused(theArtifact),
  'accessKeys.get': refused(pair),
  'accessKeys.create': refused((world) => ({ ...pair(world), data: 'theirs' })),
  'accessKeys.update': refused((world) => ({ ...pair(world), data: 'theirs', expectedVersion: 1 })),
  'kv.get': refused(() => ({ key: mark })),
  'kv.list': own(() => ({ prefix: mark.slice(0, 8) })),
  'kv.bulk': own(() => ({ keys: [mark] })),
  'kv.mutate': own(() => ({ mutations: [{ key: mark, value: bytes, version: -1 }] })),
  'account.profile': own(),
  'account.settings': own(),
  'account.saveSettings': own(() => ({ settings: 'theirs', expectedVersion: 0 })),
  'accounts.export': own(),
  'accounts.delete': refused(({ victim }) => ({ confirm: Buffer.from(victim.account.publicKey, 'base64').toString('hex') })),
  'pushTokens.list': own(),
  'pushTokens.add': own(() => ({ token: mark })),
  'pushTokens.remove': own(() => ({ token: mark })),
  'push.event': refused((world) => ({ ...ofSession(world), kind: 'done', title: 'theirs', body: 'theirs' })),
  'usage.report': refused((world) => ({ ...ofSession(world), key: mark, ...amounts })),
  'usage.query': refused(ofSession),
  'vendors.register': own(() => ({ vendor: 'openai', token: 'theirs' })),
  'vendors.token': own(() => ({ vendor: 'openai' })),
  'vendors.tokens': own(),
  'vendors.remove': own(() => ({ vendor: 'openai' })),
  'attachments.requestUpload': refused((world) => ({ ...ofSession(world), filename: 'a', size: 9 })),
  'attachments.requestDownload': refused(({ session, file }) => ({ sessionId: session, ref: `sessions/${session}/attachments/${file}` })),
  'attachments.put': refused(theFile),
  'attachments.get': refused(theFile),
  'voice.create': refused(ofSession),
  'voice.token': refused(ofSession),
  'voice.list': own(),
  'voice.get': refused(theVoice),
  'voice.end': refused(theVoice),
  'apps.version': own(),
  'apps.friends': own(),
  'apps.feed': own(),
}
