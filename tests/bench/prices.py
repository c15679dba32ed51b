"""List prices in USD, us-east-1, on demand; per million unless said otherwise.

Confirmed in 2026 for API Gateway, DynamoDB, Step Functions and Express; the others are the
published ones we plan with.
"""

REST = 3.50
LAMBDA_CALL = 0.20
LAMBDA_GB_SECOND = 13.3334  # arm64
SQS = 0.40
WRITE, READ = 0.625, 0.125
LOG_GB = 0.50  # per GB
PLATFORM_LINES = 300  # bytes that Lambda itself logs per call: START, END, REPORT
TRACE = 5.00
TRANSITION = 25.0
EXPRESS_REQUEST = 1.00
EXPRESS_GB_SECOND = 16.67  # billed in steps of 64 MB
