"""Changing what SQLite cannot alter: tables are made anew and filled again."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

# ruff: noqa: S608 - the names are those of our own tables


def rebuild(
    connection: Connection, tables: Sequence[str], changes: Mapping[str, tuple[str, str]]
) -> None:
    """Make tables anew, with `(old, new)` words of their definitions exchanged.

    `tables` has each table before those that refer to it, and all that refer to a changed one: a
    table goes only when nobody refers to it, since foreign keys stay enforced. Views on them have
    to be gone.

    Raises:
        ValueError: a definition does not hold the old words.
    """
    definitions = [
        _changed(sql, *changes.get(table, ("", "")))
        for table in tables
        for sql in _definitions(connection, table)
    ]
    for table in tables:
        connection.execute(text(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}"))
    for table in reversed(tables):
        connection.execute(text(f"DROP TABLE {table}"))
    for sql in definitions:
        connection.exec_driver_sql(sql)
    for table in tables:
        connection.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{table}"))
        connection.execute(text(f"DROP TABLE kept_{table}"))


def _definitions(connection: Connection, table: str) -> list[str]:
    """Return the statements that made a table and its indexes, the table's first."""
    query = text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL "
        "ORDER BY type = 'table' DESC, name"
    )
    return list(connection.scalars(query, {"table": table}))


def _changed(sql: str, old: str, new: str) -> str:
    if not sql.startswith("CREATE TABLE"):
        return sql
    if old not in sql:
        raise ValueError(old)
    return sql.replace(old, new)
