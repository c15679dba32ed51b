from leadloop.edge.batches import (
    QueueMessage,
    build_response,
    messages,
    process_batch,
    process_each,
)


def batch(*bodies: str) -> tuple[QueueMessage, ...]:
    return messages(
        {
            "Records": [
                {
                    "messageId": f"m{n}",
                    "body": body,
                    "eventSourceARN": "arn:aws:sqs:eu-central-1:1:submissions",
                    "attributes": {"ApproximateReceiveCount": "2"},
                }
                for n, body in enumerate(bodies)
            ]
        }
    )


def numbers(message: QueueMessage) -> list[int]:
    return [int(word) for word in message.body.split()]


def again(*ids: str) -> object:
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in ids]}


def test_a_message_knows_its_queue_and_how_often_it_came() -> None:
    (message,) = batch("1")
    assert (message.queue, message.attributes["ApproximateReceiveCount"]) == ("submissions", "2")


def test_nothing_failed_means_nothing_comes_again() -> None:
    told, results = process_batch(
        batch("1", "2 3"), "Adding", numbers, lambda ns: [n + 1 for n in ns], lambda n: n < 0
    )
    assert told == build_response(()) == again()
    assert results == (2, 3, 4)


def test_an_unreadable_message_comes_again_and_its_neighbours_are_worked() -> None:
    told, results = process_batch(batch("1", "x", "3"), "Adding", numbers, list, lambda n: n < 0)
    assert (told, results) == (again("m1"), (1, 3))


def test_one_failed_result_brings_its_whole_message_again() -> None:
    told, _ = process_batch(batch("1 2", "3"), "Adding", numbers, list, lambda n: n == 2)
    assert told == again("m0")


def test_all_are_worked_at_once_and_in_order() -> None:
    seen: list[tuple[int, ...]] = []

    def work(ns: object) -> list[int]:
        seen.append(tuple(ns))  # type: ignore[arg-type]
        return list(ns)  # type: ignore[call-overload]

    process_batch(batch("1 2", "3"), "Adding", numbers, work, lambda n: False)
    assert seen == [(1, 2, 3)]


def test_a_message_that_brings_nothing_is_done() -> None:
    told, results = process_batch(batch("", "1"), "Adding", numbers, list, lambda n: False)
    assert (told, results) == (again(), (1,))


def test_each_by_itself_names_exactly_those_that_failed() -> None:
    assert process_each(batch("1", "x", "y", "2"), "Adding", numbers) == again("m1", "m2")
