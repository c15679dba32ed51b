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
    # Of a record as it is since events have classes; what most records have stands last.
    2: (
        b'"retry_at":"state":"opportunities":[{"id":"opened_at":"existing_customer":true,"value":'
        b'"currency":"EUR","closed_at":"touchpoints":[{"id":"signal":"click","at":"sends":["given":'
        b'[{"offer":"code":"asked":[{"possible_matches":["attendance":{"since":{"enrolments":[{"'
        b'sequence":"version":"step":"entered_at":"20"sent":1}"open_question":{"takebacks":1,"'
        b'accepted_at":"held":false,"region":"city":"street":"postcode":"website":"'
        b'application/x-www-form-urlencoded"message/rfc822"application/xml"LeadAccepted",'
        b'"LeadConverted","SequenceEntered","data":{"sequence":"LeadNurtured","data":{"total":'
        b'"merged","rejected","quarantined","phone_invalid","is not a number of free_mail",'
        b'"why_not":[{"code":"route","text":"Route \xe2\x80\x9c\xe2\x80\x9d asks for interest. '
        b'at least  or contact.country one of ; found "},{"code":"language","text":" (): speaks , '
        b'not "},{"code":"on_leave","text":": on leave until 20"},{"code":"full","text":": holds '
        b' of  leads"}],"first_touch":{"at":"20","source":"","utm_source":"google","utm_medium":'
        b'"cpc","utm_campaign":"","utm_term":"","utm_content":"","click_id":"gclid:","referrer":'
        b'"https://www.google.com/","landing_page":"https://www.","ip":"203.0.113.","user_agent":'
        b'"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) '
        b'Chrome/130.0.0.0 Safari/537.36"},"last_touch":{"at":"20"consents":[{"purposes":['
        b'"marketing"],"text_version":"20","at":"alerts":{"rep":"","last_at":"20"applied":["'
        b'"events":[{"id":"#0","name":"LeadCreated","occurred_at":"20Z","cause":"","lead_id":"",'
        b'"data":{"source":"","channel":"form","product_line":"","campaign":"","purposes":"'
        b'marketing"}},{"id":"#1","name":"LeadScored","data":{"total":,"fit":,"rating":"warm"}},'
        b'{"id":"#2","name":"LeadQualified","data":{"total":,"threshold":,"stage_before":"new"}},'
        b'{"id":"#3","name":"OwnerChanged","data":{"pool":"","why":"","owner":"","route":"'
        b'"stage":"nurturing","stage":"qualified","created_at":"20Z","score":{"model":"","fit":,'
        b'"behaviour":,"points":[{"rule":"","points":10,"reason":"rating":"cold","hot","warm",'
        b'"account":"","assignment":{"pool":"","rep":"","at":"20Z","route":""},"timers":[{"kind":'
        b'"step","breach","at":"20{"name": ", "email": "", "phone": "+49 ", "company": " GmbH", '
        b'"job_title": "", "country": "DE", "language": "de", "message": "", "consent": true, '
        b'"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "", "gclid": "", '
        b'"landing_page": "https://www.", "referrer": "", "submission_key": "'
        b'"lead":{"contact":{"email":"@gmail.com","phone":"+49","name":"","first_name":"",'
        b'"last_name":"","company":" GmbH","job_title":"Head of ","country":"DE","language":"de"},'
        b'"interest":{"product":"","message":"","budget":,"employees":,"timeframe":""},"fields":{"'
        b'},"product_line":"","source":"","channel":"form","reasons":[{"code":"rating_hot","text":"'
        b' points: hot"},{"code":"","text":"+10 "raw":{"sha256":"","size":,"content_type":"'
        b'application/json"},"playbook":"","parser":"fields/4","lead_id":"{"id":"","version":1,'
        b'"source":"","channel":"form","received_at":"2026-11-2T0:00:00Z","decided_at":"2026-11-2'
        b'T0:00:00Z","outcome":"lead",'
    ),
    # Of what a decision saw: shorter, since each entry of each change pays for reading it.
    3: (
        b'"action":{"do":"accept"},"actor":{"id":"","role":"sales"},"first_touch":{"at":"20",'
        b'"delivery_id":"","met":"sending","claim":"","signal":"click","confirmed":true,"timer":'
        b'"step","SuppressionRef",["all"],{"why":"bounce"["DeliveryRef",["RecordRef",["'
        b'"consent":{"purposes":["marketing"],"text_version":"20","at":"20","ip":"203.0.113."},'
        b'"touch":{"at":"20","source":"","utm_source":"google","utm_medium":"cpc","utm_campaign":"'
        b'","utm_term":"","utm_content":"","click_id":"gclid:","referrer":"https://www.google.com/"'
        b',"landing_page":"https://www.","ip":"","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64'
        b'; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"},"parser":"'
        b'fields/4"},"asked":6,"answers":[["PoolRef",[""],{"id":"","version":5,"reps":{"":{"open":'
        b',"taken":,"period":"2026-","share":-1}}}]],"view":{"contact.country":"DE","contact.'
        b'language":"de","interest.budget":,"interest.employees":,"contact.free_mail":false,'
        b'"contact.role_address":false,"contact.phone_type":"fixed_line","contact.phone_region":"DE'
        b'","source":"","channel":"form","product_line":"","language":"de","completeness":64,'
        b'"stage":"qualified","rating":"warm","score.total":,"score.fit":},"clauses":"1000",'
        b'"turns":[{"route":"","pool":"","rep":"","candidates":[{"rep":"","weight":1,"open":,'
        b'"taken":,"share":,"propensity":0.5},{"name":"OwnerChanged","occurred_at":"20","data":{'
        b'"contact":{"email":"","phone":"+49 ","name":"","company":" GmbH","job_title":"",'
        b'"country":"DE","language":"de"},"interest":{"product":"","message":"","budget":,'
        b'"employees":,"timeframe":""},"fields":{"{"lead_id":"","at":"20","trigger_id":"",'
        b'"events":[{"id":"#0","name":"","occurred_at":"20","cause":"","lead_id":"","data":{"'
        b'],"trace":{"version":1,"basis":{"playbook":"","now":"2026-11-2T0:00:00Z","bundle":"",'
        b'"shape":2},"trigger":{"kind":"submission","id":"","source":"","channel":"form",'
        b'"received_at":"20Z",'
    ),
}
HAS_SHAPE = 0x80  # the top bit of the first byte
MOST_INLINE = 4_096  # bytes of packed raw body an item may hold; above it belongs in S3
# Bytes that are stored as they are. A claim gets no shorter by packing, and an item of less than
# 1 KB costs one write unit however short it is.
MOST_STORED = 600
STORED_HEAD = b"\x78\x01\x01"  # a stream without a dictionary, whose one block is stored
_LENGTH = struct.Struct(">I")
_BLOCK_LENGTH = struct.Struct("<HH")


