// Where the loop's state lies, and the beginning and end of a drift.
#include "monitor/policy.hpp"

#include "memory/bytes.hpp"
#include "monitor/watch.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t health_at = sizeof(Loop);
constexpr std::uint32_t ring_at = health_at + sizeof(Health);
constexpr std::uint32_t records_at = ring_at + sizeof(EventRing);

std::uint8_t *block(const tb_monitor &m) { return m.image + m.block[TB_PART_POLICY]; }

void clear_window(Loop &l) {
    l.since = 0;
    l.halves = 0;
    for (int half = 0; half < 2; ++half) {
        l.over[half] = 0;
        l.level[half] = 0;
    }
}

} // namespace

Health *health_in(const tb_monitor &m) {
    return has_policy(m) && health_frames(m) != 0 ? at<Health>(block(m), health_at) : nullptr;
}

EventLog event_log(const tb_monitor &m) {
    return {at<EventRing>(block(m), ring_at), at<tb_event>(block(m), records_at),
            static_cast<std::uint32_t>(policy_words_of(m).events)};
}

std::uint8_t *kept_blocks(const tb_monitor &m) {
    return block(m) + records_at + static_cast<std::uint32_t>(policy_words_of(m).events) * sizeof(tb_event);
}

void record(const tb_monitor &m, std::uint16_t kind, std::uint32_t detail, std::int32_t smoothed) {
    tb_result r;
    clear(r);
    decision_of(m).show(block_of(m, TB_PART_DECISION), r);
    record_event(event_log(m),
                 {header(m).frames, kind, header(m).state, static_cast<std::uint8_t>(detail), smoothed, r.threshold});
}

void begin_drift(const tb_monitor &m) {
    Loop &l = loop_of(m);
    const std::uint32_t learner = policy_words_of(m).kind == PolicyKind::adapt ? l.candidate : 0;
    drop_drift(m);
    l.candidate = learner;
    enter(m, TB_DRIFTING);
}

void drop_drift(const tb_monitor &m) {
    Loop &l = loop_of(m);
    clear_window(l);
    l.asked = 0;
    l.candidate = 0;
}

void end_drift(const tb_monitor &m, std::uint8_t state) {
    drop_drift(m);
    enter(m, state);
}

void model_changed(const tb_monitor &m) {
    if (Health *health = health_in(m)) {
        clear(*health);
    }
    forget_scores(m);
}

void note_changes(const tb_monitor &m, std::uint32_t state, std::uint32_t alarm, std::int32_t smoothed) {
    Loop &l = loop_of(m);
    Header &h = header(m);
    if (h.alarm != alarm) {
        record(m, TB_EVENT_ALARM, h.alarm, smoothed);
    }
    if (h.state != state) {
        record(m, TB_EVENT_STATE, state, smoothed);
    }
    l.state = h.state;
    l.alarm = h.alarm;
    h.frozen = l.held != 0 || h.state == TB_DRIFTING ? 1 : 0;
}

} // namespace twinbit
