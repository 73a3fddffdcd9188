import { type Kysely, sql } from 'kysely'
import type { Words } from './words.ts'

/**
 * Persons, their roles, sessions, passkeys and sign-ins under way. What must hold whatever the code does
 * is a constraint: nobody has roles on both sides, a token is never stepped up.
 */
export async function up(db: Kysely<unknown>, words: Words): Promise<void> {
  for (const statement of statements(words)) await sql.raw(statement).execute(db)
}

const statements = ({ text, integer, bytes, clustered }: Words) => [
  `CREATE TABLE person (id ${text} PRIMARY KEY, issuer ${text} NOT NULL, subject ${text} NOT NULL, name ${text} NOT NULL, salt ${text} NOT NULL, side ${text} NOT NULL CHECK (side IN ('duty', 'audit')), status ${text} NOT NULL CHECK (status IN ('active', 'suspended')), created_at ${integer} NOT NULL, UNIQUE (issuer, subject), UNIQUE (id, side))${clustered}`,
  // Who administers does not audit, and the other way round: the key takes the person's one side along.
  `CREATE TABLE person_role (person ${text} NOT NULL, side ${text} NOT NULL, role ${text} NOT NULL CHECK (role IN ('admin', 'approver', 'authority', 'officer', 'auditor')), agency ${text} NOT NULL, PRIMARY KEY (person, role, agency), FOREIGN KEY (person, side) REFERENCES person (id, side), CHECK ((role = 'auditor') = (side = 'audit')))${clustered}`,
  'CREATE INDEX person_role_agency ON person_role (agency)',
  `CREATE TABLE session (key ${bytes} PRIMARY KEY, person ${text} NOT NULL REFERENCES person (id), kind ${text} NOT NULL CHECK (kind IN ('browser', 'token')), how ${text} NOT NULL CHECK (how IN ('provider', 'passkey', 'token')), created_at ${integer} NOT NULL, seen_at ${integer} NOT NULL, expires_at ${integer} NOT NULL, stepped_up_at ${integer} CHECK (stepped_up_at IS NULL OR kind = 'browser'), agent ${text} NOT NULL)${clustered}`,
  'CREATE INDEX session_person ON session (person)',
  `CREATE TABLE passkey (id ${text} PRIMARY KEY, person ${text} NOT NULL REFERENCES person (id), public_key ${bytes} NOT NULL, counter ${integer} NOT NULL, transports ${text} NOT NULL, device_type ${text} NOT NULL, backed_up ${integer} NOT NULL, name ${text} NOT NULL, created_at ${integer} NOT NULL, used_at ${integer})${clustered}`,
  'CREATE INDEX passkey_person ON passkey (person)',
  `CREATE TABLE sign_in (state ${bytes} PRIMARY KEY, kind ${text} NOT NULL CHECK (kind IN ('provider', 'passkey', 'registration')), browser ${bytes} NOT NULL, nonce ${text}, verifier ${text}, person ${text}, return_to ${text} NOT NULL, step_up ${integer} NOT NULL, address ${text} NOT NULL, used ${integer} NOT NULL, began_at ${integer} NOT NULL, expires_at ${integer} NOT NULL)${clustered}`,
  'CREATE INDEX sign_in_address ON sign_in (address)',
]
