"""Reads the topics and the databases when all is quiet, and says where the ledgers differ. Shares no rule and no
handler with the services, only the reading of a topic to its end: it parses bytes and asks tables.
"""
