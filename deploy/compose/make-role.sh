#!/bin/sh
# Run once by the image of PostgreSQL, as its superuser, in a database that is new: the role that the
# service signs in with. It owns nothing; `govern database grants` says what it may do.
set -eu
password=$(cat /run/secrets/service-password)
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --set=password="$password" <<'SQL'
CREATE ROLE govern_service LOGIN PASSWORD :'password';
SQL
