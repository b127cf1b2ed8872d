// Candidate and good image.
#include "monitor/candidate.hpp"

#include "memory/bytes.hpp"
#include "monitor/storage.hpp"
#include "monitor/watch.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t is_good =
    2; // Loop::good of a good image: a copy of the monitor's own, which knows the name, has 1

Reading nothing_to_read(const tb_monitor &, const void *, bool) { return 0; }
void nothing_to_remember(const Block &, const void *) {}

// An input that takes raw features as they lie in scratch.
InputOps input_in_place(const InputOps &ops) {
    InputOps in_place = ops;
    in_place.phase = nullptr;
    in_place.remember = nothing_to_remember;
    return in_place;
}

} // namespace

tb_monitor attached_monitor(const tb_monitor &m, std::uint32_t which) {
    tb_monitor a = m;
    a.image = m.attached[which];
    a.plan = m.attached_plan[which];
    a.part[TB_PART_SIGNAL] = nullptr;
    a.part[TB_PART_POLICY] = nullptr;
    return a;
}

void blank(const tb_monitor &m, std::uint32_t which) {
    const tb_monitor a = attached_monitor(m, which);
    clear_bytes(a.image, a.sizes.image);
    clear_bytes(a.plan, a.sizes.plan);
    const Header &own = header(m);
    Header &h = header(a);
    h.magic = own.magic;
    h.format = own.format;
    h.numerics = own.numerics;
    h.arithmetic = own.arithmetic;
    h.size = own.size;
    h.layout = own.layout;
    h.policy = own.policy;
    h.state = part_of(a, TB_PART_SCALER) != nullptr ? TB_SCALING : TB_LEARNING;
}

std::uint32_t first_stamp(const tb_monitor &m) {
    const std::uint32_t even = header(m).updates + (header(m).updates & 1u);
    return even != 0 ? even : 2;
}

bool candidate_matches(const tb_monitor &m) {
    const Loop &l = loop_of(m);
    return l.candidate != 0 && header(attached_monitor(m, TB_CANDIDATE)).updates == l.stamp;
}

bool good_matches(const tb_monitor &m) {
    const Loop &l = loop_of(m);
    if (l.good == 0 || m.attached[TB_GOOD] == nullptr) {
        return false;
    }
    const Loop &kept = loop_of(attached_monitor(m, TB_GOOD));
    return kept.good == is_good && kept.good_name == l.good_name;
}

void begin_candidate(const tb_monitor &m) {
    Loop &l = loop_of(m);
    blank(m, TB_CANDIDATE);
    record(m, TB_EVENT_CANDIDATE, l.candidate);
    l.candidate = 1;
    l.stamp = first_stamp(m);
    header(attached_monitor(m, TB_CANDIDATE)).updates = l.stamp;
}

void step_candidate(const tb_monitor &m, std::uint32_t dt_ms) {
    if (!candidate_matches(m)) {
        begin_candidate(m);
    }
    tb_monitor candidate = attached_monitor(m, TB_CANDIDATE);
    const tb_part &given = *part_of(m, TB_PART_INPUT);
    const InputOps ops = input_in_place(*given.stage->ops.input);
    tb_stage stage = *given.stage;
    stage.ops = Ops(&ops);
    const tb_part input = {&stage, given.words, given.count};
    candidate.part[TB_PART_INPUT] = &input;
    const std::uint8_t found = header(candidate).state;
    tb_result r;
    step(candidate, {nullptr, nothing_to_read, 0}, {dt_ms, 0}, r);
    watch(candidate, found, r);
    loop_of(m).stamp = header(candidate).updates;
}

void copy_model(const tb_monitor &to, const tb_monitor &from) {
    const bool scales = part_of(to, TB_PART_SCALER) != nullptr;
    const std::uint32_t first = to.block[scales ? TB_PART_SCALER : TB_PART_DETECTOR];
    std::memcpy(to.image + first, from.image + first, to.block[TB_PART_POLICY] - first);
    detector_of(to).settle(block_of(to, TB_PART_DETECTOR));
    Header &h = header(to);
    const Header &other = header(from);
    h.state = other.state;
    h.in_state = other.in_state;
    h.alarm = other.alarm;
}

void copy_whole(const tb_monitor &to, const tb_monitor &from) {
    std::memcpy(to.image, from.image, from.sizes.image);
    if (from.sizes.plan != 0) {
        std::memcpy(to.plan, from.plan, from.sizes.plan);
    }
    Header &h = header(to);
    h.updates = first_stamp(from); // it is copied in the middle of an update
    h.state = TB_MONITORING;       // whatever the model in charge is in: it loads by itself
    h.alarm = 0;
    h.frozen = 0;
}

void take_over(const tb_monitor &m) {
    keep_good(m);
    const tb_monitor candidate = attached_monitor(m, TB_CANDIDATE);
    drop_drift(m);
    copy_model(m, candidate);
    model_changed(m);
    record(m, TB_EVENT_TAKEN, header(m).state);
}

void keep_good(const tb_monitor &m) {
    if (m.attached[TB_GOOD] == nullptr) {
        return;
    }
    const tb_monitor good = attached_monitor(m, TB_GOOD);
    copy_whole(good, m);
    seal(good);
    Loop &l = loop_of(m);
    l.good = 1;
    l.good_name = header(good).crc;
    {
        const Update update(good);
        loop_of(good).good = is_good;
        loop_of(good).good_name = l.good_name;
    }
    seal(good);
    l.based = 0;
    l.base_sum = 0;
}

} // namespace twinbit
