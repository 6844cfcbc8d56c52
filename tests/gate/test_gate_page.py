"""The jobs and policies of docs/gate.md can be read, and the page tells every reason."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
import yaml

import api.gate.verdict as verdict
from api.cli.gating import gate
from api.gate.policy import BLOCK, read_policy
from ontology.load import load_ontology
from tests.api.command import ROOT

PAGE = (ROOT / "docs" / "gate.md").read_text("utf-8")
YAML = [textwrap.dedent(t) for t in re.findall(r"^ *```yaml\n(.*?)```", PAGE, re.DOTALL | re.M)]


@pytest.mark.parametrize("text", YAML)
def test_every_example_is_yaml(text: str) -> None:
    assert isinstance(yaml.safe_load(text), dict)


def test_the_policy_of_the_page_is_understood(tmp_path: Path) -> None:
    text = next(t for t in YAML if t.startswith("block:"))
    (tmp_path / "p.yaml").write_text(text, "utf-8")
    policy = read_policy(tmp_path / "p.yaml", load_ontology(()))
    assert policy.block[0] == BLOCK[0]
    assert len(policy.waivers) == 1


def test_the_options_of_the_page_exist() -> None:
    known = set(gate.__annotations__)
    commands = " ".join(
        re.findall(r"mulu gate [^`]*?(?=\n *(?:- |artifacts|```))", PAGE, re.DOTALL)
    )
    named = {o.replace("-", "_") for o in re.findall(r"(?<!\S)--([a-z-]+)", commands)}
    assert named
    assert named <= known


def test_every_reason_is_told() -> None:
    doc = verdict.Doubt.__doc__ or ""
    reasons = re.findall(r"\w+", doc.partition("stable:")[2])
    assert reasons
    assert all(f"| `{reason}` |" in PAGE for reason in reasons)
