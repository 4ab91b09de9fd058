"""How long credentials last, who recognizes them, and whether they come along to another employer."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

CREDENTIALS = (
    Measure(
        "credential_validity",
        Statistic.RATE,
        False,
        "The share of credentials still active",
        "Credentials still active, by years since they were attained",
        "credentials",
        "of the credentials attained at least so many years ago, the share still active on that day",
    ),
    Measure(
        "recognition_coverage",
        Statistic.RATE,
        False,
        "The share of members that recognize a credential",
        "Members that recognize the credential",
        "members",
        "of the member firms, counted by parent, the share that recognizes the credential on any basis",
    ),
    Measure(
        "credential_integrity",
        Statistic.RATE,
        True,
        "The share of movers whose credential counts at the new employer",
        "Movers whose credential is active and recognized where they went",
        "movers with a credential",
        "of those who moved to another member and hold a credential, the share with one that counts there",
    ),
)
