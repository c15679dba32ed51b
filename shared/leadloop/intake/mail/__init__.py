"""Received mails: inquiries of vendors, answers of leads, bounces, and automatic answers."""
