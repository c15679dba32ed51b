"""The one table, and documents in S3: reads facts, and writes decisions in one transaction."""
