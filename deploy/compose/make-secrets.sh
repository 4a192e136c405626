#!/bin/sh
# The secrets of compose.yaml, each a file of its own below ./secrets, made anew where they are missing.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
made() { [ -s "secrets/$1" ] || python3 -c 'import secrets; print(secrets.token_urlsafe(32), end="")' > "secrets/$1"; }
made owner-password
made service-password
made metrics-token
for role in owner service; do
  printf 'postgresql://govern_%s:%s@database/govern' "$role" "$(cat "secrets/$role-password")" > "secrets/$role-url"
done
# The user of the image has to read them: a folder that only you enter keeps others out.
chmod 0444 secrets/*
chmod 0700 secrets
