"""The tables of order-intake; the kit's tables are migrated beside them."""

from sqlalchemy import MetaData

metadata = MetaData()
