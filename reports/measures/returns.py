"""What the fund got for it: present values per participant under stated assumptions, savings described."""

from __future__ import annotations

from reports.measures.measure import Measure, Statistic

_BORNE = "in dollars of the base quarter, at the quarter of entry"


def _present_value(metric_id: str, subject: str, title: str, meaning: str) -> Measure:
    return Measure(metric_id, Statistic.MEAN, True, subject, title, "participants", meaning)


RETURNS = (
    _present_value(
        "return_net",
        "What training came to, less what it cost",
        "Net present value of training, a participant",
        f"gains under the assumptions of the set, less all costs, {_BORNE}; society is the sum of the "
        "ledgers, in which what one pays another cancels",
    ),
    _present_value(
        "return_observed",
        "The same from the observed quarters alone",
        "Net present value from the observed quarters alone, a participant",
        "gains of the fourth to eighth quarter after entry only, nothing projected, less all costs",
    ),
    _present_value(
        "return_benefit",
        "What training came to",
        "Benefits of training, a participant",
        f"gains under the assumptions of the set, {_BORNE}",
    ),
    _present_value(
        "return_cost",
        "What training cost",
        "Net costs of training, a participant",
        "money, gifts in kind, class hours and the cost of raising public money, less stipends received, "
        f"{_BORNE}",
    ),
    _present_value(
        "return_ratio",
        "Benefits over net costs",
        "Benefits over net costs",
        "benefits divided by net costs; none where net costs are not above zero, or may not be",
    ),
    _present_value(
        "return_line",
        "The lines of the ledgers",
        "Lines of the ledgers, a participant",
        "what each line adds to its ledger, costs below zero",
    ),
    _present_value(
        "return_scenario",
        "Society's net present value under other choices",
        "Society's net present value under other choices, a participant",
        "one choice changed at a time, all else as in the set",
    ),
    _present_value(
        "return_break_even_fade",
        "The yearly fade of the gain at which society breaks even",
        "Break-even fade, percent of the gain lost a year",
        "society gains as long as less is lost; 0: it does not break even without any fade; 100: the "
        "observed quarters alone pay back",
    ),
    _present_value(
        "return_payback",
        "The time until society has its costs back",
        "Payback, quarters after entry",
        "the first quarter in which society's net present value is not below zero; one more than the "
        "horizon where none is",
    ),
    _present_value(
        "return_class_hours",
        "Hours of class a participant",
        "Hours of class a participant",
        "hours that the programs' register names, weighed by people served",
    ),
    _present_value(
        "saving_turnover",
        "What the difference in staying with the firm would save",
        "Turnover saving, described and in no ledger",
        "the difference in retention with the firm, at the assumed cost of replacing somebody",
    ),
    _present_value(
        "saving_time_to_fill",
        "What filling seats sooner would save",
        "Time-to-fill saving, described and in no ledger",
        "days by which seats filled out of a program were filled sooner, at the assumed cost of an empty "
        "seat's day",
    ),
    _present_value(
        "saving_ramp_up",
        "What reaching full productivity sooner would save",
        "Ramp-up saving, described and in no ledger",
        "days by which people hired out of a program reached full productivity sooner, at the assumed "
        "output missing in a day",
    ),
    Measure(
        "training_cost",
        Statistic.LEDGER,
        False,
        "What training took",
        "What training took, by who bore it and for what",
        "dollars",
        "all money the fund paid and gifts that were used, with administration, in prices of the base "
        "quarter; equipment as far as it has served",
    ),
    Measure(
        "fill_days",
        Statistic.MEAN,
        False,
        "Days that filled seats had waited",
        "Mean days that filled seats had waited",
        "seats filled",
        "from approval to acceptance, within occupations filled both ways; a description, not an effect",
    ),
)
