/** Longer than any look-up of one person's rows needs to be. */
const LENGTH_MAX = 4000

/**
 * What a query is made of, for one reader: literals and quoted names are passed over whole, a cast's two
 * colons are no parameter, and a colon with a name is one.
 */
const PIECES = /'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:([A-Za-z][A-Za-z0-9_]*)/g

/**
 * Words that do something other than read, or that change the session that reads. This is a lint, so that
 * a slip is found when the registry is loaded; what holds is that the account cannot write and that the
 * engine runs the text as a subquery, where no such statement may stand.
 */
const FORBIDDEN_WORDS =
  /\b(insert|update|delete|merge|replace\s+into|truncate|create|alter|drop|grant|revoke|copy|call|do|into|attach|detach|pragma|vacuum|analyze|reindex|listen|notify|lock|share|set|reset|begin|commit|rollback|execute|prepare|returning|set_config|nextval|setval|load_extension|lo_import|lo_export|pg_read_file|pg_write_file|dblink|dblink_exec)\b/i

/** Ways of putting a value into the text, or of naming it otherwise than `:member`. */
const OTHER_PLACEHOLDERS = /[?$@#{}\\`]|%s|:[^:\sA-Za-z=]/

/**
 * Judges the query of a `sql` binding: one SELECT (or WITH … SELECT), every named parameter a member that
 * the binding looks up by, and every such member bound.
 *
 * @returns what is wrong with it, or undefined. Never quotes the text.
 */
export function queryProblem(text: string, members: readonly string[]): string | undefined {
  if (text.length > LENGTH_MAX) return `longer than ${LENGTH_MAX} characters`
  const quoted = [...text.matchAll(PIECES)].map(([piece]) => piece).filter((p) => /^['"]/.test(p))
  if (quoted.some((piece) => /:[A-Za-z]|%s|\$\{|\{\}|\\/.test(piece)))
    return 'a placeholder within quotes: a value is bound, never put into the text'
  const bare = text.replace(PIECES, (piece, name) => (name ? ' 0 ' : piece === '::' ? ' ' : " '' "))
  if (/['"]/.test(bare.replaceAll("''", ''))) return 'a quotation that does not end'
  if (bare.includes(';')) return 'more than one statement (;)'
  if (/--|\/\*/.test(bare)) return 'a comment'
  if (OTHER_PLACEHOLDERS.test(bare)) return 'another placeholder than :member'
  if (!/^\s*(select|with)\b/i.test(bare)) return 'not a SELECT'
  const word = FORBIDDEN_WORDS.exec(bare)?.[1]
  if (word) return `the word ${word.toUpperCase()}, which no reading query needs`
  return parameterProblem(parametersOf(text), members)
}

function parameterProblem(
  used: ReadonlySet<string>,
  members: readonly string[],
): string | undefined {
  const unknown = [...used].find((name) => !members.includes(name))
  if (unknown !== undefined) return `the parameter :${unknown}, by which nothing is looked up`
  const unbound = members.find((name) => !used.has(name))
  return unbound === undefined ? undefined : `:${unbound} is looked up by, but not used`
}

function parametersOf(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(PIECES)].flatMap(([, name]) => (name ? [name] : [])))
}

/** The same query with `$1`, `$2` … for an engine without named parameters, and whose place each is. */
export function positional(text: string): { text: string; names: readonly string[] } {
  const names = [...parametersOf(text)]
  return {
    text: text.replace(PIECES, (piece, name) => (name ? `$${names.indexOf(name) + 1}` : piece)),
    names,
  }
}
