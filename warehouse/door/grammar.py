"""What a question may be made of: kinds of syntax and functions, by name. All else is refused.

A list of what is allowed, never of what is forbidden: what a new DuckDB or sqlglot brings is refused until
somebody has looked at it. A function is here when it computes from its arguments alone, in memory that grows
no faster than they do: so not ``repeat``, ``range`` or ``getenv``.
"""

from __future__ import annotations

_CLAUSES = """
Select From Join Where Group Having Qualify Order Ordered Limit Offset Distinct With CTE Subquery Union
Except Intersect Table TableAlias Alias Column Identifier Star Paren Tuple Values GroupingSets Rollup
Cube Window WindowSpec Filter WithinGroup All Lateral
"""
_OPERATORS = """
And Or Not EQ NEQ GT GTE LT LTE Is In Between Like ILike Exists Any NullSafeEQ NullSafeNEQ Add Sub Mul
Div IntDiv Mod Neg DPipe Case If Cast TryCast Escape
"""
_LITERALS = "Literal Null Boolean Interval DataType DataTypeParam Var DateStrToDate"
_AGGREGATES = """
Count CountIf Sum Avg Min Max Median Mode Stddev StddevPop StddevSamp Variance VariancePop Corr CovarPop
CovarSamp ArgMax ArgMin Quantile PercentileCont PercentileDisc AnyValue First Last LogicalAnd LogicalOr
ApproxDistinct RegrSlope RegrIntercept RegrR2 RegrCount Skewness Kurtosis Grouping
"""
_WINDOWS = """
RowNumber Rank DenseRank PercentRank CumeDist Ntile Lag Lead FirstValue LastValue NthValue IgnoreNulls
RespectNulls
"""
_SCALARS = """
Coalesce Nullif Greatest Least Abs Sign Ceil Floor Round Sqrt Pow Exp Ln Log Cbrt Upper Lower Trim Length
Substring Left Right StrPosition Replace SplitPart Concat ConcatWs StartsWith EndsWith Contains Reverse
TimeToStr StrToTime DateTrunc TimestampTrunc DateDiff DateAdd DateSub Extract Year Quarter Month Day
CurrentDate Date TsOrDsToDate Trunc DateFromParts LastDay
"""
SYNTAX = frozenset(
    word
    for words in (_CLAUSES, _OPERATORS, _LITERALS, _AGGREGATES, _WINDOWS, _SCALARS)
    for word in words.split()
)
"""Class names of ``sqlglot.expressions`` that may stand in a question."""

_TYPES = """
BOOLEAN TINYINT SMALLINT INT BIGINT INT128 FLOAT DOUBLE DECIMAL VARCHAR TEXT DATE TIMESTAMP TIMESTAMPNTZ
"""
TYPES = frozenset(_TYPES.split())
"""Names of ``sqlglot``'s types that a value may be cast to: plain ones, none that holds others or needs an
extension.
"""

_NAMED = "safe_sum safe_rate date_part fsum kahan_sum favg product mad isfinite even"
FUNCTIONS = frozenset(_NAMED.split())
"""Functions that sqlglot does not know by a class of their own, as the release's macros or DuckDB define
them.
"""
