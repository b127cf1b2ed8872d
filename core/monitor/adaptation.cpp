// The learner, the reference, kept blocks.
#include "monitor/adaptation.hpp"

#include "memory/bytes.hpp"
#include "monitor/candidate.hpp"
#include "monitor/smoothing.hpp"
#include "monitor/storage.hpp"
#include "numbers/divide.hpp"
#include "numbers/division.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t most_rows = 65536; // that any detector prepares

std::uint32_t word(std::int32_t w) { return static_cast<std::uint32_t>(w); }

// Only a forged sum leaves the range of scores.
std::int32_t within_scores(std::int64_t score) {
    constexpr std::int32_t most = 64 * TB_SCORE_ONE - 1;
    return score > most ? most : (score < -most ? -most : static_cast<std::int32_t>(score));
}

std::uint8_t *detector_block(const tb_monitor &m) { return m.image + m.block[TB_PART_DETECTOR]; }

std::uint32_t detector_bytes(const tb_monitor &m) {
    const int behind = part_of(m, TB_PART_TAIL) != nullptr ? TB_PART_TAIL : TB_PART_DECISION;
    return m.block[behind] - m.block[TB_PART_DETECTOR];
}

bool keeps_blocks(const tb_monitor &m) {
    const PolicyWords &w = policy_words_of(m);
    return w.blocks != 0 && word(w.block_bytes) == detector_bytes(m);
}

std::uint8_t *place_of(const tb_monitor &m, std::uint32_t i) {
    return kept_blocks(m) + std::size_t{i} * word(policy_words_of(m).block_bytes);
}

// i as a place in the ring, once around it at most; 0 for a forged one.
std::uint32_t around(const tb_monitor &m, std::uint32_t i) {
    const std::uint32_t room = word(policy_words_of(m).blocks);
    const std::uint32_t at = i >= room ? i - room : i;
    return at < room ? at : 0;
}

void keep_block(const tb_monitor &m) {
    if (!keeps_blocks(m)) {
        return;
    }
    Loop &l = loop_of(m);
    const std::uint32_t room = word(policy_words_of(m).blocks);
    const std::uint32_t at = around(m, l.next);
    std::memcpy(place_of(m, at), detector_block(m), detector_bytes(m));
    l.next = around(m, at + 1);
    l.kept = l.kept < room ? l.kept + 1 : room;
}

void begin_learner(const tb_monitor &m, const tb_monitor &learner) {
    Loop &l = loop_of(m);
    if (l.candidate != 0) {
        record(m, TB_EVENT_CANDIDATE, 1);
    }
    copy_whole(learner, m);
    l.candidate = 1;
    l.learned = 0;
}

void learn_frame(const tb_monitor &m, const tb_monitor &learner, const void *x) {
    Loop &l = loop_of(m);
    const PolicyWords &w = policy_words_of(m);
    const Block block = block_of(learner, TB_PART_DETECTOR);
    const bool full = detector_of(learner).learn(block, x, nullptr) != TB_OK;
    ++l.learned;
    ++l.unhalved;
    if ((full || (w.forget != 0 && l.unhalved >= word(w.forget))) && tools_of(m) != nullptr) {
        tools_of(m)->forget(block);
        l.unhalved = 0;
    }
}

void adopt(const tb_monitor &m, const tb_monitor &learner) {
    keep_block(m);
    std::memcpy(detector_block(m), detector_block(learner), detector_bytes(m));
    const Block block = block_of(m, TB_PART_DETECTOR);
    detector_of(m).settle(block);
    for (std::uint32_t rows = 0; rows < most_rows && !detector_of(m).prepare(block); ++rows) {
    }
    loop_of(m).learned = 0;
}

// The reference's score of a calm frame: the first ones make the base, then the slow average moves.
void average(Loop &l, std::uint32_t creep, std::int32_t score) {
    if (l.based < creep) {
        l.base_sum += score;
        ++l.based;
        l.base = within_scores(quotient_half_up(l.base_sum, l.based));
        l.slow = l.base * 256;
        return;
    }
    std::uint32_t started = 1;
    smooth_score(l.slow, started, static_cast<std::int32_t>(divide(std::uint32_t{1} << 31, creep + 1)), score, false);
}

} // namespace

void adapt(const tb_monitor &m, bool calm, bool learns) {
    if (m.attached[TB_CANDIDATE] == nullptr) {
        return;
    }
    const tb_monitor learner = attached_monitor(m, TB_CANDIDATE);
    const bool begins = !candidate_matches(m);
    if (begins) {
        begin_learner(m, learner);
    }
    const DetectorOps &detector = detector_of(m);
    if (!begins || detector.follow == nullptr) { // else the copy has followed this frame already
        const Update update(learner);
        const void *x = m.scratch + m.sample;
        if (learns) {
            learn_frame(m, learner, x);
        } else if (detector.follow != nullptr) {
            detector.follow(block_of(learner, TB_PART_DETECTOR), x, calm && header(m).frozen == 0);
        }
    }
    loop_of(m).stamp = header(learner).updates;
    if (loop_of(m).learned >= word(policy_words_of(m).block_frames)) {
        adopt(m, learner);
    }
}

std::int32_t creep_of(const tb_monitor &m) {
    const Loop &l = loop_of(m);
    return l.based >= word(policy_words_of(m).creep) && good_matches(m) ? half_up(l.slow, 8) - l.base : 0;
}

std::int32_t count_creep(const tb_monitor &m, bool calm) {
    if (!good_matches(m)) {
        return 0;
    }
    const tb_monitor reference = attached_monitor(m, TB_GOOD);
    const DetectorOps &detector = detector_of(m);
    const Block block = block_of(reference, TB_PART_DETECTOR);
    const void *x = m.scratch + m.sample;
    if (calm) {
        average(loop_of(m), word(policy_words_of(m).creep), detector.score(block, x));
    }
    if (detector.follow != nullptr) {
        const Update update(reference);
        detector.follow(block, x, false);
    }
    return creep_of(m);
}

tb_status unlearn(const tb_monitor &m, std::uint32_t n) {
    const PolicyWords &w = policy_words_of(m);
    if (!keeps_blocks(m)) {
        return TB_ERR_UNSUPPORTED;
    }
    Loop &l = loop_of(m);
    if (n > l.kept || n > word(w.blocks)) {
        return TB_ERR_RANGE;
    }
    const std::uint32_t at = around(m, around(m, l.next) + word(w.blocks) - n);
    if (!detector_in_range(m, place_of(m, at))) {
        return TB_ERR_CORRUPT;
    }
    const Update update(m);
    std::memcpy(detector_block(m), place_of(m, at), detector_bytes(m));
    detector_of(m).settle(block_of(m, TB_PART_DETECTOR));
    l.next = at;
    l.kept -= n;
    l.candidate = 0;
    model_changed(m);
    record(m, TB_EVENT_UNLEARNED, n);
    return TB_OK;
}

} // namespace twinbit
