"""Accounts, logins and tokens: who somebody is, and for which organisation."""
