"""live.py, seat.py, sessions.py: the real socket of a real server."""

import socket

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from app.client import Frame, Material
from app.labs.plane.edits import RegenerateData, SetParameter
from app.protocol import Away, Focus, Opened, Pause, Play, Rejected, Reset, Share, Shared, Speed, State, Step, Welcome
from app.terminal.load.process import sample
from tests.page import PATIENCE, Page, page
from tests.proxy import Proxy
from tests.servers import Server, fetch, figure, serving_with, sessions
from tests.waiting import wait_for


def test_a_page_gets_welcome_state_points_and_frame_in_this_order(server: Server) -> None:
    with page(server) as (opened, welcome):
        assert welcome.resumed == "none"
        assert welcome.limits["hidden_layers"] == 32
        state, points, frame = (opened.receive() for _ in range(3))
        assert isinstance(state, State)
        assert isinstance(points, Material)
        assert isinstance(frame, Frame)
        assert state.settings["hidden"] == [4, 2]
        assert points.tensors["train"].shape == (250, 3)
        assert frame.epoch == 0


def test_the_address_settings_are_taken_and_bad_ones_explained(server: Server) -> None:
    with page(server, link="#v=1&dataset=xor&hidden=3") as (opened, _):
        assert opened.answer(State).facts["shape"] == [2, 3, 1]
    with page(server, link="#v=1&noise=99&hidden=3") as (opened, _):
        state = opened.answer(State)
        assert (state.settings["noise"], state.facts["shape"]) == (0, [2, 3, 1])
        assert "99" in opened.answer(Opened).repairs[0]


def test_playing_brings_frames_with_growing_epochs_until_paused(server: Server) -> None:
    with page(server) as (opened, _):
        assert not opened.answer(State).playing
        play = opened.send(Play())
        assert opened.answer(State).playing
        epochs = [opened.frame(play).epoch for _ in range(5)]
        assert epochs == sorted(set(epochs))
        pause = opened.send(Pause())
        assert not opened.answer(State).playing
        held = opened.frame(pause).epoch
        assert opened.frame(opened.send(Step())).epoch == held + 1


def test_a_reset_while_training_begins_at_epoch_0(server: Server) -> None:
    with page(server) as (opened, _):
        opened.frame(opened.send(Play()))
        reset = opened.send(Reset())
        state = opened.answer(State)
        assert state.seq == reset
        frame = opened.frame(reset)
        assert frame.epoch == 0
        assert frame.run == state.run


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", ""),
        ("{", ""),
        ("[]", ""),
        ("null", ""),
        ('{"type": "dance", "seq": 5}', ""),
        ('{"type": "speed", "seq": 5}', "epochs_per_second"),
        ('{"type": "speed", "seq": 5, "epochs_per_second": NaN}', "epochs_per_second"),
        ('{"type": "speed", "seq": 5, "epochs_per_second": 1e999}', "epochs_per_second"),
        ('{"type": "play", "seq": 5, "loud": true}', "loud"),
        ('{"type": "add-neuron", "seq": 5, "layer": "one"}', "layer"),
        ('{"type": "change", "seq": 5, "settings": {"batch_size": 0}}', "batch_size"),
        ('{"type": "change", "seq": 5, "settings": {"activation": "step"}}', "activation"),
        ('{"type": "hello", "protocol": 2}', "type"),
        ('{"type": "play", "seq": -1}', "seq"),
    ],
)
def test_a_bad_message_is_rejected_by_name_and_the_session_goes_on(server: Server, text: str, field: str) -> None:
    with page(server) as (opened, _):
        opened.socket.send(text)
        rejected = opened.answer(Rejected)
        assert rejected.field == field
        assert rejected.expected
        assert rejected.seq in {0, 5}
        opened.socket.send('{"type": "step", "seq": 6}')
        assert opened.frame(6).epoch == 1


def test_a_binary_message_is_a_part_of_a_file_that_nobody_opens(server: Server) -> None:
    with page(server) as (opened, _):
        opened.socket.send(b"\x00\x01")
        assert opened.answer(State, opened.send(Play())).playing


