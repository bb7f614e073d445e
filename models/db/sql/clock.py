"""The database's clock: leases made on one machine must end on every other."""

from datetime import datetime

from sqlalchemy import Float, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from models.db.sql.types import Instant


class FromNow(FunctionElement[datetime]):
    """The database's time, some seconds from now (before now where negative)."""

    name = "from_now"
    type = Instant()
    inherit_cache = True

    def __init__(self, seconds: float = 0) -> None:
        super().__init__(literal(round(seconds, 3), Float()))


@compiles(FromNow, "postgresql")
def _on_postgresql(element: FromNow, compiler: SQLCompiler, **options: object) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"(now() + make_interval(secs => {seconds}))"


@compiles(FromNow, "sqlite")
def _on_sqlite(element: FromNow, compiler: SQLCompiler, **options: object) -> str:
    # Three digits more, as SQLAlchemy writes them: times are compared as text.
    seconds = compiler.process(element.clauses, **options)
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', {seconds} || ' seconds') || '000')"
