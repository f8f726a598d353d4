"""What somebody may do to the log of `test_verifying` behind its back, and what must be found.

It has 23 leaves, checkpoints at 10 and 20, and a detail at leaf 4.
"""

from hub.postgres import PostgresServer
from services.consent.domain.examining import Wrong

CODE = """update audit_leaf set entry = jsonb_set(entry, '{purpose}', '"other"') where index = %s"""
TOUCHED: dict[str, tuple[str, int, Wrong, int | None]] = {
    "the purpose of a row": (CODE % 13, 13, Wrong.ROW_DIFFERS, 20),
    "the purpose of an early row": (CODE % 2, 2, Wrong.ROW_DIFFERS, 10),
    "a row after the last checkpoint": (CODE % 21, 21, Wrong.ROW_DIFFERS, None),
    "a field that is added": (
        """update audit_leaf set entry = entry || '{"operation": "x"}' where index = 7""",
        7,
        Wrong.ROW_DIFFERS,
        10,
    ),
    "a field that is taken away": (
        "update audit_leaf set entry = entry - 'purpose' where index = 7",
        7,
        Wrong.ROW_DIFFERS,
        10,
    ),
    "a row that is gone": ("delete from audit_leaf where index = 12", 12, Wrong.ROW_MISSING, 20),
    "a row that is gone, those after it moved up": (
        "delete from audit_leaf where index = 12;"
        "update audit_leaf set index = -index where index > 12;"
        "update audit_leaf set index = -index - 1 where index < 0",
        12,
        Wrong.ROW_DIFFERS,
        20,
    ),
    "two rows that changed places": (
        "update audit_leaf a set entry = b.entry from audit_leaf b"
        " where (a.index, b.index) in ((3, 6), (6, 3))",
        3,
        Wrong.ROW_DIFFERS,
        10,
    ),
    "a row that is put in between": (
        "update audit_leaf set index = -index - 1 where index >= 15;"
        "insert into audit_leaf select 15, entry from audit_leaf where index = 1;"
        "update audit_leaf set index = -index where index < 0",
        15,
        Wrong.ROW_DIFFERS,
        20,
    ),
    "a row before the first": (
        "insert into audit_leaf select -1, entry from audit_leaf where index = 1",
        0,
        Wrong.ROW_MISSING,
        10,
    ),
    "a row after the last": (
        "insert into audit_leaf select 23, entry from audit_leaf where index = 1",
        23,
        Wrong.ROW_DIFFERS,
        None,
    ),
    "a tail that is cut off": (
        "delete from audit_leaf where index >= 17",
        17,
        Wrong.ROW_MISSING,
        20,
    ),
    "a tail that is cut off, hashes too": (
        "delete from audit_leaf where index >= 17;"
        "delete from audit_node where (number + 1) << level > 17",
        17,
        Wrong.ROW_MISSING,
        20,
    ),
    "a tail after the last checkpoint": (
        "delete from audit_leaf where index >= 21",
        21,
        Wrong.ROW_MISSING,
        None,
    ),
    "all of it": (
        "delete from audit_leaf; delete from audit_node; delete from audit_detail",
        0,
        Wrong.ROW_MISSING,
        10,
    ),
    "a stored hash": (
        r"update audit_node set hash = '\xab' where (level, number) = (0, 5)",
        5,
        Wrong.HASH_DIFFERS,
        None,
    ),
    "a stored hash further up": (
        r"update audit_node set hash = '\xab' where (level, number) = (2, 1)",
        4,
        Wrong.HASH_DIFFERS,
        None,
    ),
    "a stored hash that is gone": (
        "delete from audit_node where (level, number) = (3, 1)",
        8,
        Wrong.HASH_DIFFERS,
        None,
    ),
    "a detail's words": (
        r"update audit_detail set detail = set_byte(detail, 20, get_byte(detail, 20) # 1)",
        4,
        Wrong.DETAIL_DIFFERS,
        None,
    ),
    "a detail moved to another leaf": (
        "update audit_detail set leaf_index = 3",
        3,
        Wrong.DETAIL_DIFFERS,
        None,
    ),
    "a detail that is gone": ("delete from audit_detail", 4, Wrong.DETAIL_MISSING, None),
    "a checkpoint's time": (
        "update audit_checkpoint set note = replace(note, 'T13', 'T14') where size = 10",
        10,
        Wrong.CHECKPOINT_FORGED,
        None,
    ),
    "a checkpoint's size beside what is signed": (
        "update audit_checkpoint set size = 11 where size = 10",
        11,
        Wrong.CHECKPOINT_FORGED,
        None,
    ),
}
"""By what is done: the statement, the first wrong index, what is wrong, and the size of the
checkpoint that finds it."""

_TABLES = ("audit_leaf", "audit_node", "audit_detail", "audit_checkpoint")


def behind(server: PostgresServer, database: str, *statements: str) -> str:
    """What a superuser does who switches the barriers off first."""
    off = [f"alter table {table} disable trigger all" for table in _TABLES]
    off.append("alter table audit_leaf drop constraint if exists audit_leaf_index_check")
    on = [f"alter table {table} enable always trigger {table}_stays" for table in _TABLES]
    return server.sql("; ".join([*off, *statements, *on]), database)
