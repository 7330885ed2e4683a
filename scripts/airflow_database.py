#!/usr/bin/env python3
"""Makes the database of the local Airflow ready; scripts/airflow.sh calls it with Airflow's own Python.

    airflow_database.py create           the PostgreSQL database of AIRFLOW__DATABASE__SQL_ALCHEMY_CONN, when it is not there
    airflow_database.py settings FILE    the variables, pools and connections of airflow_settings.yaml that are not there
"""
import os
import sys


def create() -> None:
    """Connects to the database postgres of the same server; SQLite needs nothing."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.engine import make_url

    address = make_url(os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"])
    if not address.drivername.startswith("postgresql"):
        return
    engine = create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as server:
        there = text("select 1 from pg_database where datname = :name")
        if server.execute(there, {"name": address.database}).first() is None:
            server.execute(text(f"create database {engine.dialect.identifier_preparer.quote(address.database)}"))


def settings(path: str) -> None:
    """What is there already stays as it is: somebody may have changed it in the UI."""
    import yaml
    from airflow.models import Connection, Pool
    from airflow.models.variable import Variable
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with open(path, encoding="utf-8") as file:
        wanted = yaml.safe_load(file)["airflow"]
    with create_session() as session:
        known = set(session.scalars(select(Variable.key)))
        for each in wanted.get("variables") or []:
            if each["variable_name"] not in known:
                session.add(Variable(each["variable_name"], each["variable_value"]))
        known = set(session.scalars(select(Pool.pool)))
        for each in wanted.get("pools") or []:
            if each["pool_name"] not in known:
                slots, what = each["pool_slot"], each.get("pool_description", "")
                session.add(Pool(pool=each["pool_name"], slots=slots, description=what, include_deferred=False))
        known = set(session.scalars(select(Connection.conn_id)))
        for each in wanted.get("connections") or []:
            if each["conn_id"] not in known:
                session.add(Connection(conn_id=each["conn_id"], uri=each["conn_uri"]))


if __name__ == "__main__":
    action, *paths = sys.argv[1:] or [""]
    if action == "create" and not paths:
        create()
    elif action == "settings" and len(paths) == 1:
        settings(paths[0])
    else:
        sys.exit(__doc__)
