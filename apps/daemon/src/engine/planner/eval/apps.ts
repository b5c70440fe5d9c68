// Long: the manifests of seventeen invented apps, as data.
import type { Json } from '../../types.ts'
import type { PlanningTool } from '../types.ts'

type Schemas = { readonly [name: string]: Json }
interface Described {
  readonly risk: PlanningTool['risk']
  readonly title: string
  readonly description: string
  readonly inputs?: Schemas
  readonly required?: string[]
  readonly outputs?: Schemas
  readonly examples: readonly string[]
}
const text = (description: string, more: { [key: string]: Json } = {}): Json => ({ type: 'string', description, ...more })
const values = (description: string, named: { [word: string]: string }): Json => text(description, { 'x-steward-values': named })
const object = (properties: Schemas, required: string[]): Json => ({
  type: 'object',
  properties: { ...properties },
  required,
  additionalProperties: false,
})
const date = (description: string): Json => text(description, { format: 'date' })

function app(appId: string, tools: { readonly [name: string]: Described }): PlanningTool[] {
  return Object.entries(tools).map(([name, { risk, title, description, inputs = {}, required = Object.keys(inputs), outputs, examples }]) => ({
    id: `${appId}.${name}`,
    appId,
    name: `${appId}_${name}`,
    title,
    description,
    examples,
    risk,
    inputsSchema: object(inputs, required),
    ...(outputs ? { outputsSchema: object(outputs, Object.keys(outputs)) } : {}),
    permissions: [`${appId}:${risk === 'read' || risk === 'network' ? 'read' : 'write'}`],
  }))
}

