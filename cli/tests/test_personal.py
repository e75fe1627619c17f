"""The look for people's names and numbers finds what is planted, however it is written."""

import json

import pytest

from songjiao_cli.verify.personal import Sought, in_logs

pytestmark = pytest.mark.rules

WHO = Sought(
    names=frozenset({"张小伟", "陈强", "阿卜杜拉·买买提", "Maria Schmidt"}),
    numbers=frozenset({"350400199001010010", "35040019900101002X"}),
    organisations=frozenset({"陈强机械有限公司"}),
)


class TestPlanted:
    @pytest.mark.parametrize(
        "text",
        [
            "学员张小伟已签到",
            json.dumps({"name": "陈强"}),
            "GET /people?q=%E9%99%88%E5%BC%BA",
            "阿卜杜拉·买买提",
            "dear Maria Schmidt,",
            "worker 350400199001010010 signed in",
            '{"id": "35040019900101002x"}',
        ],
    )
    def test_a_planted_name_or_number_is_found(self, text):
        assert len(WHO.lines("here", text)) == 1
        assert len(WHO.lines("here", text.encode())) == 1

    def test_what_is_told_names_nobody(self):
        assert WHO.lines("the log of portal", "陈强 陈强 350400199001010010") == [
            "the log of portal: 1 names and 1 ID numbers of people"
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "张*伟 **************0010",
            "陈强机械有限公司 accepts the order",
            "0199350400199001010010ff",
            "01990d2c-0000-7000-8000-350400199001",
            "陈\n强",
        ],
    )
    def test_what_is_masked_an_organisation_or_an_id_is_nobody(self, text):
        assert WHO.lines("here", text) == []

    def test_a_log_is_read_as_it_lies(self, tmp_path):
        log = tmp_path / "portal.log"
        log.write_text(json.dumps({"event": "fill failed", "who": "张小伟"}), encoding="utf-8")
        assert in_logs(WHO, {"portal": log, "evaluation": tmp_path / "none.log"}) == [
            "the log of portal: 1 names of people"
        ]
