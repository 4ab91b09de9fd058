"""Tests of the auditor, on patterns and alternative tables made here and nowhere else."""
