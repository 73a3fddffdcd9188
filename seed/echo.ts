/** What ECHO-00 is answered from: words, about nobody, the same in a city of any size. */
const WORDS = [
  ['hello', 'Hello, this is Mianzheng.', 'en'],
  ['nihao', '你好，这里是免证。', 'zh'],
  ['bonjour', 'Bonjour, ici Mianzheng.', 'fr'],
  ['hola', 'Hola, aquí Mianzheng.', 'es'],
] as const

export function* echoRows(): Generator<Readonly<Record<string, string>>> {
  for (const [code, greeting, language] of WORDS)
    yield { code, greeting, language, letters: String(code.length) }
}
