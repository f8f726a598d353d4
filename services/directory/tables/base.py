"""What every table of the directory service stands on."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from shared.db import NAMING


class Table(SQLModel):
    metadata = MetaData(naming_convention=NAMING)
