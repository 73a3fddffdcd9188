import { type Kysely, sql } from 'kysely'
import type { Words } from './words.ts'

/** How people change the registry: proposals, the acts on them, and the revisions acts are decided on. */
export async function up(db: Kysely<unknown>, { text, integer, clustered }: Words): Promise<void> {
  const statements = [
    `CREATE TABLE revision (thing ${text} PRIMARY KEY, n ${integer} NOT NULL)${clustered}`,
    // Four eyes: whoever proposes never decides (条例 art. 11, 20). It holds whatever the code does.
    `CREATE TABLE proposal (id ${text} PRIMARY KEY, kind ${text} NOT NULL, target ${text} NOT NULL, agency ${text} NOT NULL, party ${text}, state ${text} NOT NULL, doc ${text} NOT NULL, base ${text}, proposer ${text} NOT NULL, approver ${text} CHECK (approver <> proposer), publisher ${text} CHECK (publisher <> proposer), more ${text} NOT NULL, opened_at ${integer} NOT NULL, changed_at ${integer} NOT NULL)${clustered}`,
    'CREATE INDEX proposal_target ON proposal (kind, target)',
    'CREATE INDEX proposal_state ON proposal (state, changed_at)',
    `CREATE TABLE act (entry ${integer} PRIMARY KEY, thing ${text} NOT NULL, what ${text} NOT NULL, person ${text} NOT NULL, at ${integer} NOT NULL, note ${text} NOT NULL)`,
    'CREATE INDEX act_thing ON act (thing, entry)',
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
