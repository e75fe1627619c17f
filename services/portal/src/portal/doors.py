"""Every way into the portal over HTTP: what services call, the pages and sheets of each desk, the public pages."""

from portal.accounts import routes as accounts
from portal.desks import papers
from portal.desks.account import calendar_pages as own_calendar
from portal.desks.account import mail_pages as own_mail
from portal.desks.account import pages as own_account
from portal.desks.aftercare import pages as aftercare
from portal.desks.assessor import pages as assessor
from portal.desks.attendance import pages as attendance
from portal.desks.catalogue import pages as catalogue
from portal.desks.college import offers_pages as college_offers
from portal.desks.college import offers_sheet as college_offers_sheet
from portal.desks.college import people_pages as college_people
from portal.desks.college import week_pages as college_week
from portal.desks.college import week_sheet as college_week_sheet
from portal.desks.college import why_not as college_why_not
from portal.desks.coverage import routes as coverage
from portal.desks.enterprise import routers as enterprise
from portal.desks.evaluation import batch_sheet, certificates, numbers
from portal.desks.evaluation import pages as evaluation
from portal.desks.findings import pages as findings
from portal.desks.instructor import pages as instructor
from portal.desks.instructor import presence
from portal.desks.intake import pages as intake
from portal.desks.notices import leaving_pages
from portal.desks.notices import pages as notices
from portal.desks.people import deputies
from portal.desks.people import pages as people
from portal.desks.people import sheet as people_sheet
from portal.desks.personal import pages as personal
from portal.desks.pools import pages as pools
from portal.desks.pools import sheet as pools_sheet
from portal.desks.public import badges, calendar, invited, mail_address
from portal.desks.public import pages as public
from portal.desks.published import pages as published
from portal.desks.report import pages as report_pages
from portal.desks.roster import pages as roster_people
from portal.desks.session import photos as session_photos
from portal.desks.sheets import files as sign_in_sheet_files
from portal.desks.sheets import pages as sign_in_sheets
from portal.desks.status import pages as status
from portal.desks.subsidy import full_roster, what_if
from portal.desks.subsidy import pages as subsidy
from portal.desks.surveys import own_pages as own_surveys
from portal.desks.surveys import pages as surveys
from portal.desks.surveys import paper_pages as surveys_paper
from portal.desks.union import (
    board_pages,
    data,
    issues_pages,
    runs_sheet,
    scheme_pages,
    story_sheet,
    today_pages,
)
from portal.desks.union import fair_sheet as union_fair_sheet
from portal.desks.union import pages as union
from portal.desks.union import pages_asked as union_asked
from portal.desks.union import pages_by_hand as union_by_hand
from portal.desks.union import runs_pages as runs
from portal.desks.union import way_back_pages as way_back
from portal.desks.watch import pages as watch_pages
from portal.desks.watch import sheet as watch_sheet
from portal.desks.worker import answer_pages as worker_answers
from portal.desks.worker import pages as worker
from portal.web import elsewhere
from portal.web import routes as web

ROUTERS = (
    accounts.router,
    data.router,
    way_back.data_router,
    way_back.router,
    web.router,
    elsewhere.router,
    board_pages.router,
    union.router,
    union_asked.router,
    runs.router,
    runs_sheet.router,
    coverage.router,
    pools.router,
    catalogue.router,
    surveys.router,
    surveys_paper.router,
    own_surveys.router,
    pools_sheet.router,
    college_offers_sheet.router,
    college_offers.router,
    college_people.router,
    college_week.router,
    college_why_not.router,
    union_fair_sheet.router,
    watch_pages.router,
    union_by_hand.router,
    scheme_pages.router,
    evaluation.router,
    certificates.router,
    batch_sheet.router,
    numbers.router,
    papers.router,
    what_if.router,
    full_roster.router,
    subsidy.router,
    aftercare.router,
    roster_people.router,
    today_pages.router,
    issues_pages.router,
    findings.router,
    attendance.router,
    presence.router,
    personal.router,
    status.router,
    report_pages.router,
    instructor.router,
    session_photos.router,
    sign_in_sheet_files.router,
    sign_in_sheets.router,
    assessor.router,
    worker.router,
    worker_answers.router,
    public.router,
    badges.router,
    published.router,
    *enterprise,
    intake.router,
    own_account.router,
    own_calendar.router,
    calendar.router,
    notices.router,
    leaving_pages.router,
    own_mail.router,
    people.router,
    deputies.router,
    invited.router,
    mail_address.router,
    story_sheet.router,
    college_week_sheet.router,
    watch_sheet.router,
    people_sheet.router,
)
"""Where two would take one path, the first does."""
