"""The service's own tables, declared where they are used: in each noun's `store.py`."""

from sqlalchemy import MetaData

metadata = MetaData()
