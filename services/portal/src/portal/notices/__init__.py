"""Notices: who is told what because of which fact, on the page and by mail. Which, is data (`rules/notices.yaml`)."""
