"""Agreements imported over HTTP, from the machine-readable form of data-sharing agreements."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_pascal

from services.consent.actions import importing
from services.consent.actions.agreeing import AgreementExists
from services.consent.actions.importing import FormUnreadable
from services.consent.domain.agreements import Agreement
from services.consent.routes.callers import Now
from services.consent.routes.desk import ONCE, AgreementLead, Answer, AtDesk, Said, once_of
from shared.errors import ActingWorkerMissing, problems
from shared.http import IdempotencyKey

router = APIRouter(prefix="/api/v1/agreements/imports", tags=["Agreements"])
Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Code = Annotated[str, Field(max_length=2_000)]
Codes = Annotated[list[Text], Field(max_length=200)]
DayOrNone = Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]


class _Form(Said):
    model_config = ConfigDict(alias_generator=to_pascal)


class FormIdentifier(Said):
    """Which clause of which agreement: `agreement/clause`."""

    value: Text
    system: Text = Field(alias="System")


class FormParty(_Form):
    """A party, by its ids in the catalogue."""

    name: Text
    catalogue_id: Codes = Field(alias="CatalogueID")


class SharingDocument(_Form):
    """A sharing policy of the social care data standards, 0.1: one document for each clause."""

    uri: Text = Field(alias="URI")
    identifier: FormIdentifier
    name: Text
    contact: Code
    party: Annotated[list[FormParty], Field(min_length=1, max_length=200)]
    data: Codes
    purpose: Codes
    start_date: DayOrNone
    end_date: DayOrNone
    permitted_use: Codes
    restrictions: Codes = []
    data_recipient_responsibilities: Codes = []
    security_measure: Codes = []
    legal_compliance: Codes = []


class Importing(Said):
    """The documents of one agreement, all of them."""

    documents: Annotated[list[SharingDocument], Field(min_length=1, max_length=100)]


class ImportReceipt(Answer):
    """The draft is kept. Complete it, review it, publish it."""

    id: str
    version: int
    draft: Agreement
    not_understood: list[str]
    """What of the documents is not in the draft, each with the field that said it."""


@router.post(
    "",
    status_code=201,
    response_model_exclude_none=True,
    responses=problems(ActingWorkerMissing, FormUnreadable, AgreementExists, *ONCE),
)
async def import_an_agreement(
    caller: AgreementLead,
    said: Importing,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    desk: AtDesk,
    now: Now,
) -> ImportReceipt:
    """Begin an agreement with what the documents say; what has no place in it is listed.

    The form does not say whose data a clause is about, nor the rights, retention, breach and
    review: publishing asks for them.
    """
    once = once_of(caller, key, "agreement.import", await request.body())
    documents = [one.model_dump(by_alias=True) for one in said.documents]
    found = await importing.draft(desk, documents, by=caller, once=once, now=now)
    response.headers["Location"] = f"/api/v1/agreements/{found.receipt['id']}"
    response.headers["ETag"] = f'"{found.receipt["version"]}"'
    return ImportReceipt(
        **found.receipt,
        draft=found.imported.draft,
        not_understood=found.imported.not_understood,
    )
