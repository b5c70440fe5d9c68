/** What Spotify's Web API says, as its reference documents it: https://developer.spotify.com/documentation/web-api. Only loopback tests read it. */
export interface SpotifyPlaylist {
  readonly id: string
  readonly name: string
  readonly owner: string
}
const site = 'https://open.spotify.com'
const api = 'https://api.spotify.com/v1'
const known = (kind: string, id: string) => ({
  external_urls: { spotify: `${site}/${kind}/${id}` },
  href: `${api}/${kind}s/${id}`,
  id,
  type: kind,
  uri: `spotify:${kind}:${id}`,
})

const playlistObject = ({ id, name, owner }: SpotifyPlaylist) => ({
  ...known('playlist', id),
  collaborative: false,
  description: '',
  images: [],
  name,
  owner: { ...known('user', owner), display_name: owner },
  primary_color: null,
  public: true,
  snapshot_id: `snapshot-${id}`,
  tracks: { href: `${api}/playlists/${id}/tracks`, total: 50 },
})

/** A page of what was found. Spotify gives `null` for playlists that the app may not see. */
export const searchResult = (query: string, found: readonly SpotifyPlaylist[], limit: number) => {
  const items = [...found.slice(0, limit).map(playlistObject), null].slice(0, limit)
  const href = `${api}/search?query=${encodeURIComponent(query)}&type=playlist&offset=0&limit=${limit}`
  return { playlists: { href, limit, next: null, offset: 0, previous: null, total: found.length, items } }
}

export const playing = (contextUri: string, isPlaying: boolean) => {
  const artist = { ...known('artist', '4gzpq5DPGxSnKTe4SA8HAU'), name: 'Coldplay' }
  const album = {
    ...known('album', '0RHX9XECH8IVI3LNgWDpmQ'),
    album_type: 'album',
    artists: [artist],
    images: [],
    name: 'A Rush of Blood to the Head',
  }
  const [, type = 'playlist', id = ''] = contextUri.split(':')
  return {
    timestamp: 1_490_252_122_574,
    context: { external_urls: { spotify: `${site}/${type}/${id}` }, href: `${api}/${type}s/${id}`, type, uri: contextUri },
    progress_ms: 44_272,
    item: {
      ...known('track', '75JFxkI2RXiU7L9VXzMkle'),
      album,
      artists: [artist],
      disc_number: 1,
      duration_ms: 309_600,
      explicit: false,
      is_local: false,
      name: 'The Scientist',
      popularity: 85,
      track_number: 4,
    },
    currently_playing_type: 'track',
    actions: { disallows: isPlaying ? { resuming: true } : { pausing: true } },
    is_playing: isPlaying,
  }
}
