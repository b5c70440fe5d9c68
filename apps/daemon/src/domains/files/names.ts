/** A file's name as it is shown: the last part of a path, without control characters and marks that turn the direction of writing. It never names a place. */
export function displayName(name: string): string {
  const last = name.split(/[\\/]/).findLast((part) => part.trim() !== '') ?? ''
  const clean = last.replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '').trim()
  return clean === '' || clean === '.' || clean === '..' ? 'file' : clean
}
