"""One compressed attribute per item: its JSON and, beside it, the raw bytes as received.

Both go through one zlib stream, since a form's raw body repeats what its JSON says; the preset
dictionary knows the words every lead has. Layout: the dictionary's byte, then the stream of length
of the JSON (4 bytes, big-endian), JSON, raw bytes. If the top bit of the first byte is set, a byte
with the number of the shape follows it; else the shape is 1. What is short is a stream, too, of one
stored block.

Source: RFC 1950, preset dictionary. RFC 1951, 3.2.4: stored blocks.
"""

import struct
import zlib
from typing import NamedTuple

# A dictionary is never edited: stored items were packed with it. Add the next, and pack with it.
DICTIONARIES = {
    1: (
        b'"unknown","detail":"claim":"attempts":1,"retry_at":"state":"waiting","sending","failed",'
        b'"dropped","purpose":"nurture","channel":"email","template":"language":"de","sequence":"'
        b'"step":"not_after":"data":{"why_hot":"why_theirs":"message_id":"released_as":"cause":"'
        b'"location":{"bucket":"raw","key":"raw/","version":"value":"currency":"EUR","closed_at":"'
        b'"opportunities":[{"id":"state":"open","won","lost","opened_at":"existing_customer":true'
        b'"touchpoints":[{"id":"signal":"click","open","at":"sends":["'
        b'"possible_matches":["customer_since":"reps":{"share":-1,"open":1,"taken":1,"period":"'
        b'LeadRejected","LeadQuarantined","LeadMerged","LeadReassigned","LeadRecycled",'
        b'"LeadAccepted","LeadConverted","OpportunityWon","OpportunityLost","MessageSent",'
        b'application/x-www-form-urlencoded","text/plain","message/rfc822","application/xml",'
        b"utm_source=&utm_medium=&utm_campaign=&first_name=&last_name=&email=&phone=&company=&"
        b"country=&message=&product_line=&consent=&submission_key=&language=&landing_page="
        b'"website":"region":"city":"street":"postcode":"name":"first_name":"last_name":"'
        b'"fields":{"budget":"employees":"timeframe":"message":"product":"'
        b'"quarantined","reasons":[{"code":"text":"phone_invalid","is not a number of '
        b'"why_not":[{"code":"language","text":"on_leave","is on leave until ","capacity",'
        b'" of  leads held","hours","outside working hours","speaks , not ","not "},{"code":"'
        b'"consents":[{"purposes":["marketing","email","phone"],"text_version":"20","ip":"'
        b'"enrolment":{"sequence":"version":"step":"entered_at":"20"sent":1}'
        b'"first_touch":{"at":"20","source":"utm_source":"google","utm_medium":"cpc",'
        b'"utm_campaign":"utm_term":"utm_content":"click_id":"gclid:","referrer":"https://www.'
        b'"landing_page":"https://www.","ip":"203.0.113.","user_agent":"Mozilla/5.0 (Windows NT '
        b"10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
        b'","last_touch":{"at":"20"timers":[{"kind":"breach","step","recycle","retry","at":"20"'
        b'"assignment":{"pool":"rep":"at":"20","route":"takebacks":1,"accepted_at":"20'
        b'"score":{"model":"fit":"behaviour":"points":[{"rule":"job_title","points":10,"reason":"'
        b'},{"rule":"company_size","points":20,"reason":"free_mail","points":-10,"reason":"'
        b'"events":[{"id":"#0","name":"LeadCreated","occurred_at":"20","cause":"","lead_id":"","'
        b'data":{"source":"outcome":"rating":"product_line":"country":"score":}},{"id":"#1","name":'
        b'"LeadScored","LeadQualified","LeadAssigned","LeadNurtured","trigger_id":"lead_id":"'
        b'"applied":["stage":"nurturing","qualified","accepted","converted","customer","recycled"'
        b',"disqualified","rating":"cold","warm","hot","account":"cycle":2,"created_at":"20'
        b'"contact":{"email":"@gmail.com","phone":"+49","+44","company":" GmbH","job_title":"Head '
        b'of Director Manager","country":"DE","language":"en"},"interest":{"product_line":"'
        b'{"id":"","version":1,"source":"web-form","channel":"form","partner","mail","received_at":'
        b'"2026-11-21T00:00:00.000000Z","decided_at":"2026-11-21T00:00:00.000000Z","outcome":"lead"'
        b',"merged","rejected","raw":{"sha256":"","size":,"content_type":"application/json"},'
        b'"playbook":"","lead_id":"","lead":{"contact":{"email":"'
    ),
}
CURRENT_DICTIONARY = max(DICTIONARIES)
HAS_SHAPE = 0x80  # the top bit of the first byte
MOST_INLINE = 4_096  # bytes of packed raw body an item may hold; above it belongs in S3
# Bytes that are stored as they are. A claim gets no shorter by packing, and an item of less than
# 1 KB costs one write unit however short it is.
MOST_STORED = 600
STORED_HEAD = b"\x78\x01\x01"  # a stream without a dictionary, whose one block is stored
# zlib clears its tables for each stream: for a small item that costs more than to pack it. With a
# window of 16 KB there is a sixth of them to clear, and items get no bigger.
LEVEL, WINDOW_BITS, MEMORY_LEVEL = 5, 14, 6
_LENGTH = struct.Struct(">I")
_BLOCK_LENGTH = struct.Struct("<HH")


class ItemBody(NamedTuple):
    """The content of one attribute; `raw` is None if no bytes were packed."""

    json: bytes
    raw: bytes | None
    shape: int = 1


def pack(json: bytes, raw: bytes | None, shape: int = 1) -> bytes:
    """`json` in this shape, and `raw`, as the value of one attribute."""
    # The top bit of the length tells no raw bytes from empty ones.
    data = _LENGTH.pack(len(json) | (0 if raw is None else 1 << 31)) + json + (raw or b"")
    if shape == 1:
        first = bytes([CURRENT_DICTIONARY])
    else:
        first = bytes([CURRENT_DICTIONARY | HAS_SHAPE, shape])
    return first + (_store(data) if len(data) <= MOST_STORED else _deflate(data))


def _store(data: bytes) -> bytes:
    length = _BLOCK_LENGTH.pack(len(data), len(data) ^ 0xFFFF)
    return STORED_HEAD + length + data + zlib.adler32(data).to_bytes(4, "big")


def _deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(
        LEVEL,
        wbits=WINDOW_BITS,
        memLevel=MEMORY_LEVEL,
        zdict=DICTIONARIES[CURRENT_DICTIONARY],
    )
    return compressor.compress(data) + compressor.flush()


def unpack(value: bytes) -> ItemBody:
    """The inverse of `pack`, for every dictionary there was.

    Raises:
        KeyError: the version byte names no dictionary.
        zlib.error: the stream is damaged.

    """
    has_shape = bool(value[0] & HAS_SHAPE)
    decompressor = zlib.decompressobj(zdict=DICTIONARIES[value[0] & ~HAS_SHAPE])
    data = decompressor.decompress(value[2 if has_shape else 1 :]) + decompressor.flush()
    (length,) = _LENGTH.unpack_from(data)
    end = _LENGTH.size + (length & ~(1 << 31))
    raw = data[end:] if length >> 31 else None
    return ItemBody(data[_LENGTH.size : end], raw, value[1] if has_shape else 1)


def fits_inline(raw: bytes) -> bool:
    """Whether these bytes may lie in the item itself; else they go to S3 before the commit."""
    return len(raw) <= MOST_INLINE or len(zlib.compress(raw, 9)) <= MOST_INLINE
