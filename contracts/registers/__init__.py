"""What the operator keeps for all: firms, programs, credentials, contributions and disbursements."""
