"""What every table of the referral service stands on."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from shared.db import NAMING


class Table(SQLModel):
    metadata = MetaData(naming_convention=NAMING)
