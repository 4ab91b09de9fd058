"""Who is served, what they can do, and how training is run."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

PEOPLE = (
    Measure(
        "access_to_credential_training",
        Statistic.RATE,
        False,
        "Access to training toward a credential",
        "Entered training toward a credential",
        "entries into a program",
        "of the people who entered, the share whose training is more than on-the-job or customized training",
    ),
    Measure(
        "skills_proficiency_gain",
        Statistic.MEAN,
        False,
        "The mean gain in skill",
        "Gain in level from before to after training",
        "pairs of assessments",
        "mean difference of levels (0 to 7) assessed before and after training on the same scale",
    ),
    Measure(
        "rater_agreement",
        Statistic.MEAN,
        False,
        "The agreement of raters",
        "Agreement of two raters (Cohen's kappa)",
        "performances rated twice",
        "how far two raters agree on whether a performance passes, beyond chance: 1 is always",
    ),
    Measure(
        "skills_gap",
        Statistic.MEAN,
        False,
        "The skills gap",
        "Skills gap a head",
        "people assessed at work",
        "how far levels at work fall short of what O*NET asks, summed over the skills assessed, "
        "each weighted by its importance in the occupation",
    ),
    Measure(
        "time_to_proficiency",
        Statistic.MEDIAN,
        False,
        "The time to work to standard",
        "Days until half work to standard",
        "jobs begun",
        "days from the start of a job until half work to standard; people who left are lost from sight",
    ),
    Measure(
        "time_to_productivity",
        Statistic.MEDIAN,
        False,
        "The time to full productivity",
        "Days until half are fully productive",
        "jobs begun",
        "days from the start of a job until half are fully productive; people who left are lost from sight",
    ),
    Measure(
        "survey_score",
        Statistic.MEAN,
        False,
        "The mean survey score",
        "Mean survey score",
        "people who answered",
        "mean answer, from 0 for the lowest to 1 for the highest on each question's scale",
    ),
    Measure(
        "mean_award",
        Statistic.MEAN,
        False,
        "The mean financial award",
        "Mean financial award",
        "awards of money",
        "what an award of money was worth on average, by calendar year and tier; watched for inflation",
    ),
    Measure(
        "on_step_rate",
        Statistic.RATE,
        True,
        "Apprentices paid on their step",
        "Paid at least the rate of the step",
        "quarters on a step",
        "of whole quarters on an apprenticeship step, the share paid at least the step's hourly rate",
    ),
)
