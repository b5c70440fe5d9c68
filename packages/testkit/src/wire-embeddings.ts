/** Text in, vector out; throwing is answered as a failing provider. */
export type EmbedText = (text: string) => readonly number[]

/** An answer of OpenAI's embeddings API (platform.openai.com/docs/api-reference/embeddings). */
export function embeddingList(body: Record<string, unknown>, embed: EmbedText): { status: number; body: unknown } {
  const texts = ([] as unknown[]).concat(body['input']).map(String)
  try {
    const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: [...embed(text)] }))
    const tokens = Math.ceil(texts.join(' ').length / 4)
    return { status: 200, body: { object: 'list', data, model: body['model'], usage: { prompt_tokens: tokens, total_tokens: tokens } } }
  } catch (error) {
    return { status: 500, body: { error: { message: (error as Error).message, type: 'server_error', param: null, code: null } } }
  }
}
