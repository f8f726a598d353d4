"""The yardstick: one bare FastAPI + SQLModel endpoint that inserts one row, and nothing else.

It reads and validates the same body as the hub; no token, no encryption, no event, no history.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from services.referral.domain.submission import Submission
from shared import tuning

engine = create_async_engine(os.environ["BARE_DATABASE_URL"], pool_size=10, max_overflow=0)
sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


class Bare(SQLModel, table=True):
    """One row."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    status: str = "submitted"
    body: dict[str, Any] = Field(sa_type=JSONB)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """The table, and the collector tuned where the environment says so."""
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all, tables=[Bare.__table__])  # type: ignore[attr-defined]
    if os.environ.get("BARE_TUNED"):
        tuning.settle()
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.post("/api/v1/referrals", status_code=201)
async def create(submission: Submission) -> Bare:
    """Insert one row and answer with it."""
    row = Bare(body=submission.model_dump(mode="json"))
    async with sessions() as session:
        session.add(row)
        await session.commit()
    return row
