"""What taking part did: effects with their intervals. Which words they allow is ``reports.impact``'s."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

IMPACT = (
    Measure(
        "effect_earnings",
        Statistic.MEAN,
        True,
        "The effect on real quarterly pay",
        "Effect on real quarterly earnings",
        "participants",
        "real pay from all members in the fourth to eighth quarter after entry, observed zeros counted, less "
        "what it would have been by that of co-workers of the same firm and quarter who never took part",
    ),
    Measure(
        "effect_log_earnings",
        Statistic.MEAN,
        True,
        "The effect on quarterly pay in log points",
        "Effect on quarterly earnings, in log points (about percent)",
        "participants",
        "the same in hundredths of a logarithm, over quarters with pay: about percent",
    ),
    Measure(
        "effect_hours",
        Statistic.MEAN,
        True,
        "The effect on hours paid in a quarter",
        "Effect on hours paid in a quarter",
        "participants",
        "hours paid by all members in the quarter, compared in the same way",
    ),
    Measure(
        "effect_hourly_wage",
        Statistic.MEAN,
        True,
        "The effect on real hourly pay",
        "Effect on real hourly pay",
        "participants",
        "real pay an hour, given work, compared in the same way",
    ),
    Measure(
        "effect_by_trait",
        Statistic.MEAN,
        True,
        "The effect on quarterly pay by who people are",
        "Effect on real quarterly earnings, by who people are",
        "participants",
        "the default estimator's effect on the participants of a group; a description of groups",
    ),
    Measure(
        "contrast_by_trait",
        Statistic.MEAN,
        True,
        "Differences between groups' effects on quarterly pay",
        "Difference from the effect on all others of the dimension",
        "participants of both",
        "the effect on a group less that on all others whose group is known; a description, not an effect",
    ),
    Measure(
        "effect_by_dose",
        Statistic.MEAN,
        True,
        "The effect on quarterly pay by support, incentive, mentoring and delivery",
        "Effect on real quarterly earnings, by support, incentive, mentoring and delivery",
        "participants",
        "the default estimator's effect on those who had so much of it; a description of groups",
    ),
    Measure(
        "contrast_by_dose",
        Statistic.MEAN,
        True,
        "Differences between doses' effects on quarterly pay",
        "Difference from the effect on those without",
        "participants of both",
        "the effect on those who had so much of it less that on those without; nobody was given a dose by "
        "chance, so it is no effect of the dose",
    ),
    Measure(
        "performance_effect",
        Statistic.MEAN,
        # What a competitor makes and wastes is kept as strictly as what it pays.
        True,
        "Performance of firms that trained",
        "Difference in firms' performance after training",
        "parent firms",
        "output, quality or safety after a firm's people first entered a program, less what it would have "
        "been by firms that never enrolled anybody; in hundredths of a logarithm (about percent), or "
        "percentage points of shares near one",
    ),
    Measure(
        "retention_difference_consortium",
        Statistic.MEAN,
        True,
        "The difference in retention with any member firm",
        "Difference in retention with any member, in percentage points",
        "participants",
        "of those on the payroll just before entry, how many more than co-workers of the same firm and "
        "quarter are paid by any member four to eight quarters later; a description, not an effect",
    ),
    Measure(
        "retention_difference_firm",
        Statistic.MEAN,
        True,
        "The difference in retention with the same firm",
        "Difference in retention with the same firm, in percentage points",
        "participants",
        "the same, with the parent firm that they entered from; a description, not an effect",
    ),
)
