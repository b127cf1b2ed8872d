// The calls of the closed loop on whatever image a monitor has taken.
#pragma once

#include "machine.hpp"

namespace fuzz {

// What can be read: it stays in its ranges, and nothing changes.
inline void look_at_loop(const Machine &machine) {
    const Bytes before = machine.bytes();
    tb_event events[8];
    std::uint32_t count = 99;
    std::uint32_t lost = 0;
    const bool loops = machine.monitor.part[TB_PART_POLICY] != nullptr;
    const tb_status told = tb_events(&machine.monitor, events, 8, &count, &lost);
    check(told == (loops ? TB_OK : TB_ERR_UNSUPPORTED) && (!loops || count <= 8), "events are told");
    tb_health health = {};
    if (tb_trend(&machine.monitor, &health) == TB_OK) {
        check(health.index <= 100 || health.index == 255, "health is 0 to 100, or unknown");
    }
    tb_loop loop = {};
    check(tb_loop_of(&machine.monitor, &loop) == told, "so is where the loop stands");
    check(loop.candidate <= TB_DRIFTING || loop.candidate == 255, "a candidate's state is one of five, or none");
    check(machine.holds(before), "looking changes nothing");
}

constexpr std::uint32_t loop_calls = 10;

// One of the calls that change it, by number; an error changes nothing.
inline void change_loop(Machine &machine, std::uint32_t number) {
    const Bytes before = machine.bytes();
    tb_status status = TB_OK;
    switch (number) {
    case 0: // the image may be in the middle of a drift: see it end
    case 7:
        status = tb_forget(&machine.monitor);
        break;
    case 1:
        status = tb_unlearn(&machine.monitor, 1);
        break;
    case 2:
        status = tb_unlearn(&machine.monitor, 2);
        break;
    case 8:
        status = tb_rollback(&machine.monitor);
        break;
    case 9:
        status = tb_feedback(&machine.monitor, TB_RELEASE);
        break;
    default:
        status = tb_feedback(&machine.monitor, (number - 3) % 4); // not a fault, a fault, hold, release
        break;
    }
    check(status == TB_OK || machine.holds(before), "a refused call changes nothing");
}

} // namespace fuzz
