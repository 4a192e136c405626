from tests.databases import bare_database_url, database_url, migrated_sqlite, postgres, store

__all__ = ["bare_database_url", "database_url", "migrated_sqlite", "postgres", "store"]
