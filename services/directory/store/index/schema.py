"""What the engine holds of each service, and how its words are cut."""

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
from services.directory.domain.search.marks import slug
from services.directory.domain.search.scoring import FIELDS

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
    builder.add_text_field("called", tokenizer_name=_AS_IT_IS, index_option="basic")
    builder.add_unsigned_field("number", indexed=True, fast=True)
    return builder.build()


SCHEMA = _schema()


def opened() -> Index:
    """An empty index in memory."""
    index = Index(SCHEMA)
    index.register_tokenizer(_WORDS, STEMMED)
    index.register_tokenizer(_PLAIN, PLAIN)
    return index


def document(card: Card, number: int) -> Document:
    """The words of a card as they are indexed; what else it says stands in the columns."""
    texts = {name: getattr(card, name) for name in FIELDS}
    said = texts | {"plain": " ".join(texts.values()), "begins": card.name}
    return Document.from_dict(said | {"called": slug(card.name), "number": number}, SCHEMA)
