import { type Kysely, sql } from 'kysely'
import type { Words } from './words.ts'

/** `retry` and `probe` are keyed by 64 bits of a hash: see storage/rows.ts. */
export async function up(db: Kysely<unknown>, words: Words): Promise<void> {
  for (const statement of statements(words)) await sql.raw(statement).execute(db)
}

const statements = ({ integer, bytes, text, serial, clustered }: Words) => [
  `CREATE TABLE meta (key ${text} PRIMARY KEY, value ${text} NOT NULL)${clustered}`,
  `CREATE TABLE head (id ${integer} PRIMARY KEY CHECK (id = 1), size ${integer} NOT NULL, checkpoint ${text} NOT NULL, time_at ${integer} NOT NULL)`,
  `CREATE TABLE entry (idx ${integer} PRIMARY KEY, leaf ${text} NOT NULL, hash ${bytes} NOT NULL)`,
  `CREATE TABLE tile (level ${integer} NOT NULL, n ${integer} NOT NULL, hashes ${bytes} NOT NULL, root ${bytes} NOT NULL, PRIMARY KEY (level, n))`,
  `CREATE TABLE evidence (idx ${integer} PRIMARY KEY, sealed ${bytes}, data_key ${bytes}, kek ${text}, salt ${text}, subject ${text}, case_no ${text}, official ${text}, erased_at ${integer})`,
  `CREATE TABLE retry (key ${integer} PRIMARY KEY, idx ${integer} NOT NULL)`,
  `CREATE TABLE counter (key ${text} NOT NULL, day ${text} NOT NULL, used ${integer} NOT NULL, PRIMARY KEY (day, key))${clustered}`,
  `CREATE TABLE probe (key ${integer} PRIMARY KEY, day ${text} NOT NULL, seen ${text} NOT NULL)`,
  `CREATE TABLE proof (key ${bytes} PRIMARY KEY, expires_at ${integer} NOT NULL)${clustered}`,
  `CREATE TABLE agency (uscc ${text} PRIMARY KEY, doc ${text} NOT NULL)${clustered}`,
  `CREATE TABLE system (id ${text} PRIMARY KEY, doc ${text} NOT NULL)${clustered}`,
  `CREATE TABLE system_key (system ${text} NOT NULL, kid ${text} NOT NULL, alg ${text} NOT NULL, jwk ${text} NOT NULL, valid_from ${integer} NOT NULL, valid_to ${integer}, revoked_at ${integer}, PRIMARY KEY (system, kid))${clustered}`,
  `CREATE TABLE item (code ${text} NOT NULL, version ${integer} NOT NULL, state ${text} NOT NULL, doc ${text} NOT NULL, PRIMARY KEY (code, version))${clustered}`,
  `CREATE TABLE contract (code ${text} PRIMARY KEY, doc ${text} NOT NULL)${clustered}`,
  `CREATE TABLE agreement (id ${text} PRIMARY KEY, item ${text} NOT NULL, doc ${text} NOT NULL)${clustered}`,
  `CREATE TABLE register (id ${text} PRIMARY KEY, doc ${text} NOT NULL, snapshot ${integer})${clustered}`,
  `CREATE TABLE snapshot (id ${serial}, register ${text} NOT NULL, as_of ${integer} NOT NULL, version ${text} NOT NULL, rows ${integer} NOT NULL, complete ${integer} NOT NULL)`,
  `CREATE TABLE snapshot_row (snapshot ${integer} NOT NULL, key ${text} NOT NULL, line ${integer} NOT NULL, doc ${text} NOT NULL, PRIMARY KEY (snapshot, key, line))${clustered}`,
]
