"""Alerts and the dashboard name metrics and labels that exist, and each alert has its line in the runbook."""

import json
import re
from pathlib import Path

import yaml

from servicekit.telemetry import METRICS

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = yaml.safe_load((DEPLOY / "alerts" / "songjiao.rules.yaml").read_text(encoding="utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((DEPLOY / "dashboards" / "songjiao.json").read_text(encoding="utf-8"))
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
OF_THE_SCRAPE = {"job", "service", "instance", "le"}
"""Labels that Prometheus gives."""
OF_OTHERS = {"up", "node_filesystem_avail_bytes", "node_filesystem_size_bytes"}
SERIES = {
    f"{metric.name}{suffix}": set(metric.labels)
    for metric in METRICS
    for suffix in (("_bucket", "_count", "_sum") if metric.kind == "histogram" else ("",))
}


def metrics_in(query: str) -> set[str]:
    return set(re.findall(r"\b(?:songjiao_\w+|node_\w+|up)\b", query))


def test_every_metric_that_is_asked_for_exists():
    asked = {name for query in [*QUERIES, *(alert["expr"] for alert in ALERTS)] for name in metrics_in(query)}
    assert asked <= set(SERIES) | OF_OTHERS, asked - set(SERIES) - OF_OTHERS
    assert {name.removesuffix("_bucket").removesuffix("_count") for name in asked} >= {
        metric.name for metric in METRICS
    }, "the dashboard shows every metric"


def test_every_label_that_is_asked_for_is_one_of_its_metric():
    for query in [*QUERIES, *(alert["expr"] for alert in ALERTS)]:
        known = set().union(*(SERIES.get(name, set()) for name in metrics_in(query))) | OF_THE_SCRAPE
        grouped = {label.strip() for by in re.findall(r"by \(([^)]*)\)", query) for label in by.split(",")}
        assert grouped <= known, query
    for alert in ALERTS:
        told = set(re.findall(r"\$labels\.(\w+)", alert["annotations"]["summary"]))
        known = set().union(*(SERIES.get(name, set()) for name in metrics_in(alert["expr"])))
        assert told <= known | OF_THE_SCRAPE | {"mountpoint"}, alert["alert"]


def test_every_alert_has_its_line_in_the_runbook_and_none_is_left_there():
    lines = (DEPLOY / "alerts" / "runbook.md").read_text(encoding="utf-8").splitlines()
    written = [line.removeprefix("## ") for line in lines if line.startswith("## ")]
    assert written == [alert["alert"] for alert in ALERTS]
