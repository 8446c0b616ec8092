"""A feed's last error in English → the key of a reason in Arabic; the page of sources says it.

The row keeps the whole sentence for operators; an editor needs to know whether to wait, to write
to the publisher or to look for another address.
"""

from __future__ import annotations

import re

# The first that fits, of the sentences that `feeds` raises.
REASONS: tuple[tuple[str, str], ...] = (
    (r"HTTP 404|HTTP 410", "gone"),
    (r"HTTP 40[13]|HTTP 451", "forbidden"),
    (r"HTTP 429", "too_often"),
    (r"HTTP 5\d\d", "server"),
    (r"HTTP \d+", "refused"),
    (r"did not answer|in time|within", "slow"),
    (r"no address in the DNS", "no_address"),
    (r"certificate|TLS", "certificate"),
    (r"refuses the connection|hung up|broke off", "connection"),
    (r"redirect", "redirects"),
    (r"more than|takes more|memory", "too_large"),
    (r"not visited|private|only http", "forbidden_address"),
    (r"document|no feed|reader|reading", "no_feed"),
)


def reason_of(error: str) -> str:
    """Return the key of a reason; "unknown" for a sentence that is none of ours."""
    return next((key for form, key in REASONS if re.search(form, error)), "unknown")