class Packing(NamedTuple):
    """How a kind of item is packed: the number of the dictionary, and zlib's settings.

    zlib clears its tables for each stream: for a small item that costs more than to pack it. So
    window and memory are as small as the items allow.
    """

    dictionary: int
    level: int
    window_bits: int
    memory_level: int


RECORD_PACKING = Packing(dictionary=2, level=3, window_bits=14, memory_level=6)
MOST_QUICK = 850  # bytes; above, more effort may save a write unit
ENTRY_PACKING = Packing(dictionary=3, level=1, window_bits=12, memory_level=5)


class ItemBody(NamedTuple):
    """The content of one attribute; `raw` is None if no bytes were packed."""

    json: bytes
    raw: bytes | None
    shape: int = 1


def pack(
    json: bytes, raw: bytes | None, shape: int = 1, packing: Packing = RECORD_PACKING
) -> bytes:
    """`json` in this shape, and `raw`, as the value of one attribute."""
    # The top bit of the length tells no raw bytes from empty ones.
    data = _LENGTH.pack(len(json) | (0 if raw is None else 1 << 31)) + json + (raw or b"")
    if shape == 1:
        first = bytes([packing.dictionary])
    else:
        first = bytes([packing.dictionary | HAS_SHAPE, shape])
    return first + (_store(data) if len(data) <= MOST_STORED else _deflate(data, packing))


def _store(data: bytes) -> bytes:
    length = _BLOCK_LENGTH.pack(len(data), len(data) ^ 0xFFFF)
    return STORED_HEAD + length + data + zlib.adler32(data).to_bytes(4, "big")


def _deflate(data: bytes, packing: Packing) -> bytes:
    compressor = zlib.compressobj(
        packing.level,
        wbits=packing.window_bits,
        memLevel=packing.memory_level,
        zdict=DICTIONARIES[packing.dictionary],
    )
    packed = compressor.compress(data) + compressor.flush()
    if len(packed) > MOST_QUICK and packing.level == 1:
        return _deflate(data, packing._replace(level=9, window_bits=14))
    return packed


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
