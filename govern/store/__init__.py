"""What is kept: tables, transactions, queries. SQLite by default, PostgreSQL in production."""
