"""Words of the patient's own page, with what stands in them."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], key: str, **values: Any) -> str:
    """The words of `key` in the page's language. Raises KeyError for words that are not there."""
    words: str = context["w"][key]
    return words.format(**values)
