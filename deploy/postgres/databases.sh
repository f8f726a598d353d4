#!/bin/sh
# PostgreSQL's image runs this once, for an empty volume: one database and one role for each service
# whose password is among its secrets.
# psql fetches the password itself: as an argument everybody could read it.
set -eu
for password_file in "${SECRETS:-/run/secrets}"/*_database_password; do
  export password_file
  service=$(basename "$password_file" _database_password)
  [ "$service" != postgres ] || continue
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" \
    --set=service="$service" <<'SQL'
\set password `cat "$password_file"`
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke all on database :"service" from public;
SQL
done
