"""Counting and finding the oldest of what waits, at a price that does not grow with the tables.

A count of all rows reads them all. These follow an index from one end and stop after so many rows.
"""

from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, ScalarSelect, Select, func, select

from models.db.sql.clock import FromNow


def at_most(
    key: Column[int], where: ColumnElement[bool], by: Column[datetime], most: int
) -> Select[int]:
    """Return the query that counts rows, `most` of them at most.

    The order makes the database follow the index that ends with `by`, even where its statistics say
    that it would meet so many rows sooner by reading the table.
    """
    some = select(key).where(where).order_by(by).limit(most).subquery()
    return select(func.count()).select_from(some)


def oldest(where: ColumnElement[bool], by: Column[datetime]) -> ScalarSelect[datetime]:
    """Return the earliest time of rows, as part of a query."""
    return select(by).where(where).order_by(by).limit(1).scalar_subquery()


def seconds_since(connection: Connection, *times: ScalarSelect[datetime]) -> float:
    """Return the seconds since the earliest of these times, by the database's clock; 0 for none."""
    now = select(FromNow(), *(one.label(None) for one in times))
    moment, *found = connection.execute(now).one()
    waited: list[float] = [(moment - one).total_seconds() for one in found if one is not None]
    return max([0.0, *waited])
