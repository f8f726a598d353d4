"""The peer: the same services in SQLite with FTS5, served by Datasette.

What the search finds a service by stands in tables as somebody would make them for it: words with
the weights of the hub's search, a row for each mark, a row for each place. Each question is one
canned query, for the same answer and once more for its page alone. The file is immutable, which is
Datasette's quickest way.
"""

import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.accepted import answers, ended, free_port
from benchmarks.searching_town import FACETS, FIVE, NEAR, ONE, TEXT, Question
from services.directory.domain.search.cards import Card
from services.directory.domain.search.places import RADIUS, Point
from services.directory.domain.search.scoring import EVERYWHERE, FIELDS

DATABASE = "town"
LINES = f"/{DATABASE}/brief.csv?_stream=on&_size=max"
"""Every document, as Datasette streams it: by pages that it asks for itself."""
_NAMES = {TEXT: "by_text", NEAR: "by_postcode", FACETS: "by_facets"}
_TABLES = f"""
create table service (number integer primary key, id text, shown text, remote integer);
create virtual table words using fts5({", ".join(FIELDS)},
    content='', tokenize='porter unicode61 remove_diacritics 2');
create table mark (facet text, value text, number integer,
    primary key (facet, value, number)) without rowid;
create table spot (number integer, latitude real, longitude real);
create table postcode (code text primary key, latitude real, longitude real) without rowid;
create table whole (id text primary key, document text);
create table brief (id text primary key, document text);
"""
_WORDS = f"insert into words (rowid, {', '.join(FIELDS)}) values (?, ?, ?, ?, ?, ?)"  # noqa: S608 -- names of columns
_INDEXES = """
create index mark_of on mark (number, facet, value);
create index spot_around on spot (latitude, longitude, number);
create index service_remote on service (remote, number);
analyze;
"""
_WORTH = f"bm25(words, {', '.join(str(worth) for worth in FIELDS.values())})"
_A_DEGREE = RADIUS * 3.14159265358979 / 180
_BY_TEXT = f"""with hits as materialized (
    select rowid as number, {_WORTH} as worth from words where words match escape_fts(:text) {{}}
)"""  # noqa: S608 -- constants alone
_BY_POSTCODE = f"""with here as (select latitude, longitude from postcode where code = :near),
away as (
    select number, min(2 * {RADIUS} * asin(sqrt(
        pow(sin(radians(spot.latitude - here.latitude) / 2), 2) + cos(radians(spot.latitude))
        * cos(radians(here.latitude)) * pow(sin(radians(spot.longitude - here.longitude) / 2), 2)
    ))) as worth
    from here join spot
        on spot.latitude between here.latitude - :within_metres / {_A_DEGREE}
            and here.latitude + :within_metres / {_A_DEGREE}
        and spot.longitude between
            here.longitude - :within_metres / ({_A_DEGREE} * cos(radians(here.latitude)))
            and here.longitude + :within_metres / ({_A_DEGREE} * cos(radians(here.latitude)))
    group by number
),
hits as materialized (
    select number, worth from away where worth <= cast(:within_metres as real)
    union all select number, {EVERYWHERE} from service where remote
)"""  # noqa: S608 -- constants alone
_AMONG = """and exists (select 1 from mark where mark.number = words.rowid and facet = '{0}'
    and value in (select value from json_each(:{0})))
"""
_PAGE = """
select '' as facet, shown as value, total as count from (
    select number, worth, count(*) over () as total from hits order by worth limit 10
) join service using (number)
"""
_COUNTS = """
union all
select facet, value, count(*) from hits cross join mark using (number) group by facet, value
"""
_HITS = {
    TEXT: _BY_TEXT.format(""),
    NEAR: _BY_POSTCODE,
    FACETS: _BY_TEXT.format("".join(_AMONG.format(facet) for facet in FIVE)),
}
QUERIES = {_NAMES[kind]: f"{hits}{_PAGE}{_COUNTS}" for kind, hits in _HITS.items()} | {
    f"{_NAMES[kind]}_uncounted": f"{hits}{_PAGE}" for kind, hits in _HITS.items()
}
"""The same answer as the hub's, a page with the counts of every facet; and the page alone."""


def write(
    file: sqlite3.Connection,
    after: int,
    cards: Iterable[Card],
    documents: Iterable[tuple[str, str, str]],
) -> None:
    """Some services as the search holds them, numbered on, and each with both forms in the feed."""
    if not after:
        file.executescript(_TABLES)
    for number, card in enumerate(cards, after + 1):
        row = (number, card.id, json.dumps(card.shown), card.remote)
        file.execute("insert into service values (?, ?, ?, ?)", row)
        texts = [getattr(card, name) for name in FIELDS]
        file.execute(_WORDS, (number, *texts))
        marks = [(f, value, number) for f, values in card.marks.items() for value in values]
        file.executemany("insert or ignore into mark values (?, ?, ?)", marks)
        spots = [(number, *site.at) for site in card.sites]
        file.executemany("insert into spot values (?, ?, ?)", spots)
    for id_, brief, whole in documents:
        file.execute("insert into brief values (?, ?)", (id_, brief))
        file.execute("insert into whole values (?, ?)", (id_, whole))


def complete(path: Path, codes: Iterable[tuple[str, Point]]) -> None:
    """With its postcodes and its indexes."""
    with sqlite3.connect(path) as connection:
        rows = ((code, *at) for code, at in codes)
        connection.executemany("insert into postcode values (?, ?, ?)", rows)
        connection.executescript(_INDEXES)


@contextmanager
def datasette(path: Path) -> Iterator[int]:
    """Datasette on the file, until the block ends."""
    port, metadata = free_port(), path.with_suffix(".json")
    queries = {name: {"sql": sql} for name, sql in QUERIES.items()}
    metadata.write_text(json.dumps({"databases": {DATABASE: {"queries": queries}}}))
    settings = {"sql_time_limit_ms": 20_000, "default_cache_ttl": 0, "suggest_facets": "off"}
    settings |= {"max_csv_mb": 0, "num_sql_threads": 2}
    told = [part for name, value in settings.items() for part in ("--setting", name, str(value))]
    command = [str(Path(sys.executable).parent / "datasette"), "serve", "--immutable", str(path)]
    where = ["--metadata", str(metadata), "--port", str(port)]
    with ended([*command, *where, *told], {}):
        answers(f"http://127.0.0.1:{port}/-/versions.json")
        yield port


def path_of(question: Question, *, counted: bool = True) -> str:
    """Where Datasette answers the same question."""
    if question.kind == ONE:
        return f"/{DATABASE}/whole/{question.id}.json?_shape=array"
    told = {
        name: json.dumps(value if isinstance(value, list) else [value]) if name in FIVE else value
        for name, value in question.asked.items()
    }
    query = _NAMES[question.kind] + ("" if counted else "_uncounted")
    return f"/{DATABASE}/{query}.json?{urlencode({**told, '_shape': 'array'})}"
