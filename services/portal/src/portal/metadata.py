"""The tables of the portal; the kit's tables are migrated beside them."""

from sqlalchemy import MetaData

metadata = MetaData()
