/** Base64 in either alphabet, padded or not, as the same bytes in the standard alphabet, padded (RFC 4648 §4): what the existing clients get back. */
export const canonicalBase64 = (text: string): string => Buffer.from(text, 'base64').toString('base64')
