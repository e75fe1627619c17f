"""Reads the topics and the databases when all is quiet, and says where the ledgers differ. Shares no code with
the services: it parses bytes and asks tables.
"""
