// What a host reads of the loop: the trend of the scores, and what happened.
#include "arguments.hpp"
#include "monitor/policy.hpp"

using namespace twinbit;

extern "C" {

tb_status tb_trend(const tb_monitor *m, tb_health *health) {
    if (!usable(m) || health == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    const Health *state = health_in(*m);
    if (state == nullptr) {
        return TB_ERR_UNSUPPORTED;
    }
    const FloatEnvironment guard;
    // The decision knows its threshold, and how similar to normal the trend's level is.
    tb_result r = {};
    const Trend trend = trend_of(*state);
    r.smoothed = trend.level;
    r.flags = trend.frames != 0 ? TB_FLAG_SCORED : 0;
    decision_of(*m).show(block_of(*m, TB_PART_DECISION), r);
    health_of(*state, r.threshold, *health);
    health->index = health_index(r.similarity);
    return TB_OK;
}

tb_status tb_events(const tb_monitor *m, tb_event *events, uint32_t room, uint32_t *count, uint32_t *lost) {
    if (!usable(m) || count == nullptr || (events == nullptr && room != 0)) {
        return TB_ERR_ARGUMENT;
    }
    if (!has_policy(*m)) {
        return TB_ERR_UNSUPPORTED;
    }
    uint32_t overwritten = 0;
    *count = read_events(event_log(*m), events, room, overwritten);
    if (lost != nullptr) {
        *lost = overwritten;
    }
    return TB_OK;
}

} // extern "C"
