#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: the role of the app is no superuser.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set=password="$SETPOINT_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE setpoint LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE setpoint OWNER setpoint;
SQL
