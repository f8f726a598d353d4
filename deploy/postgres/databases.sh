#!/bin/sh
# PostgreSQL's image runs this once, for an empty volume: one database and one role for each service.
set -eu
for service in gateway referral; do
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" \
    --set=service="$service" --set=password="$(cat "${SECRETS:-/run/secrets}/${service}_database_password")" <<'SQL'
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke all on database :"service" from public;
SQL
done
