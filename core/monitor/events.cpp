// Records into the ring and out of it.
#include "monitor/events.hpp"

namespace twinbit {

void record_event(const EventLog &log, const tb_event &event) {
    EventRing &ring = *log.ring;
    ring.written += ring.written < UINT32_MAX ? 1 : 0;
    if (log.room == 0) {
        return;
    }
    const std::uint32_t place = ring.next < log.room ? ring.next : 0; // beyond it only in a forged image
    log.event[place] = event;
    ring.next = place + 1 < log.room ? place + 1 : 0;
}

std::uint32_t read_events(const EventLog &log, tb_event *out, std::uint32_t count, std::uint32_t &lost) {
    const std::uint32_t written = log.ring->written;
    const std::uint32_t held = written < log.room ? written : log.room;
    lost = written - held;
    const std::uint32_t n = count < held ? count : held;
    const std::uint32_t next = log.ring->next < log.room ? log.ring->next : 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint32_t back = n - i; // 1 is the newest
        out[i] = log.event[next >= back ? next - back : next + log.room - back];
    }
    return n;
}

} // namespace twinbit
