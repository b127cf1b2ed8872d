// A candidate is a monitor like any other: what it has learned beside the model in charge is, to the byte, what a monitor
// of the same recipe learns that is switched on with the first frame after the drift was told.
#include "loop_stream.hpp"

#include <memory>

using namespace fixtures;

namespace {

using Parts = std::vector<Part>;

const Part decided = {32, {1 << 30, 20, 60, 50, 21474836, 16384, 2, 3, 8192, 200, 500}};

struct Case {
    const char *name;
    Parts head; // up to the decision
    bool clock = false;
};

Parts standardised(std::uint16_t input, Part detector) {
    return {{input, input_words(3, 1)}, scaler(), std::move(detector), decided};
}

std::vector<Case> cases() {
    return {{"k-means with a phase", standardised(2, {16, {4, 16, 0}})},
            {"Mahalanobis", standardised(1, {17, {655}})},
            {"autoencoder", standardised(1, {18, {7, 1, 1, 2, 1, 0, 214748365, 0, 0, 1 << 30, 0, 0, 0}})},
            {"ELM with a phase", standardised(2, {19, {7, 6, 1, 0, 63, 65536, 0}})},
            {"subspace", standardised(1, {20, {1, 131072, 0}})},
            {"following distance", {{1, input_words(3, 1)}, scaler(), {22, {2, 0, 6554, 1 << 26, 3}}, decided}},
            {"bank of ELMs", standardised(1, {25, {2, 7, 3, 1, 0, 7, 65536, 0, 3}})},
            {"deviation", {{3, input_words(3, 1)}, {21, {214748365, 5, 1 << 26}}, decided}},
            {"centred", {{1, input_words(3, 1)}, {9, {1}}, {22, {2, 1, 6554, 0, 3}}, decided}}};
}

// Without the short fault; with a value missing now and then, but never in the first frames of either monitor.
Frame frame_of(std::uint32_t t) {
    Frame x = drifting_frame(t >= 170 && t < 176 ? t - 60 : t, 3);
    if (t % 50 == 49) {
        x[t % 3] = TB_MISSING_I32;
    }
    return x;
}

tb_result step(LoopStream &m, std::uint32_t t) { return m.step(frame_of(t), 80 + t % 40, t * 191746817u); }

// From scaler to decision; where the drift detectors begin in the monitor with a policy.
Bytes model(const LoopStream &m, std::uint32_t bytes) {
    const bool scales = m.m.part[TB_PART_SCALER] != nullptr;
    const std::uint8_t *first = m.m.image + m.m.block[scales ? TB_PART_SCALER : TB_PART_DETECTOR];
    return Bytes(first, first + bytes);
}

std::uint32_t model_bytes(const LoopStream &m) {
    const bool scales = m.m.part[TB_PART_SCALER] != nullptr;
    return m.m.block[TB_PART_DRIFT] - m.m.block[scales ? TB_PART_SCALER : TB_PART_DETECTOR];
}

bool same_score(const tb_result &a, const tb_result &b) {
    constexpr unsigned own = TB_FLAG_SCORED | TB_FLAG_OVER | TB_FLAG_ALARM | TB_FLAG_HELD | TB_FLAG_FULL;
    return a.score == b.score && a.smoothed == b.smoothed && a.threshold == b.threshold && a.state == b.state &&
           a.similarity == b.similarity && (a.flags & own) == (b.flags & own);
}

void follow(const Case &c, std::uint8_t arithmetic) {
    Parts parts = c.head;
    parts.push_back(page_hinkley());
    PolicySpec policy;
    policy.health = 0;
    parts.push_back(policy.part());
    LoopStream loop(arithmetic, parts);
    const std::uint32_t bytes = model_bytes(loop);
    std::unique_ptr<LoopStream> plain; // since the last drift
    bool taken = false;
    int compared = 0;
    for (std::uint32_t t = 0; t < 600 && compared < 150; ++t) {
        const tb_result a = step(loop, t);
        if (taken) {
            const tb_result b = step(*plain, t);
            CHECK(same_score(a, b));
            CHECK((model(loop, bytes) == model(*plain, bytes)));
            ++compared;
        } else if ((a.flags & TB_FLAG_DRIFT) != 0) {
            plain = std::make_unique<LoopStream>(arithmetic, c.head, 0u);
        } else if (a.state == TB_DRIFTING || (a.flags & TB_FLAG_TAKEN) != 0) {
            step(*plain, t);
            taken = a.state != TB_DRIFTING;
        }
    }
    CHECK(compared == 150);
    CHECK(tb_state(&plain->m) == TB_MONITORING);
}

} // namespace

TEST_CASE("loop: a candidate learns what a monitor learns that was switched on with the drift") {
    for (const Case &c : cases()) {
        for (const std::uint8_t arithmetic : {std::uint8_t{TB_F32}, std::uint8_t{TB_Q15}, std::uint8_t{TB_Q31}}) {
            CAPTURE(c.name, static_cast<int>(arithmetic));
            follow(c, arithmetic);
        }
    }
}
