"""The same evaluation on Apache Spark: an engine for a portfolio that outgrows one machine."""
