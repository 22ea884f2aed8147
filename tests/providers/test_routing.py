"""The router: who is asked, what is recorded; nothing lost, nothing paid twice, no photo leaves unasked."""

from __future__ import annotations

import random
import threading

import attrs
import pytest

from axis_core.errors import BackendUnavailable, Cancelled, InputError, ProviderError
from axis_core.model import Scene
from axis_core.plugin import Context, Generation, PluginHost, Provider, Request
from axis_core.providers.health import Health
from axis_core.providers.routing import plan_route, run_route
from axis_core.providers.routing_config import Breaker, Retry, RoutingConfig, load_routing


CANARY = b"a face that must stay here"


class Source:
    """A provider that fails as told, counts what it is paid for and keeps what it was shown."""

    def __init__(self, name: str, chance: random.Random | None = None, failing: float = 0.0) -> None:
        self.name, self.failing = name, failing
        self.chance = chance or random.Random(0)
        self.paid: list[str] = []
        self.seen: list[bytes] = []
        self.error: Exception = ProviderError("the service answers 503")

    def generate(self, request: Request, context: Context) -> Generation:
        """Make an empty scene, or fail."""
        self.seen += [data for _, data in request.images]
        if self.chance.random() < self.failing:
            raise self.error
        self.paid.append(request.name)
        return Generation(scene=Scene(name=request.name), model=self.name)

    def record(self, *, local: bool = True, modes: tuple[str, ...] = ("image_to_3d",)) -> Provider:
        """Return the record a plugin would hand over."""
        return Provider(name=self.name, summary="", modes=modes, generate=self.generate, local=local)


def _request(name: str = "one") -> Request:
    return Request(mode="image_to_3d", images=(("front", CANARY),), name=name)


@pytest.fixture
def context(host: PluginHost) -> Context:
    return Context(host=host)


def test_the_hint_goes_first_then_the_preferred_order_then_the_rest() -> None:
    providers = [Source(n).record() for n in "abcd"]
    plan = plan_route(_request(), providers, RoutingConfig(preferred_order=("c", "b")), hint="d")
    assert [p.name for p in plan.providers] == ["d", "c", "b", "a"]
    assert [c.reason for c in plan.chosen][:2] == ["asked for", "place 1 of the preferred order"]


def test_a_mode_has_an_order_of_its_own() -> None:
    config = RoutingConfig(preferred_order=("a", "b"), per_mode={"image_to_3d": ("b",)})
    plan = plan_route(_request(), [Source("a").record(), Source("b").record()], config)
    assert plan.providers[0].name == "b"


def test_an_unknown_hint_is_passed_over_and_said() -> None:
    plan = plan_route(_request(), [Source("a").record()], hint="nobody")
    assert plan.providers[0].name == "a"
    assert "nobody" in [c.name for c in plan.refused]


@pytest.mark.parametrize(("allowed", "asked"), [(False, False), (False, True), (True, False)])
def test_a_canary_photo_never_reaches_a_remote_provider_without_both_words(
    context: Context, allowed: bool, asked: bool
) -> None:
    away, here = Source("away"), Source("here", failing=1.0)
    config = RoutingConfig(allow_remote=allowed, preferred_order=("away",), retry=Retry(base_s=0.0))
    plan = plan_route(_request(), [away.record(local=False), here.record()], config, may_leave=asked, hint="away")
    with pytest.raises(ProviderError):
        run_route(plan, _request(), context, sleep=lambda _: None)
    assert away.seen == []
    assert here.seen
    assert any(c.name == "away" and "allow" in c.reason for c in plan.refused)


def test_a_remote_provider_is_asked_where_both_allow_it(context: Context) -> None:
    away = Source("away")
    plan = plan_route(_request(), [away.record(local=False)], RoutingConfig(allow_remote=True), may_leave=True)
    assert run_route(plan, _request(), context).provider.name == "away"
    assert away.seen == [CANARY]


def test_a_fallback_is_explained(context: Context) -> None:
    bad, good = Source("bad", failing=1.0), Source("good")
    plan = plan_route(_request(), [bad.record(), good.record()], RoutingConfig(retry=Retry(max_attempts=3)))
    routed = run_route(plan, _request(), context, sleep=lambda _: None)
    assert [(a.provider, a.number, bool(a.error)) for a in routed.attempts] == [
        ("bad", 1, True), ("bad", 2, True), ("bad", 3, True), ("good", 1, False)
    ]  # fmt: skip
    assert routed.notes == ("bad failed (the service answers 503); good was asked instead",)


def test_without_fallback_only_the_first_is_asked(context: Context) -> None:
    bad, good = Source("bad", failing=1.0), Source("good")
    config = RoutingConfig(fallback=False, retry=Retry(max_attempts=1))
    plan = plan_route(_request(), [bad.record(), good.record()], config)
    with pytest.raises(ProviderError, match="503"):
        run_route(plan, _request(), context)
    assert good.paid == []


@pytest.mark.parametrize("error", [InputError("no such colour"), Cancelled("stopped")])
def test_what_the_caller_did_ends_the_route_and_does_not_count_against_the_provider(
    context: Context, error: Exception
) -> None:
    first, second = Source("first", failing=1.0), Source("second")
    first.error = error
    health = Health()
    with pytest.raises(type(error)):
        run_route(plan_route(_request(), [first.record(), second.record()]), _request(), context, health)
    assert second.paid == []
    assert health.figures("first").failures == 0


