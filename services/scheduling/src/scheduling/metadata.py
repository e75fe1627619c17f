"""The tables of scheduling; the kit's tables are migrated beside them."""

from sqlalchemy import MetaData

metadata = MetaData()
