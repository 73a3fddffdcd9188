import { type Kysely, sql } from 'kysely'
import type { Words } from './words.ts'

/** Which shard the head and each tile belong to, and the number at which the head's shard begins. */
export async function up(db: Kysely<unknown>, { integer, bytes }: Words): Promise<void> {
  const statements = [
    `ALTER TABLE head ADD COLUMN shard ${integer} NOT NULL DEFAULT 1`,
    `ALTER TABLE head ADD COLUMN base ${integer} NOT NULL DEFAULT 0`,
    // A primary key cannot be widened everywhere: the tiles are copied once.
    `CREATE TABLE shard_tile (shard ${integer} NOT NULL, level ${integer} NOT NULL, n ${integer} NOT NULL, hashes ${bytes} NOT NULL, root ${bytes} NOT NULL, PRIMARY KEY (shard, level, n))`,
    `INSERT INTO shard_tile SELECT 1, level, n, hashes, root FROM tile`,
    `DROP TABLE tile`,
    `ALTER TABLE shard_tile RENAME TO tile`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
