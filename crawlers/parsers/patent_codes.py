"""Classification symbols of patents in one spelling: `G06F15/16` for IPC and CPC, `709/228` for the US classes."""

from __future__ import annotations

import re

_SYMBOL = re.compile(r"([A-HY]\d{2}[A-Z])\s*0*(\d{1,4})/(\d+)")
_FIXED_WIDTH = re.compile(r"([A-HY]\d{2}[A-Z])\s{0,2}(\d{1,3})(\d{2,})$")


def symbol(text: str) -> str:
    """Return one IPC or CPC symbol. Reads `G06F 15/16`, `A61B005/00`, and the fixed columns `G06F 1516`, `B60R  900`.

    In the fixed form four characters of subclass are followed by three of main group and the rest of subgroup.
    A symbol that fits none of the forms is returned without spaces.
    """
    text = text.strip().upper()
    if match := _SYMBOL.match(text):
        return f"{match[1]}{match[2]}/{match[3]}"
    group, rest = text[4:7].strip(), text[7:].strip()
    if group.isdigit() and rest.isdigit() and re.match(r"[A-HY]\d{2}[A-Z]", text):
        return f"{text[:4]}{int(group)}/{rest}"
    if match := _FIXED_WIDTH.match(text):
        return f"{match[1]}{int(match[2])}/{match[3]}"
    return re.sub(r"\s+", "", text)


def joined(section: str, main_class: str, subclass: str, group: str, subgroup: str) -> str:
    """Return the symbol made of the five elements of Red Book v4; '' when the subclass is incomplete."""
    stem = f"{section}{main_class}{subclass}"
    if len(stem) != 4:
        return ""
    return f"{stem}{group}/{subgroup}" if group and subgroup else stem


def us_class(text: str) -> str:
    """Return a US class as class/subclass. Reads the fixed columns `709228`, `224 4207` (=224/42.07) and `600300000`."""
    head, subclass = text[:3].strip(), text[3:]
    if not head:
        return ""
    whole, decimals = subclass[:3].strip(), subclass[3:].strip()
    if "." in subclass or not (whole.isdigit() or whole[:1].isalpha()):
        return f"{head.lstrip('0')}/{subclass.strip()}".rstrip("/")
    whole = whole.lstrip("0") or "0"
    if decimals.isdigit() and not decimals.strip("0"):
        decimals = ""
    return f"{head.lstrip('0') or head}/{whole}" + (f".{decimals}" if decimals else "")
