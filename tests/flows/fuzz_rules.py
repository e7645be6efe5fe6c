"""Our own check beside those of schemathesis, which loads this module by its name."""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response

# What a field's shape is refused with: by DRF's fields, and by ours in hep/fields.py. A schema cannot
# count the places behind a decimal point.
OF_SHAPE = frozenset(
    {
        "required", "null", "blank", "empty", "invalid", "invalid_choice", "not_a_list",
        "not_a_dict", "max_length", "min_length", "max_value", "min_value",
        "max_whole_digits", "datetime", "date", "overflow",
    }
)  # fmt: skip  # a list


@schemathesis.check
def refused_by_a_rule_only(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """A request that the schema allows may be refused by a rule of the clinic, not for its shape.

    Rules name a code of their own at the top: `quiet_hours`, `outside_program`. `invalid` at the
    top means that the shape is wrong, and then the schema should have said so.
    """
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code != 400:
        return
    problem = response.json()
    blamed = [row for row in problem["errors"] if row["code"] in OF_SHAPE]
    assert problem["code"] != "invalid" or not blamed, f"The schema allows it: {blamed}"
