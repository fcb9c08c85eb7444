#!/bin/sh
# Passwords for docker-compose, as lines for `.env`: deploy/postgres/passwords.sh >> .env
set -eu
for name in POSTGRES INTAKE MEDIATION NOTIFICATION ANALYTICS; do
    printf '%s_PASSWORD=%s\n' "$name" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
done
