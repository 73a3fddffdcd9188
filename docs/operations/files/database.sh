#!/bin/sh
# Runs once, on an empty volume: the gateway's own account and its own database, and nothing beyond them.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v password="$(cat /run/secrets/database-password)" <<'SQL'
CREATE ROLE mianzheng LOGIN PASSWORD :'password' CONNECTION LIMIT 60
  NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE DATABASE mianzheng OWNER mianzheng TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE mianzheng FROM PUBLIC;
SQL