def test_waits_double_up_to_the_longest_and_are_shortened_by_chance(context: Context) -> None:
    waits: list[float] = []
    config = RoutingConfig(retry=Retry(max_attempts=5, base_s=1.0, max_s=4.0, jitter=0.5), breaker=Breaker(failures=99))
    plan = plan_route(_request(), [Source("bad", failing=1.0).record()], config)
    with pytest.raises(ProviderError):
        run_route(plan, _request(), context, Health(config.breaker), sleep=waits.append, chance=lambda: 1.0)
    assert waits == [0.5, 1.0, 2.0, 2.0]


def test_nobody_to_ask_says_why_for_each(context: Context) -> None:
    plan = plan_route(
        Request(mode="text_to_3d", prompt="a chair"), [Source("a").record(), Source("b").record(modes=("mesh_upload",))]
    )
    with pytest.raises(BackendUnavailable) as caught:
        run_route(plan, _request(), context)
    assert caught.value.code == "no_provider"
    assert "a does not serve text_to_3d" in caught.value.message
    assert "meshy" in (caught.value.hint or "")


def test_a_circuit_opens_lets_one_try_after_a_rest_and_closes_with_a_success() -> None:
    now = [0.0]
    health = Health(Breaker(failures=2, cooldown_s=10.0), clock=lambda: now[0])
    for _ in range(2):
        assert health.admits("x")
        health.failed("x", "down")
    assert health.figures("x").circuit == "open"
    assert not health.admits("x")
    now[0] = 10.0
    assert health.figures("x").circuit == "half_open"
    assert health.admits("x")
    assert not health.admits("x")  # one only
    health.succeeded("x", 1.0)
    assert health.figures("x").circuit == "closed"
    assert health.admits("x")


def test_an_open_circuit_takes_a_provider_out_of_the_plan_with_its_error() -> None:
    health = Health(Breaker(failures=1))
    health.failed("a", "answers 500")
    plan = plan_route(_request(), [Source("a").record(), Source("b").record()], health=health)
    assert [p.name for p in plan.providers] == ["b"]
    assert plan.refused[0].reason == "failed too often lately: answers 500"


def test_a_thousand_requests_over_failing_providers_lose_none_and_pay_none_twice(context: Context) -> None:
    chance = random.Random(9)
    flaky, slow = Source("flaky", chance, 0.6), Source("slow", chance, 0.3)
    steady = Source("steady", chance, 0.05)
    away = Source("away", chance)
    sources = (flaky, slow, steady, away)
    providers = [s.record(local=s is not away) for s in sources]
    config = RoutingConfig(
        preferred_order=("away", "flaky", "slow"),
        allow_remote=True,
        retry=Retry(max_attempts=2, base_s=0.0),
        breaker=Breaker(failures=4, cooldown_s=0.0),
    )
    health = Health(config.breaker)
    made: dict[str, tuple[str, ...]] = {}
    told: dict[str, str] = {}
    lock = threading.Lock()

    def some(numbers: range) -> None:
        for k in numbers:
            request = _request(f"job-{k}")
            plan = plan_route(request, providers, config, health, may_leave=False)
            try:
                routed = run_route(plan, request, context, health, sleep=lambda _: None)
            except (ProviderError, BackendUnavailable) as exc:
                with lock:
                    told[request.name] = exc.message
                continue
            failed = {a.provider for a in routed.attempts if a.error} - {routed.provider.name}
            assert all(any(name in note for note in routed.notes) for name in failed)
            with lock:
                made[request.name] = routed.notes

    threads = [threading.Thread(target=some, args=(range(k, 1000, 4),)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    paid = [name for source in sources for name in source.paid]
    assert len(made) + len(told) == 1000  # none lost: each has a result or a reason
    assert sorted(paid) == sorted(made)  # each result paid once, no failure paid
    assert all("failed" in text or "nobody" in text for text in told.values())
    assert len(made) > 900
    assert sum(bool(notes) for notes in made.values()) > 100
    assert away.seen == []


def test_the_routing_table_is_read_strictly() -> None:
    text = """
    [routing]
    preferred_order = ["a"]
    fallback = false
    [routing.per_mode]
    image_to_3d = ["b", "a"]
    [routing.retry]
    max_attempts = 5
    """
    config = load_routing(text)
    assert config.order_of("image_to_3d") == ("b", "a")
    assert config.order_of("mesh_upload") == ("a",)
    assert (config.fallback, config.retry.max_attempts, config.breaker) == (False, 5, Breaker())
    assert load_routing(None) == RoutingConfig()


@pytest.mark.parametrize(
    "text",
    [
        "routing = 3",
        "[routing]\nfallbak = true",
        "[routing]\nfallback = 'no'",
        "[routing.per_mode]\nimages = ['a']",
        "[routing.retry]\nmax_attempts = 0",
        "[routing",
    ],
)
def test_a_routing_table_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        load_routing(text)


def test_a_plan_is_plain_values() -> None:
    plan = plan_route(_request(), [Source("a").record(), Source("b").record(modes=("mesh_upload",))])
    assert plan.explained() == {
        "mode": "image_to_3d",
        "provider": "a",
        "order": [{"name": "a", "reason": "installed"}],
        "refused": [{"name": "b", "reason": "does not serve image_to_3d"}],
    }
    assert attrs.evolve(plan, providers=()).explained()["provider"] is None
