#!/bin/sh
# One database and one role for each service whose password is among the secrets. PostgreSQL's image
# runs this once, for an empty volume; after an update that brings a new service run it again:
#   docker-compose exec postgres sh /docker-entrypoint-initdb.d/databases.sh
# psql fetches the password itself: as an argument everybody could read it.
set -eu
ask() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" "$@"; }
for password_file in "${SECRETS:-/run/secrets}"/*_database_password; do
  export password_file
  service=$(basename "$password_file" _database_password)
  there=$(echo "select 1 from pg_database where datname = :'service'" | ask -tA --set=service="$service")
  [ -z "$there" ] || continue
  ask --set=service="$service" <<'SQL'
\set password `cat "$password_file"`
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke all on database :"service" from public;
SQL
done
