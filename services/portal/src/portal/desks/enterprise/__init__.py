"""The desk of an enterprise: its orders, rosters, schemes, sessions and certificates."""

from portal.desks.enterprise import (
    certificates,
    confirm_pages,
    drafts,
    end_pages,
    held_pages,
    held_sheet,
    order_pages,
    roster_pages,
)

routers = (
    order_pages.router, drafts.router, roster_pages.router, end_pages.router,
    confirm_pages.router, held_pages.router, held_sheet.router, certificates.router,
)  # fmt: skip
