from unity_bridge.bench import measure_exchange


def test_an_exchange_is_measured():
    figures = measure_exchange(npcs=2, exchanges=5)
    assert set(figures) == {
        "round_trip_ms_p50",
        "round_trip_ms_p99",
        "encode_ms_p50",
        "message_kib",
    }
    assert 0 < figures["encode_ms_p50"] < figures["round_trip_ms_p50"]
    assert 30 < figures["message_kib"] < 100
