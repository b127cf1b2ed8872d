// The ring of events against a plain list, at every room and read, and with forged counters.
#include "fixtures.hpp"
#include "monitor/events.hpp"

#include <algorithm>

using namespace fixtures;
using namespace twinbit;

namespace {

tb_event event_of(std::uint32_t i) {
    return {i,
            static_cast<std::uint16_t>(1 + i % 12),
            static_cast<std::uint8_t>(i % 5),
            static_cast<std::uint8_t>(i),
            static_cast<std::int32_t>(i * 7),
            -static_cast<std::int32_t>(i)};
}

bool same(const tb_event &a, const tb_event &b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// A ring with memory exactly as long as it says, so that sanitizers see its end.
struct Ring {
    EventRing ring = {};
    std::vector<tb_event> events;
    EventLog log;
    explicit Ring(std::uint32_t room) : events(room), log{&ring, events.data(), room} {}

    std::vector<tb_event> read(std::uint32_t count, std::uint32_t &lost) const {
        std::vector<tb_event> out(count);
        out.resize(read_events(log, out.data(), count, lost));
        return out;
    }
};

} // namespace

TEST_CASE("events: the newest are read oldest first, and how many were lost") {
    for (const std::uint32_t room : {1u, 2u, 3u, 7u, 16u, 256u}) {
        Ring ring(room);
        for (std::uint32_t written = 0; written < 3 * room + 2; ++written) {
            for (const std::uint32_t count : {0u, 1u, room - 1, room, room + 5}) {
                std::uint32_t lost = 77;
                const std::vector<tb_event> got = ring.read(count, lost);
                const std::uint32_t held = std::min(written, room);
                CAPTURE(room, written, count);
                CHECK(lost == written - held);
                REQUIRE(got.size() == std::min(count, held));
                for (std::uint32_t i = 0; i < got.size(); ++i) {
                    CHECK(same(got[i], event_of(written - static_cast<std::uint32_t>(got.size()) + i)));
                }
            }
            record_event(ring.log, event_of(written));
        }
    }
}

TEST_CASE("events: without room they are counted, and counting ends where numbers do") {
    Ring none(0);
    for (std::uint32_t i = 0; i < 5; ++i) {
        record_event(none.log, event_of(i));
    }
    std::uint32_t lost = 0;
    CHECK(none.read(3, lost).empty());
    CHECK(lost == 5);
    Ring full(4);
    full.ring.written = UINT32_MAX - 1;
    for (std::uint32_t i = 0; i < 6; ++i) {
        record_event(full.log, event_of(i));
    }
    CHECK(full.ring.written == UINT32_MAX);
    const std::vector<tb_event> got = full.read(4, lost);
    REQUIRE(got.size() == 4);
    CHECK((same(got[0], event_of(2)) && same(got[3], event_of(5)) && lost == UINT32_MAX - 4));
}

TEST_CASE("events: forged counters never leave the ring") {
    Random random(3);
    for (int round = 0; round < 5000; ++round) {
        Ring ring(static_cast<std::uint32_t>(random.integer(0, 9)));
        ring.ring.written = static_cast<std::uint32_t>(random.bits() >> random.integer(32, 63));
        ring.ring.next = static_cast<std::uint32_t>(random.bits() >> random.integer(32, 63));
        std::uint32_t lost = 0;
        ring.read(static_cast<std::uint32_t>(random.integer(0, 12)), lost);
        for (int i = 0; i < 20; ++i) {
            record_event(ring.log, event_of(static_cast<std::uint32_t>(i)));
        }
        if (!ring.events.empty()) { // it has healed
            const std::vector<tb_event> got = ring.read(1, lost);
            REQUIRE(got.size() == 1);
            CHECK(same(got[0], event_of(19)));
        }
    }
}
