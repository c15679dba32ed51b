"""What DynamoDB does under pressure and no emulator does: answers made with botocore's stubber."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from leadloop.model.claim import Claim, ClaimRef
from leadloop.model.facts import Change
from leadloop.model.lead import RecordRef
from leadloop.store import queries
from leadloop.store.commit import commit
from leadloop.store.dynamodb import MOST_TRIES, DynamoTable
from leadloop.store.items import Item, to_item
from leadloop.store.keys import Key, Keys
from leadloop.store.read import read
from leadloop.store.table import Throttled

KEYS = Keys(b"pepper")
PHONES = [ClaimRef("phone", f"+{n}") for n in range(3)]
CHANGES = [Change(ref, None, Claim(lead_id=ref.value)) for ref in PHONES]


class Rig:
    """The real table before a DynamoDB whose answers are laid out beforehand."""

    def __init__(self) -> None:
        client = boto3.client(
            "dynamodb",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        self.answers = Stubber(client)
        self.pauses: list[int] = []
        self.table = DynamoTable(client, "leads", KEYS, self.pauses.append)

    def cancel(self, *codes: str) -> None:
        self.answers.add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            modeled_fields={"CancellationReasons": [{"Code": code} for code in codes]},
        )


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    with made.answers:
        yield made
        made.answers.assert_no_pending_responses()


def test_a_conflict_with_another_transaction_is_lost_like_a_failed_condition(rig: Rig) -> None:
    rig.cancel("None", "TransactionConflict", "ConditionalCheckFailed")
    assert commit(rig.table, CHANGES) == set(PHONES[1:])


def test_what_is_longer_than_a_key_can_be_is_not_there_and_nobody_is_asked(rig: Rig) -> None:
    long = RecordRef("A" * 3000)
    assert read(rig.table, [long]) == {long: None}
    assert queries.rep_list(rig.table, "ü" * 1500, 10).rows == ()


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_throttled_transaction_is_tried_again_by_whoever_decides(rig: Rig, code: str) -> None:
    rig.cancel(code, "None", "None")
    assert commit(rig.table, CHANGES) == {PHONES[0]}


def test_a_transaction_refused_for_its_content_is_an_error_and_no_lost_race(rig: Rig) -> None:
    rig.cancel("None", "ValidationError", "ConditionalCheckFailed")
    with pytest.raises(ClientError, match="TransactionCanceled"):
        commit(rig.table, CHANGES)


@pytest.mark.parametrize(
    "error", ["TransactionConflictException", "ConditionalCheckFailedException"]
)
def test_one_change_alone_is_lost_in_the_same_two_ways(rig: Rig, error: str) -> None:
    rig.answers.add_client_error("put_item", error)
    assert commit(rig.table, CHANGES[:1]) == {PHONES[0]}


def _typed(item: Item | Mapping[str, str]) -> dict[str, Any]:
    kinds = {str: "S", bytes: "B", int: "N"}
    return {
        name: {kinds[type(value)]: str(value) if isinstance(value, int) else value}
        for name, value in item.items()
    }


def _answer(found: Sequence[Change], unprocessed: Sequence[Key]) -> dict[str, Any]:
    items = [_typed(to_item(KEYS.of(change.ref), change.after)) for change in found]
    left = {"leads": {"Keys": [_typed(key._asdict()) for key in unprocessed]}}
    return {"Responses": {"leads": items}, "UnprocessedKeys": left if unprocessed else {}}


def _asked(keys: Sequence[Key]) -> dict[str, Any]:
    wanted = [_typed(key._asdict()) for key in keys]
    return {"RequestItems": {"leads": {"Keys": wanted, "ConsistentRead": True}}}


def test_keys_without_an_answer_are_asked_again_after_a_growing_pause(rig: Rig) -> None:
    keys = [KEYS.of(ref) for ref in PHONES]
    rig.answers.add_response("batch_get_item", _answer(CHANGES[:1], keys[1:]), _asked(keys))
    rig.answers.add_response("batch_get_item", _answer([], keys[1:]), _asked(keys[1:]))
    rig.answers.add_response("batch_get_item", _answer(CHANGES[1:], []), _asked(keys[1:]))
    assert read(rig.table, PHONES) == {change.ref: change.after for change in CHANGES}
    assert rig.pauses == [1, 2]


def test_keys_that_never_get_an_answer_are_not_taken_for_absent(rig: Rig) -> None:
    keys = [KEYS.of(ref) for ref in PHONES]
    for _ in range(MOST_TRIES):
        rig.answers.add_response("batch_get_item", _answer([], keys), _asked(keys))
    with pytest.raises(Throttled):
        read(rig.table, PHONES)


def test_one_key_twice_is_asked_once(rig: Rig) -> None:
    keys = [KEYS.of(PHONES[0])]
    rig.answers.add_response("batch_get_item", _answer(CHANGES[:1], []), _asked(keys))
    assert rig.table.get(keys * 2).keys() == set(keys)
