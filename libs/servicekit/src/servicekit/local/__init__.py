"""Kafka and PostgreSQL on this machine, without a container engine, an installed Java or a system package.

`LocalServers` starts and stops both; `python -m servicekit.local start|status|stop|reset` does it by hand.
For development, demonstrations and tests: one broker and one database server, on the loopback address only.
"""

from servicekit.local.failures import ServerFailure
from servicekit.local.servers import Addresses, LocalServers, ServerStatus, Status, given_servers

__all__ = ["Addresses", "LocalServers", "ServerFailure", "ServerStatus", "Status", "given_servers"]
