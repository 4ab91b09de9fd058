"""What became of the people who took part."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

OUTCOMES = (
    Measure(
        "participants_served",
        Statistic.COUNT,
        False,
        "The number of people served",
        "People served",
        "people",
        "people with an enrollment open at any time in the period",
    ),
    Measure(
        "completion_rate",
        Statistic.RATE,
        False,
        "Completion of training",
        "Training completed",
        "periods of training",
        "of the people whose training ended, the share who completed it",
    ),
    Measure(
        "credential_attainment",
        Statistic.RATE,
        False,
        "Credential attainment",
        "Credential earned",
        "exits",
        "of the people who left, the share with a recognized credential by one year later",
    ),
    Measure(
        "employment_rate_q2",
        Statistic.RATE,
        True,
        "Employment two quarters after exit",
        "Employed two quarters after exit",
        "exits",
        "of the people who left, the share employed by a member firm two quarters later",
    ),
    Measure(
        "employment_rate_q4",
        Statistic.RATE,
        True,
        "Employment four quarters after exit",
        "Employed four quarters after exit",
        "exits",
        "of the people who left, the share employed by a member firm four quarters later",
    ),
    Measure(
        "median_earnings_q2",
        Statistic.MEDIAN,
        True,
        "Median quarterly pay two quarters after exit",
        "Median quarterly earnings two quarters after exit",
        "exits with pay",
        "the middle of what member firms paid in that quarter to people who had left two quarters before",
    ),
    Measure(
        "retention_same_employer_q2_q4",
        Statistic.RATE,
        True,
        "Retention with the same employer",
        "Still with the same employer",
        "exits with pay",
        "of the people employed two quarters after exit, the share with the same employer two quarters later",
    ),
    Measure(
        "real_earnings_change",
        Statistic.MEDIAN,
        True,
        "The median change in real quarterly pay",
        "Median change in real quarterly earnings",
        "exits with pay before and after",
        "the middle difference between pay two quarters after exit and the average of the three quarters "
        "before entry, in constant prices; a description, not an effect of the training",
    ),
    Measure(
        "on_time_completion",
        Statistic.RATE,
        False,
        "Completion on time",
        "Training completed on time",
        "periods of training",
        "of the people whose one and a half times the planned weeks have passed, the share who "
        "completed by then",
    ),
    Measure(
        "any_program_credential",
        Statistic.RATE,
        False,
        "Any credential after completion",
        "Any credential of the program",
        "completions",
        "of the people who completed, the share with any credential of the program within a year",
    ),
    Measure(
        "measurable_skill_gains",
        Statistic.RATE,
        False,
        "Measurable skill gains",
        "Measurable skill gain in the program year",
        "participants",
        "of the people in training toward a credential or a job in the program year, the share with a "
        "documented gain",
    ),
    Measure(
        "training_related_employment",
        Statistic.RATE,
        True,
        "Work related to the training",
        "Working in what was learned",
        "exits with a known job",
        "of the people employed two quarters after exit whose job is known, the share whose work is "
        "related to the training",
    ),
    Measure(
        "real_hourly_wage_change",
        Statistic.MEDIAN,
        True,
        "The median change in real hourly pay",
        "Median change in real hourly wage",
        "exits with hours before and after",
        "the middle difference between pay an hour two quarters after exit and the average of the "
        "three quarters before entry, in constant prices; a description, not an effect of the "
        "training",
    ),
    Measure(
        "retention_q4",
        Statistic.RATE,
        True,
        "Retention with any member after four quarters",
        "Still with a member firm four quarters after exit",
        "exits with employment",
        "of the people employed two quarters after exit, the share employed by any member firm four "
        "quarters after exit",
    ),
    Measure(
        "retention_q8",
        Statistic.RATE,
        True,
        "Retention with any member after eight quarters",
        "Still with a member firm eight quarters after exit",
        "exits with employment",
        "of the people employed two quarters after exit, the share employed by any member firm eight "
        "quarters after exit",
    ),
    Measure(
        "retention_same_employer_q2_q8",
        Statistic.RATE,
        True,
        "Retention with the same employer after eight quarters",
        "Still with the same employer after eight quarters",
        "exits with pay",
        "of the people employed two quarters after exit, the share with the same employer eight "
        "quarters after exit",
    ),
    Measure(
        "employment_rate_q2_wioa",
        Statistic.RATE,
        True,
        "Employment at any employer two quarters after exit",
        "Employed anywhere two quarters after exit (with state wage records)",
        "exits",
        "of the people who left, the share employed two quarters later at a member firm or, by the "
        "state's wage records, anywhere else",
    ),
    Measure(
        "employment_rate_q4_wioa",
        Statistic.RATE,
        True,
        "Employment at any employer four quarters after exit",
        "Employed anywhere four quarters after exit (with state wage records)",
        "exits",
        "of the people who left, the share employed four quarters later at a member firm or, by the "
        "state's wage records, anywhere else",
    ),
    Measure(
        "median_earnings_q2_wioa",
        Statistic.MEDIAN,
        True,
        "Median quarterly pay at any employer two quarters after exit",
        "Median quarterly earnings two quarters after exit (with state wage records)",
        "exits with pay",
        "the middle of what all employers paid in that quarter, by the state's wage records, to "
        "people who had left two quarters before",
    ),
)
