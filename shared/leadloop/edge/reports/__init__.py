"""Reports on sources and vendors, stored as documents in S3."""
