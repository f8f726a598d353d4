"""What the index holds of each service, and how its words are cut."""

import json
from typing import Any

from tantivy import (
    Document,
    Filter,
    Index,
    SchemaBuilder,
    TextAnalyzer,
    TextAnalyzerBuilder,
    Tokenizer,
)
from tantivy import Schema as TantivySchema

from services.directory.domain.search.cards import Card
from services.directory.domain.search.codes import Facet
from services.directory.domain.search.marks import slug
from services.directory.domain.search.places import squares
from services.directory.domain.search.scoring import FIELDS, key_of

_WORDS, _PLAIN, _AS_IT_IS = "words", "plain", "raw"


def _analyzer(*filters: Filter) -> TextAnalyzer:
    built = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    for one in (Filter.ascii_fold(), *filters):
        built = built.filter(one)
    return built.build()


STEMMED, PLAIN = _analyzer(Filter.stemmer("english")), _analyzer()


def _schema() -> TantivySchema:
    builder = SchemaBuilder()
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name=_WORDS)
    builder.add_text_field("plain", tokenizer_name=_PLAIN, index_option="basic")
    builder.add_text_field("begins", tokenizer_name=_PLAIN)
    for name in ("id", "called", "square", "hour", "area"):
        builder.add_text_field(name, tokenizer_name=_AS_IT_IS, index_option="basic")
    for facet in Facet:
        builder.add_text_field(facet, tokenizer_name=_AS_IT_IS, index_option="basic", fast=True)
    for name in ("number", "key"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("age_from", "age_to"):
        builder.add_float_field(name, indexed=True, fast=True)
    for name in ("remote", "placed", "bounded"):
        builder.add_boolean_field(name, indexed=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


SCHEMA = _schema()


def opened() -> Index:
    """An empty index in memory."""
    index = Index(SCHEMA)
    index.register_tokenizer(_WORDS, STEMMED)
    index.register_tokenizer(_PLAIN, PLAIN)
    return index


def document(card: Card, number: int, *, bounded: bool) -> Document:
    """A card as it is indexed; `bounded`: its areas are known ones."""
    texts = {name: getattr(card, name) for name in FIELDS}
    said: dict[str, Any] = {
        **texts,
        "plain": " ".join(texts.values()),
        "begins": card.name,
        "id": card.id,
        "called": slug(card.name),
        "square": sorted({square for site in card.sites for square in squares(site.at)}),
        "hour": sorted(card.hours),
        "area": card.areas,
        "number": number,
        "key": key_of(card.id),
        "age_from": float(card.ages[0]),
        "age_to": float(card.ages[1]),
        "remote": card.remote,
        "placed": bool(card.sites),
        "bounded": bounded,
        "shown": json.dumps(
            {"shown": card.shown, "needs": card.needs, "tagged": card.marks[Facet.NEED]}
        ).encode(),
        **{facet: values for facet, values in card.marks.items() if values},
    }
    return Document.from_dict(said, SCHEMA)
