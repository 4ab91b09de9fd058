"""The dbt project: staging → intermediate → marts, in SQL, from the lake into one new warehouse file.

This module only says where the project lies, so that it can be packaged and found. Running dbt belongs to
orchestration; Python arithmetic on persons or wages does not belong here at all.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["PROJECT_DIR"]

PROJECT_DIR = Path(__file__).resolve().parent
