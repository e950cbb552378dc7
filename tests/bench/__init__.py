"""Speed and memory of xxmfg beside pandas, Polars, DuckDB, Arrow, NumPy and R: ``python -m tests.bench``."""
