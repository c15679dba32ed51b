"""Samples, bent and broken: a few things cut out, put in, doubled or turned, or two spliced."""

from collections.abc import Sequence

from hypothesis import strategies as st

FRAGMENTS = (
    b"", b"\0", b"\r\n\r\n", b"\xff\xfe", b"&#0;", b"<![CDATA[", b"]]>", b"<!DOCTYPE x>", b"--",
    b'{"a":', b"[[[[", b'"', b"=?utf-8?B?", b"Content-Type: multipart/mixed; boundary=", b"%00%",
    b"<table><tr>", b"\xed\xa0\x80", "\u202e".encode(), b"=\r\n", b"e" * 300, b"1e999", b"-",
    b"&#xD800;", b"\\ud800", b"\\u0000", b"_xD800_", b"+2AA-", b"charset=utf-7; x=", b";", b"\t",
    b"=?utf-7?Q?+2AA-?=", b"charset=unicode_escape; x=", b"charset=utf-16; x=", b"\r", b"\x85",
    b"Content-Transfer-Encoding: base64\r\n",
)  # fmt: skip


@st.composite
def mutate_sample(draw: st.DrawFn, samples: Sequence[bytes]) -> bytes:
    """One of `samples` after up to four such accidents."""
    body = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(body)))
        to = min(len(body), at + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["cut", "put", "double", "splice", "bits"])):
            case "cut":
                body = body[:at] + body[to:]
            case "put":
                body = body[:at] + draw(st.sampled_from(FRAGMENTS)) + body[at:]
            case "double":
                body = body[:to] + body[at:to] * draw(st.integers(1, 40)) + body[to:]
            case "splice":
                body = body[:at] + draw(st.sampled_from(samples))[at:]
            case _:
                body = body[:at] + bytes(byte ^ 0x41 for byte in body[at:to]) + body[to:]
    return body
