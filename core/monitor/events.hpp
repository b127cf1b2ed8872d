// A ring of what happened, 16 bytes a record: what a host reads to know why a monitor is as it is.
//
// The first bytes of the ring and its records lie in the policy's block, side by side. All zero is an empty one.
#pragma once

#include "numbers/assumptions.hpp"
#include "twinbit.h"

namespace twinbit {

inline constexpr std::int32_t most_events = 256;

struct EventRing {
    std::uint32_t written; // records ever; stops at 2^32 - 1
    std::uint32_t next;    // place of the next one: below `room`
};
static_assert(sizeof(EventRing) == 8 && sizeof(tb_event) == 16, "no padding: see capi/IMAGE.md");

struct EventLog {
    EventRing *ring;
    tb_event *event;
    std::uint32_t room; // records kept; 0: they are only counted
};

void record_event(const EventLog &, const tb_event &);

// The newest `count` records that are kept, oldest first; returns how many were written to `out`. lost: how many were
// overwritten in all. A forged ring gives records of any content.
std::uint32_t read_events(const EventLog &, tb_event *out, std::uint32_t count, std::uint32_t &lost);

} // namespace twinbit
