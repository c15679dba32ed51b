"""What Lambda tells a handler of a call."""

from aws_lambda_powertools.utilities.typing import LambdaContext

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


class FakeLambdaContext(LambdaContext):
    """One call, `run` its id; each of Lambda's own tries has another."""

    def __init__(self, run: str = "r-1", *, seconds_left: int = 300) -> None:
        self._function_name = "f"
        self._function_version = "1"
        self._invoked_function_arn = ARN
        self._memory_limit_in_mb = 1024
        self._aws_request_id = run
        self._seconds_left = seconds_left

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        return self._seconds_left * 1000  # theirs is static, and so can know none
