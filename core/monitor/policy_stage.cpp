// The policy as a stage: what happens behind each frame.
#include "monitor/adaptation.hpp"
#include "monitor/candidate.hpp"
#include "monitor/watch.hpp"

namespace twinbit {

namespace {

// struct Loop, pair by pair, then Health, EventRing and the events; kept blocks lie behind as inner blocks.
constexpr std::uint32_t fields = 18;
constexpr Field table[fields] = {
    {Type::u32, Many::two, any},      {Type::u32, Many::two, any},      {Type::u32, Many::two, any},
    {Type::u32, Many::two, any},      {Type::u32, Many::two, any},      {Type::u32, Many::two, any},
    {Type::u32, Many::two, any},      {Type::u32, Many::two, any},      {Type::u32, Many::two, any},
    {Type::i32, Many::two, both(30)}, {Type::i64, Many::two, both(61)}, {Type::i64, Many::one, both(61)},
    {Type::i64, Many::one, both(62)}, {Type::u32, Many::two, any},      {Type::u32, Many::two, any},
    {Type::i32, Many::d, both(30)},   {Type::u32, Many::two, any},      {Type::u64, Many::k, any},
};
constexpr Field kept_table[1] = {{Type::u8, Many::k, any}};
constexpr std::uint32_t words_per_event = sizeof(tb_event) / 8;

bool blocks_ok(const PolicyWords &w) {
    constexpr std::int32_t most_bytes = 1 << 24;
    return within(w.blocks, 0, 16) && within(w.block_bytes, w.blocks != 0 ? 8 : 0, w.blocks != 0 ? most_bytes : 0) &&
           w.block_bytes % 8 == 0;
}

bool shape(const Setup &s, Shape &out) {
    constexpr std::int32_t octave = TB_SCORE_ONE;
    constexpr std::int32_t most_frames = 1 << 20;
    if (s.count != policy_words) {
        return false;
    }
    const auto &w = *reinterpret_cast<const PolicyWords *>(s.words);
    if (!within(w.events, 0, 256) || !blocks_ok(w)) {
        return false;
    }
    out.set(s.inputs, {words_per_event * static_cast<std::uint32_t>(w.events), health_blocks}, fields);
    out.inner = {kept_table, 1, {static_cast<std::uint32_t>(w.block_bytes), 0}, static_cast<std::uint32_t>(w.blocks)};
    return within(static_cast<std::int32_t>(w.kind), 0, 4) && within(w.persist, 2, most_frames) && w.share >= 0 &&
           within(w.tolerance, 0, 24 * octave) && within(w.block_frames, 1, 65535) &&
           within(w.forget, 0, most_frames) && within(w.budget, 0, 24 * octave) && within(w.creep, 1, most_frames) &&
           health_ok(w.health);
}

// At least this share, Q0.31, of so many frames.
bool reaches(std::uint32_t count, std::uint64_t frames, std::int32_t share) {
    return (std::uint64_t{count} << 31) >= frames * static_cast<std::uint32_t>(share);
}

bool lasts(const tb_monitor &m, std::uint32_t half) {
    const Loop &l = loop_of(m);
    const PolicyWords &w = policy_words_of(m);
    const std::int64_t apart = l.level[1] - l.level[0];
    const std::int64_t most = std::int64_t{w.tolerance} * half;
    return l.halves != 0 && reaches(l.over[0] + l.over[1], std::uint64_t{2} * half, w.share) && apart <= most &&
           apart >= -most;
}

bool has_passed(const tb_monitor &m, std::uint32_t half) {
    const PolicyWords &w = policy_words_of(m);
    const bool crept = w.kind == PolicyKind::adapt && w.budget != 0 && creep_of(m) > w.budget;
    return !crept && !reaches(loop_of(m).over[1], half, w.share / 2);
}

void next_half(Loop &l) {
    l.over[0] = l.over[1];
    l.level[0] = l.level[1];
    l.over[1] = 0;
    l.level[1] = 0;
    l.since = 0;
    l.halves += l.halves < UINT32_MAX ? 1 : 0;
}

void ask(const tb_monitor &m, const tb_result &r) {
    if (loop_of(m).asked == 0) {
        loop_of(m).asked = 1;
        record(m, TB_EVENT_ASKED, 0, r.smoothed);
    }
}

// The end of a half: has it passed, is it a new normal?
void judge(const tb_monitor &m, std::uint32_t half, tb_result &r) {
    Loop &l = loop_of(m);
    const bool ready = lasts(m, half) && l.held == 0 && relearns(m) && candidate_matches(m);
    if (has_passed(m, half)) {
        end_drift(m, TB_MONITORING);
        forget_scores(m);
        record(m, TB_EVENT_PASSED, 0, r.smoothed);
    } else if (ready && policy_words_of(m).kind == PolicyKind::relearn) {
        take_over(m);
        r.flags |= TB_FLAG_TAKEN;
    } else {
        if (ready) {
            ask(m, r);
        }
        next_half(l);
    }
}

void drift_on(const tb_monitor &m, std::uint32_t dt_ms, tb_result &r) {
    Loop &l = loop_of(m);
    const std::uint32_t half = half_of(m);
    if (relearns(m) && l.held == 0) {
        step_candidate(m, dt_ms);
    }
    l.over[1] += (r.flags & TB_FLAG_OVER) != 0 ? 1 : 0;
    l.level[1] += r.smoothed;
    if (++l.since >= half) {
        judge(m, half, r);
    }
    r.flags = static_cast<std::uint16_t>(r.flags | (l.asked != 0 ? TB_FLAG_ASK : 0u));
}

void tell(const tb_monitor &m, std::uint16_t event, std::uint32_t detail, tb_result &r) {
    r.flags |= TB_FLAG_DRIFT;
    if (policy_words_of(m).kind != PolicyKind::tell) {
        begin_drift(m);
    }
    record(m, event, detail, r.smoothed);
}

// A scored frame that the state monitoring or drifting found, and left.
void monitored(const tb_monitor &m, std::uint32_t told, std::uint32_t dt_ms, tb_result &r) {
    Loop &l = loop_of(m);
    const PolicyWords &w = policy_words_of(m);
    const bool calm = (r.flags & TB_FLAG_OVER) == 0 && header(m).alarm == 0;
    bool crept = false;
    if (w.kind == PolicyKind::adapt) {
        crept = w.budget != 0 && count_creep(m, calm) > w.budget;
        const bool guarded = w.budget == 0 || good_matches(m); // a budget without its reference would bound nothing
        adapt(m, calm, calm && guarded && !crept && header(m).frozen == 0 && l.muted == 0);
    }
    if (header(m).state == TB_DRIFTING) {
        drift_on(m, dt_ms, r);
    } else if (l.muted != 0) {
        l.muted = calm ? l.muted - 1 : half_of(m);
    } else if (told != no_drift) {
        tell(m, TB_EVENT_DRIFT, told, r);
    } else if (crept) {
        tell(m, TB_EVENT_BUDGET, 0, r);
    }
    Health *health = health_in(m);
    const bool same_model = (r.flags & TB_FLAG_TAKEN) == 0;
    if (health != nullptr && same_model && count_health(*health, w.health, r.smoothed)) {
        const Trend trend = trend_of(*health);
        record_event(event_log(m), {header(m).frames, TB_EVENT_HEALTH, header(m).state, 0, trend.level, trend.slope});
    }
}

// A calibration has ended: the model is new.
void calibrated(const tb_monitor &m) {
    model_changed(m);
    if (loop_of(m).good == 0 || policy_words_of(m).kind == PolicyKind::adapt) {
        keep_good(m);
    }
    loop_of(m).candidate = 0;
}

void after(const tb_monitor &m, std::uint8_t before, std::uint32_t dt_ms, tb_result &r) {
    Loop &l = loop_of(m);
    const std::uint32_t alarm = l.alarm;
    // What a drift or a fault brings is not shown to the detectors: they begin anew behind it.
    const std::uint32_t told = before == TB_DRIFTING || l.muted != 0 ? no_drift : watch(m, before, r);
    if (before < TB_MONITORING && header(m).state == TB_MONITORING) {
        calibrated(m);
    } else if (before >= TB_MONITORING && (r.flags & TB_FLAG_SCORED) != 0) {
        monitored(m, told, dt_ms, r);
    }
    note_changes(m, before, alarm, r.smoothed);
}

// tb_learn(), tb_forget(): a learner would put back what it was copied of. The others begin a calibration or new words.
void changed(const tb_monitor &m) {
    Loop &l = loop_of(m);
    l.kept = 0; // blocks of another model
    if (header(m).state != TB_DRIFTING) {
        drop_drift(m);
    } else if (policy_words_of(m).kind == PolicyKind::adapt) {
        l.candidate = 0;
    }
    if (header(m).state < TB_MONITORING) {
        model_changed(m);
    }
    note_changes(m, l.state, l.alarm, 0);
}

constexpr PolicyOps ops = {after, changed};

} // namespace

} // namespace twinbit

extern "C" {
const tb_stage tb_policy = {
    80, twinbit::Role::policy, 0, 9, 0, twinbit::table, 0, twinbit::shape, twinbit::Ops(&twinbit::ops)};
}
