"""The limit in the benchmarks writes what the service writes: else its ratio says nothing."""

import re

from benchmarks.pgbench import STATEMENT
from tests.referral.conftest import Partner, Service


async def test_the_limits_one_statement_writes_as_many_rows_of_each_table_as_a_referral(
    service: Service, school: Partner
) -> None:
    before = await service.counts()
    await school.refer()
    between = await service.counts()
    async with service.db.transaction() as connection:
        await connection.exec_driver_sql(STATEMENT)
    after = await service.counts()
    written = {table: between[table] - before[table] for table in before}
    tables = set(re.findall(r"insert into (\w+)", STATEMENT))
    beginning = {"relay_cursor"}  # the relay's own, written once whenever it gets to begin
    assert {table for table, rows in written.items() if rows} - beginning == tables
    assert all(after[table] - between[table] == written[table] for table in tables)
