"""Which texts may be passed on: what the register says of a source, and what a record says of itself."""

from __future__ import annotations

import re
from typing import Literal

Texts = Literal["open", "by_record", "closed"]
"""What a source lets others do with its abstracts: pass them on, only those of records under an open licence, or none.
Titles and links are facts about a document and may always be passed on."""

# CC0, CC BY and CC BY-SA in the spellings of the sources (`cc_by`, `CC BY 4.0`, an address of creativecommons.org), and works in the
# public domain. What is for non-commercial use or must not be changed is not open: we do not know what a reader does with it.
_OPEN = re.compile(r"\b(?:cc-?0|cc-zero|cc-by(?:-sa)?(?!-?[a-z])|licenses/by(?:-sa)?/|publicdomain/|public-domain)")


def may_pass_on(texts: Texts, licence: str | None) -> bool:
    """Whether the abstract of a record with that licence line may be passed on."""
    return texts == "open" or (texts == "by_record" and is_open(licence))


def is_open(licence: str | None) -> bool:
    """Whether a licence line states an open licence; None and an unknown licence do not."""
    return bool(_OPEN.search(re.sub(r"[\s_]+", "-", (licence or "").lower())))