const spotify = app('spotify', {
  playPlaylist: {
    risk: 'write',
    title: 'Play a playlist',
    description: 'Starts playing a playlist on the active device.',
    inputs: {
      uri: values('The Spotify URI of the playlist', {
        focus: 'spotify:playlist:37i9dQZF1DWZeKCadgRdKQ',
        chill: 'spotify:playlist:37i9dQZF1DX4WYpdgoIcn6',
        workout: 'spotify:playlist:37i9dQZF1DX70RN3TfWWJh',
        gym: 'spotify:playlist:37i9dQZF1DX70RN3TfWWJh',
      }),
    },
    examples: ['play my focus playlist', 'put on the workout playlist'],
  },
  pause: { risk: 'write', title: 'Pause', description: 'Pauses the music.', examples: ['pause the music', 'stop playing'] },
  resume: {
    risk: 'write',
    title: 'Resume',
    description: 'Goes on playing the music that was paused.',
    examples: ['resume the music', 'keep playing'],
  },
  next: { risk: 'write', title: 'Next track', description: 'Skips to the next track.', examples: ['next song', 'skip this track'] },
  setVolume: {
    risk: 'write',
    title: 'Set the volume',
    description: 'Sets the volume of the music in percent.',
    inputs: { percent: { type: 'integer', minimum: 0, maximum: 100, description: 'Volume from 0 to 100' } },
    examples: ['set the volume to 40', 'volume 15 percent'],
  },
  search: {
    risk: 'network',
    title: 'Search music',
    description: 'Searches Spotify for tracks, albums and artists.',
    inputs: { query: text('What to look for'), limit: { type: 'integer', minimum: 1, maximum: 50, description: 'How many results' } },
    required: ['query'],
    outputs: { tracks: { type: 'array', items: { type: 'string' } } },
    examples: ['search spotify for daft punk', 'find songs by Adele'],
  },
})
const calendar = app('calendar', {
  createEvent: {
    risk: 'write',
    title: 'Create an event',
    description: 'Puts an event into the calendar.',
    inputs: {
      title: text('Title of the event'),
      date: date('Day of the event'),
      time: text('When it starts, HH:MM', { pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
    },
    required: ['title', 'date'],
    examples: ["create an event 'Lunch with Ann' on 2026-05-04", "schedule 'Review' tomorrow at 14:00", "add 'Gym' to my calendar on Monday"],
  },
  listEvents: {
    risk: 'read',
    title: 'List events',
    description: 'Lists the events and appointments of a day in the calendar.',
    inputs: { date: date('The day') },
    outputs: { events: { type: 'array', items: { type: 'string' } } },
    examples: ['what is on my calendar today', 'show my events on 2026-05-04', 'am I busy tomorrow'],
  },
  deleteEvent: {
    risk: 'destructive',
    title: 'Delete an event',
    description: 'Removes an event from the calendar.',
    inputs: { title: text('Title of the event') },
    examples: ["delete the event 'Dinner'", "cancel the appointment 'Haircut'"],
  },
})
const mail = app('mail', {
  send: {
    risk: 'write',
    title: 'Send a mail',
    description: 'Sends an email.',
    inputs: { to: text('Address of the receiver', { format: 'email' }), subject: text('Subject line'), body: text('Text of the mail') },
    examples: ["send an email to ann@example.com with subject 'Hi' and body 'See you soon'"],
  },
  search: {
    risk: 'read',
    title: 'Search mail',
    description: 'Searches the mailbox for messages.',
    inputs: { query: text('Words to look for') },
    outputs: { messages: { type: 'array', items: { type: 'string' } } },
    examples: ['search my mail for invoices', 'find emails about the conference'],
  },
  unread: {
    risk: 'read',
    title: 'Unread mail',
    description: 'Lists the unread messages in the inbox.',
    outputs: { messages: { type: 'array', items: { type: 'string' } } },
    examples: ['show my unread mail', 'do I have new emails'],
  },
})
const notes = app('notes', {
  create: {
    risk: 'write',
    title: 'Create a note',
    description: 'Writes a note down.',
    inputs: { text: text('Text of the note') },
    outputs: { id: text('Id of the note') },
    examples: ["create a note saying 'buy flowers'", 'note that the meeting moved to room 4', 'write down that the code is 1234'],
  },
  search: {
    risk: 'read',
    title: 'Search notes',
    description: 'Searches the notes.',
    inputs: { query: text('Words to look for') },
    outputs: { notes: { type: 'array', items: { type: 'string' } } },
    examples: ['search my notes for recipes', 'find notes about taxes'],
  },
  delete: {
    risk: 'destructive',
    title: 'Delete a note',
    description: 'Deletes a note for good.',
    inputs: { title: text('Title of the note') },
    examples: ["delete the note 'Shopping'"],
  },
})
const home = app('home', {
  switchLight: {
    risk: 'write',
    title: 'Switch a light',
    description: 'Turns the lights of a room on or off.',
    inputs: { room: text('The room'), state: { enum: ['on', 'off'] } },
    examples: ['turn on the bedroom lights', 'turn the light in the hall off', 'switch off the kitchen light'],
  },
  dimLight: {
    risk: 'write',
    title: 'Dim a light',
    description: 'Sets the brightness of the lights of a room.',
    inputs: { room: text('The room'), percent: { type: 'integer', minimum: 0, maximum: 100, description: 'Brightness' } },
    examples: ['dim the bedroom lights to 30', 'dim the lights in the kitchen to 50 percent'],
  },
  setTemperature: {
    risk: 'write',
    title: 'Set the heating',
    description: 'Sets the heating to a temperature in degrees Celsius.',
    inputs: { celsius: { type: 'number', minimum: 5, maximum: 30, description: 'Degrees' }, room: text('The room; all when left out') },
    required: ['celsius'],
    examples: ['set the heating to 20 degrees', 'set the temperature in the bedroom to 18'],
  },
  lockDoor: {
    risk: 'write',
    title: 'Lock a door',
    description: 'Locks a door.',
    inputs: { door: { enum: ['front', 'back', 'garage'] } },
    examples: ['lock the front door'],
  },
  unlockDoor: {
    risk: 'destructive',
    title: 'Unlock a door',
    description: 'Unlocks a door.',
    inputs: { door: { enum: ['front', 'back', 'garage'] } },
    examples: ['unlock the front door'],
  },
})
const repository = text('owner/name', { pattern: '^[\\w.-]+/[\\w.-]+$' })
const github = app('github', {
  listIssues: {
    risk: 'network',
    title: 'List issues',
    description: 'Lists the issues of a repository on GitHub.',
    inputs: { repository, state: { enum: ['open', 'closed', 'all'] } },
    required: ['repository'],
    outputs: { issues: { type: 'array', items: { type: 'string' } } },
    examples: ['list the open issues of nodejs/node', 'show issues in acme/web'],
  },
  createIssue: {
    risk: 'write',
    title: 'Open an issue',
    description: 'Opens an issue in a repository on GitHub.',
    inputs: { repository, title: text('Title of the issue'), body: text('What it is about') },
    required: ['repository', 'title'],
    examples: ["create an issue 'Crash at start' in nodejs/node", "report a bug titled 'Typo' in acme/web"],
  },
  closeIssue: {
    risk: 'write',
    title: 'Close an issue',
    description: 'Closes an issue of a repository on GitHub.',
    inputs: { repository, number: { type: 'integer', minimum: 1, description: 'Number of the issue' } },
    examples: ['close issue 12 in acme/web'],
  },
  listPullRequests: {
    risk: 'network',
    title: 'List pull requests',
    description: 'Lists the open pull requests of a repository on GitHub.',
    inputs: { repository },
    outputs: { pullRequests: { type: 'array', items: { type: 'string' } } },
    examples: ['list the pull requests of acme/web'],
  },
})
const weather = app('weather', {
  current: {
    risk: 'network',
    title: "Today's weather",
    description: 'Tells the weather in a city now.',
    inputs: { city: text('The city') },
    outputs: { summary: text('The weather in a sentence'), celsius: { type: 'number' } },
    examples: ['weather in Berlin', 'what is the weather in Rome', 'is it raining in Dublin'],
  },
  forecast: {
    risk: 'network',
    title: 'Forecast',
    description: 'Tells the weather in a city for the next days.',
    inputs: { city: text('The city'), days: { type: 'integer', minimum: 1, maximum: 14, description: 'How many days' } },
    outputs: { summary: text('The forecast in a few sentences') },
    examples: ['weather forecast for Paris for the next 4 days', '7 day forecast for Madrid'],
  },
})
const timer = app('timer', {
  start: {
    risk: 'write',
    title: 'Start a timer',
    description: 'Starts a timer.',
    inputs: { minutes: { type: 'number', exclusiveMinimum: 0, description: 'How long, in minutes' } },
    examples: ['set a timer for 10 minutes', 'start a 3 minute timer'],
  },
  cancel: { risk: 'write', title: 'Cancel the timer', description: 'Cancels the running timer.', examples: ['cancel the timer', 'stop the timer'] },
})
const slack = app('slack', {
  postMessage: {
    risk: 'write',
    title: 'Post a message',
    description: 'Posts a message to a channel on Slack.',
    inputs: { channel: text('The channel, such as #general'), text: text('What to say') },
    examples: ["post 'Good morning' to #general", 'tell #dev that the build is green', "send 'hello' to the channel #random"],
  },
  setStatus: {
    risk: 'write',
    title: 'Set the status',
    description: 'Sets your status on Slack.',
    inputs: { text: text('The status') },
    examples: ["set my slack status to 'At lunch'"],
  },
})
const reminders = app('reminders', {
  create: {
    risk: 'write',
    title: 'Remind me',
    description: 'Creates a reminder.',
    inputs: { text: text('What to be reminded of'), date: date('On which day') },
    required: ['text'],
    examples: ['remind me to buy milk', 'remind me tomorrow to call Ann', 'set a reminder to pay the rent on 2026-02-01'],
  },
  list: {
    risk: 'read',
    title: 'List reminders',
    description: 'Lists the reminders.',
    outputs: { reminders: { type: 'array', items: { type: 'string' } } },
    examples: ['show my reminders', 'what should I remember'],
  },
  complete: {
    risk: 'write',
    title: 'Tick off a reminder',
    description: 'Marks a reminder as done.',
    inputs: { text: text('The reminder') },
    examples: ["mark the reminder 'buy milk' as done"],
  },
})
const translate = app('translate', {
  text: {
    risk: 'network',
    title: 'Translate',
    description: 'Translates a text into another language.',
    inputs: {
      text: text('The text to translate'),
      language: values('Code of the language to translate into', {
        german: 'de',
        french: 'fr',
        spanish: 'es',
        italian: 'it',
        japanese: 'ja',
        dutch: 'nl',
      }),
    },
    outputs: { translation: text('The text in the other language') },
    examples: ["translate 'hello' into German", "how do you say 'cheese' in French"],
  },
})
const maps = app('maps', {
  directions: {
    risk: 'network',
    title: 'Directions',
    description: 'Tells the way from one place to another.',
    inputs: { from: text('Where to start'), to: text('Where to go'), mode: { enum: ['driving', 'walking', 'cycling', 'transit'] } },
    required: ['from', 'to'],
    outputs: { directions: text('The way, step by step') },
    examples: ['directions from Vienna to Graz', 'how do I get from the station to the museum', 'route from A to B by car'],
  },
  findPlaces: {
    risk: 'network',
    title: 'Find places',
    description: 'Finds shops, restaurants and other places near a place.',
    inputs: { what: text('What kind of place'), near: text('Near which place') },
    outputs: { places: { type: 'array', items: { type: 'string' } } },
    examples: ['find a restaurant near Times Square', 'supermarkets near me in Camden'],
  },
})
const expenses = app('expenses', {
  add: {
    risk: 'write',
    title: 'Add an expense',
    description: 'Records an expense.',
    inputs: {
      amount: { type: 'number', exclusiveMinimum: 0, description: 'In euros' },
      category: { enum: ['food', 'travel', 'office', 'other'] },
      note: text('What it was for'),
    },
    required: ['amount', 'category'],
    examples: ['add an expense of 20 euros for travel', 'I spent 9.50 on food'],
  },
  total: {
    risk: 'read',
    title: 'Total of a month',
    description: 'Tells how much was spent in a month.',
    inputs: { month: text('YYYY-MM', { pattern: '^\\d{4}-\\d{2}$' }) },
    outputs: { euros: { type: 'number' } },
    examples: ['total expenses of 2025-12', 'how much did we spend in 2025-11'],
  },
})
const printer = app('printer', {
  print: {
    risk: 'write',
    title: 'Print a file',
    description: 'Prints a file on paper.',
    inputs: { path: text('The file'), copies: { type: 'integer', minimum: 1, maximum: 50, description: 'How many copies' } },
    required: ['path'],
    examples: ['print letter.pdf', 'print 2 copies of letter.pdf'],
  },
})
const vpn = app('vpn', {
  connect: {
    risk: 'write',
    title: 'Connect the VPN',
    description: 'Connects the VPN through a country.',
    inputs: { country: values('Code of the country', { sweden: 'se', canada: 'ca', switzerland: 'ch', japan: 'jp' }) },
    examples: ['connect the vpn to Switzerland', 'turn on the vpn through Japan'],
  },
  disconnect: { risk: 'write', title: 'Disconnect the VPN', description: 'Disconnects the VPN.', examples: ['disconnect the vpn', 'vpn off'] },
})
const contacts = app('contacts', {
  find: {
    risk: 'read',
    title: 'Find a contact',
    description: 'Finds the phone number, mail and postal address of a person in the contacts.',
    inputs: { name: text('Name of the person') },
    outputs: { email: text('Mail address'), phone: text('Phone number') },
    examples: ["what is John Smith's phone number", 'find Ann Baker in my contacts'],
  },
})
const stocks = app('stocks', {
  price: {
    risk: 'network',
    title: 'Price of a share',
    description: 'Tells the price of a share at the stock exchange.',
    inputs: { symbol: text('Symbol of the share, such as MSFT', { pattern: '^[A-Z.]{1,6}$' }) },
    outputs: { price: { type: 'number' } },
    examples: ['stock price of MSFT', 'how much is a share of IBM'],
  },
})

/** The tools of seventeen apps, as their manifests would describe them. */
export const APP_TOOLS: readonly PlanningTool[] = [
  ...spotify,
  ...calendar,
  ...mail,
  ...notes,
  ...home,
  ...github,
  ...weather,
  ...timer,
  ...slack,
  ...reminders,
  ...translate,
  ...maps,
  ...expenses,
  ...printer,
  ...vpn,
  ...contacts,
  ...stocks,
]
