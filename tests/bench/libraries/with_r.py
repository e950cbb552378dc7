"""R is not here."""

raise ImportError("collapse, data.table: Rscript is not installed")
