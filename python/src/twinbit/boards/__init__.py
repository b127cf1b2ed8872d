"""The boards that twinbit is measured on: protocols and scores, one module a suite."""
