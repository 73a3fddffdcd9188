/**
 * Every right to change something that the account has itself or could take up by `SET ROLE`, one row
 * each, at most ten; no rows is what is wanted. Also refused: a session that does not begin its
 * transactions read-only, since then something between us and the server dropped our settings.
 *
 * Temporary tables are not looked at: PUBLIC may create them unless revoked, and they harm nobody.
 */
export const WRITE_RIGHTS = `
WITH account AS (
  SELECT r.* FROM pg_catalog.pg_roles r
  WHERE pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER')
), spaces AS (
  SELECT n.* FROM pg_catalog.pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), things AS (
  SELECT c.oid, c.relkind, c.relowner, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class c JOIN spaces n ON n.oid = c.relnamespace
)
SELECT DISTINCT found.what FROM (
  SELECT 'a session that is not read-only' AS what
  WHERE pg_catalog.current_setting('default_transaction_read_only') <> 'on'
  UNION ALL
  SELECT attribute.name FROM account a, LATERAL (VALUES
    ('SUPERUSER', a.rolsuper), ('CREATEDB', a.rolcreatedb), ('CREATEROLE', a.rolcreaterole),
    ('REPLICATION', a.rolreplication), ('BYPASSRLS', a.rolbypassrls),
    ('member of ' || a.rolname, a.rolname IN ('pg_write_all_data', 'pg_write_server_files',
      'pg_execute_server_program', 'pg_read_server_files', 'pg_signal_backend', 'pg_maintain',
      'pg_database_owner', 'pg_create_subscription'))
  ) AS attribute(name, held) WHERE attribute.held
  UNION ALL
  SELECT wanted.what || ' on ' || t.name
  FROM things t, account a, (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS wanted(what)
  WHERE t.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT a.rolsuper AND (
    pg_catalog.has_table_privilege(a.oid, t.oid, wanted.what) OR
    wanted.what IN ('INSERT', 'UPDATE')
      AND pg_catalog.has_any_column_privilege(a.oid, t.oid, wanted.what))
  UNION ALL
  SELECT 'UPDATE on ' || t.name FROM things t, account a
  WHERE t.relkind = 'S' AND NOT a.rolsuper
    AND pg_catalog.has_sequence_privilege(a.oid, t.oid, 'UPDATE')
  UNION ALL
  SELECT 'owner of ' || t.name FROM things t JOIN account a ON a.oid = t.relowner
  WHERE NOT a.rolsuper
  UNION ALL
  SELECT 'CREATE in schema ' || n.nspname FROM spaces n, account a
  WHERE NOT a.rolsuper AND pg_catalog.has_schema_privilege(a.oid, n.oid, 'CREATE')
  UNION ALL
  SELECT 'CREATE in this database' FROM account a
  WHERE NOT a.rolsuper
    AND pg_catalog.has_database_privilege(a.oid, pg_catalog.current_database(), 'CREATE')
) AS found
ORDER BY found.what
LIMIT 10`