def test_a_page_that_never_acknowledges_gets_two_frames(server: Server) -> None:
    with page(server) as (opened, _):
        opened.send(Play())
        opened.send(Speed(epochs_per_second=None))
        last = [opened.send(Focus(unit=None)) for _ in range(37)][-1]
        frames, seen = 0, 0
        while seen < last:
            event = opened.receive()
            frames += isinstance(event, Frame)
            seen = event.seq if isinstance(event, State) else seen
        assert frames <= 2


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ('{"type": "play"}', 4400),
        ("hello", 4400),
        (b"hello", 4400),
        ('{"type": "hello", "protocol": 0}', 4010),
    ],
)
def test_whoever_does_not_greet_is_sent_away(server: Server, first: str | bytes, code: int) -> None:
    with connect(f"ws://127.0.0.1:{server.port}/live") as socket:
        socket.send(first)
        assert Page(socket).close_code() == code


def test_leaving_in_the_middle_of_an_epoch_and_coming_back_finds_the_same_network(server: Server) -> None:
    with page(server) as (opened, welcome):
        opened.send(Step())
        opened.frame(opened.send(SetParameter(index=0, value=0.125)))
        before = opened.frame(opened.send(Play())).epoch
    with page(server, token=welcome.token) as (opened, again):
        assert again.resumed == "live"
        assert opened.answer(State).playing
        frame = opened.frame()
        assert frame.epoch >= before
        assert frame.history_start == 0


def test_the_newest_page_with_a_token_wins(server: Server) -> None:
    with page(server) as (old, welcome), page(server, token=welcome.token) as (new, _):
        assert old.close_code() == 4409
        assert new.frame(new.send(Step())).epoch == 1


def test_an_unknown_token_gets_a_session_of_its_own(server: Server) -> None:
    with page(server, token="made-up") as (_, welcome):
        assert welcome.resumed == "none"
        assert welcome.token != "made-up"


def test_too_large_a_message_closes_only_its_own_connection(server: Server) -> None:
    with page(server) as (other, _):
        with page(server) as (opened, _):
            opened.socket.send("x" * 270_000)
            assert opened.close_code() == 1009
        assert other.frame(other.send(Step())).epoch == 1


@pytest.mark.parametrize(("lab", "link"), [("plane", "#v=1&hidden=180,180"), ("digits", "#lab=digits&v=1&digits=500")])
def test_a_link_with_all_weights_that_a_server_allows_opens(lab: str, link: str, server: Server) -> None:
    for _ in range(2):
        with page(server, link=link, lab=lab) as (opened, _):
            opened.send(Share(weights=True))
            before, link = link, opened.answer(Shared).link
    assert len(link) > 100_000
    assert link == before


def turned_away(server: Server) -> tuple[Away, int]:
    """What a newcomer hears before its connection ends, and the code of its end."""
    with connect(f"ws://127.0.0.1:{server.port}/live", compression=None) as socket:
        newcomer = Page(socket)
        newcomer.greet()
        return newcomer.answer(Away), newcomer.close_code()


def test_a_full_server_turns_newcomers_away_and_says_when_to_come_again() -> None:
    with serving_with(HYPERPLANE_WORKERS="1", HYPERPLANE_SESSIONS="1") as small:
        with page(small) as (_, welcome):
            away, code = turned_away(small)
            assert (code, away.reason) == (4013, "full")
            assert 5 <= away.retry_after <= 15
            assert fetch(f"{small.address}/healthz")
            assert b"Hyperplane" in fetch(f"{small.address}/")
        with page(small, token=welcome.token) as (_, again):
            assert again.resumed == "live"


def test_a_page_that_comes_back_has_a_place_when_newcomers_have_none() -> None:
    with serving_with(
        HYPERPLANE_WORKERS="1", HYPERPLANE_SESSIONS="2", HYPERPLANE_RESERVE="0.5", HYPERPLANE_PAUSE_SECONDS="0"
    ) as small:
        with page(small) as (_, welcome):
            assert turned_away(small)[0].reason == "full"
        while '"connected":0' not in (body := fetch(f"{small.address}/readyz").decode()):
            assert "sessions" in body
        with page(small), page(small, token=welcome.token) as (_, again):  # the newcomer got the place in memory
            assert again.resumed == "checkpoint"


def test_connections_without_a_session_are_bounded_too() -> None:
    with serving_with(HYPERPLANE_WORKERS="1", HYPERPLANE_CONNECTIONS="2") as small:
        address = f"ws://127.0.0.1:{small.port}/live"
        with connect(address), connect(address), connect(address) as socket:
            assert Page(socket).answer(Away).reason == "full"
            assert fetch(f"{small.address}/healthz")


def test_a_page_that_says_nothing_any_more_is_taken_for_gone() -> None:
    with serving_with(HYPERPLANE_PING_SECONDS="0.2") as hasty, Proxy(hasty.port) as proxy:
        before = sample(hasty.process.pid).files
        with connect(f"ws://127.0.0.1:{proxy.port}/live", close_timeout=0) as opened:
            silent = Page(opened)
            silent.greet()
            silent.answer(Welcome)
            assert sample(hasty.process.pid).files == before + 1
            proxy.cut("stall")
            wait_for("nobody is there", lambda: figure(hasty, "hyperplane_sessions_connected") == 0)
            wait_for("its connection is closed", lambda: sample(hasty.process.pid).files == before)


def test_a_page_that_never_greets_is_sent_away_in_time() -> None:
    with serving_with(HYPERPLANE_HELLO_SECONDS="0.2") as hasty, connect(f"ws://127.0.0.1:{hasty.port}/live") as socket:
        assert Page(socket).close_code() == 4400


def test_a_page_that_floods_is_sent_away_and_its_session_stays() -> None:
    with serving_with(HYPERPLANE_MESSAGES_PER_SECOND="1") as strict:
        with page(strict) as (opened, welcome):
            for _ in range(19):
                opened.send(Focus(unit=None))
            assert opened.close_code() == 4008
        with page(strict, token=welcome.token) as (_, again):
            assert again.resumed == "live"


def test_pages_that_go_before_they_are_welcomed_leave_no_session() -> None:
    """Nobody had come to them, so that nobody left, and they filled the server for ever."""
    with serving_with(HYPERPLANE_PAUSE_SECONDS="0", HYPERPLANE_KEEP_SECONDS="0") as brief:
        for _ in range(20):
            with connect(f"ws://127.0.0.1:{brief.port}/live") as hasty:
                Page(hasty).greet()
                hasty.socket.shutdown(socket.SHUT_RDWR)
        wait_for("all 20 came", lambda: figure(brief, "hyperplane_places_total", resumed="none") == 20)
        wait_for("all 20 went", lambda: sessions(brief) == 0)


def test_more_fragments_than_allowed_end_the_connection() -> None:
    with serving_with(HYPERPLANE_MESSAGE_FRAGMENTS="4") as strict, page(strict) as (opened, _):
        opened.socket.send([""] * 9)
        with pytest.raises(ConnectionClosed):
            opened.receive_forever()


def test_the_end_of_the_server_is_told_before_it_comes_and_leaves_no_traceback() -> None:
    with serving_with() as ending, page(ending) as (opened, _):
        opened.frame(opened.send(Play()))
        ending.process.terminate()
        away = opened.answer(Away)
        assert (away.reason, 0 <= away.retry_after <= 3) == ("restart", True)
        assert opened.close_code() == 1012
        ending.process.wait(PATIENCE)
        assert "Traceback" not in ending.log.read_text()


def test_a_page_that_reads_nothing_does_not_hold_up_the_end() -> None:
    """What waits for it is more than the kernel takes, so its farewell would wait as well."""
    with serving_with(HYPERPLANE_WORKERS="1") as server:
        with connect(f"{server.address.replace('http', 'ws')}/live", compression=None, max_queue=1) as socket:
            opened = Page(socket)
            opened.greet()
            opened.answer(Welcome)
            for _ in range(600):
                opened.send(RegenerateData())
            wait_for("many are answered", lambda: figure(server, "hyperplane_commands_total") > 400)
            server.process.terminate()
            server.process.wait(60)
        assert "graceful shutdown exceeded" not in server.log.read_text()
