// The closed loop over restarts: saved, switched off, loaded into dirty memory and gone on with after every frame, a
// monitor and all its images are what they would have been.
#include "loop_stream.hpp"

#include <memory>

using namespace fixtures;

namespace {

constexpr std::uint32_t frames = 620;
constexpr std::uint8_t arithmetics[] = {TB_F32, TB_Q15, TB_Q31};

using Parts = std::vector<Part>;

struct Case {
    std::string name;
    Policy kind;
    Parts head, drifts; // up to the decision, behind it
    Drift how = Drift::jumps;
    std::int32_t blocks = 0;
    std::uint32_t hop = 1; // samples a frame

    Parts parts(std::uint8_t arithmetic) const {
        PolicySpec p;
        p.kind = kind;
        p.blocks = blocks;
        p.block_bytes = blocks != 0 ? detector_bytes(arithmetic, head) : 0;
        Parts all = head;
        all.insert(all.end(), drifts.begin(), drifts.end());
        all.push_back(p.part());
        return all;
    }
};

const Part decided = {32, {1 << 30, 20, 60, 50, 21474836, 16384, 2, 3, 8192, 200, 500}};
const Part steady = {33, {1 << 30, 0, 60, 50, 3 << 16, 5, 1 << 15, 20}};

// A detector with all that stands before the decision, and the decision.
Parts standardised(Part detector) { return {{1, input_words(3)}, scaler(), std::move(detector), decided}; }
Parts raw(Part detector) { return {{3, input_words(3)}, std::move(detector), decided}; }

const Parts kmeans = standardised({16, {3, 16, 0}});
const Parts mahalanobis = standardised({17, {655}});
const Parts autoencoder = standardised({18, {7, 0, 1, 2, 1, 0, 214748365, 0, 0, 0, 0, 0, 0}});
const Parts elm = standardised({19, {7, 4, 1, 0, 15, 65536, 0}});
const Parts subspace = standardised({20, {1, 131072, 0}});
const Parts distance = standardised({22, {2, 0, 6554, 0, 3}});
const Parts deviation = raw({21, {214748365, 5, 1 << 26}});
const Parts bank = standardised({25, {2, 7, 2, 1, 0, 3, 65536, 0, 3}});
const Parts following = {{1, input_words(3)}, scaler(), {22, {2, 0, 6554, 1 << 26, 3}}, {36, {64}}, decided};
const Parts boxes = {{3, input_words(3)}, {23, {8, 9830, 6, 2}}, {36, {64}}, steady};
const Parts windows = {
    {1, input_words(3)}, {40, {3, 16, 4, 0, 0, 0}}, {41, {0x3, 0}}, scaler(), {22, {2, 0, 6554, 0, 3}}, decided};

std::vector<Case> cases() {
    return {
        {"k-means tells", Policy::tell, kmeans, {page_hinkley(), adwin(), ks(), centroid()}},
        {"distance freezes", Policy::freeze, following, {page_hinkley()}},
        {"deviation freezes", Policy::freeze, deviation, {ks()}},
        {"k-means adapts", Policy::adapt, kmeans, {adwin()}, Drift::jumps, 2},
        {"Mahalanobis adapts", Policy::adapt, mahalanobis, {}, Drift::creeps, 1},
        {"ELM adapts", Policy::adapt, elm, {}, Drift::creeps, 3},
        {"distance adapts", Policy::adapt, following, {}, Drift::creeps},
        {"k-means learns anew", Policy::relearn, kmeans, {page_hinkley()}},
        {"Mahalanobis learns anew", Policy::relearn, mahalanobis, {ks(), adwin()}},
        {"autoencoder learns anew", Policy::relearn, autoencoder, {page_hinkley()}},
        {"ELM learns anew", Policy::relearn, elm, {page_hinkley(), centroid()}},
        {"distance learns anew", Policy::relearn, distance, {centroid()}},
        {"deviation learns anew", Policy::relearn, deviation, {page_hinkley()}},
        {"boxes freeze", Policy::freeze, boxes, {page_hinkley()}},
        {"windows learn anew", Policy::relearn, windows, {page_hinkley()}, Drift::jumps, 0, 4},
        {"subspace asks", Policy::ask, subspace, {page_hinkley()}},
        {"bank asks", Policy::ask, bank, {ks()}},
    };
}

// What the operator says after frame t. Statuses are results, too.
tb_status operate(LoopStream &machine, std::uint32_t t) {
    switch (t) {
    case 330:
    case 480:
        return tb_feedback(&machine.m, TB_NOT_A_FAULT);
    case 430:
        return tb_feedback(&machine.m, TB_HOLD);
    case 450:
        return tb_feedback(&machine.m, TB_RELEASE);
    case 465:
        return tb_feedback(&machine.m, TB_FAULT);
    case 400:
    case 590:
        return tb_unlearn(&machine.m, 1);
    case 560:
        return tb_rollback(&machine.m);
    case 575:
        return tb_feedback(&machine.m, TB_RELEASE);
    case 580:
        return tb_forget(&machine.m);
    default:
        return TB_OK;
    }
}

// What a frame and the operator's word behind it give.
struct Step {
    tb_result result;
    tb_status said;
};
constexpr unsigned taken = 128;

Step advance(LoopStream &machine, const Case &c, std::uint32_t t) {
    Step s = {};
    s.result = machine.step(drifting_frame(t / c.hop, 3, c.how));
    s.said = t % c.hop == 0 ? operate(machine, t / c.hop) : tb_status{TB_OK};
    return s;
}

bool same(const Step &a, const Step &b) {
    return std::memcmp(&a.result, &b.result, sizeof a.result) == 0 && a.said == b.said;
}

// One is switched off after each frame, one is only saved, one is never disturbed. Returns the states that were passed
// and, as bit 7, whether a new normal took over.
unsigned run_restarted(const Case &c, std::uint8_t arithmetic) {
    const Parts parts = c.parts(arithmetic);
    LoopStream saved(arithmetic, parts);
    LoopStream undisturbed(arithmetic, parts);
    auto restarted = std::make_unique<LoopStream>(arithmetic, parts);
    unsigned passed = 0;
    bool equal = true;
    for (std::uint32_t t = 0; t < c.hop * frames && equal; ++t) {
        const Step a = advance(saved, c, t);
        const Step b = advance(*restarted, c, t);
        const Step u = advance(undisturbed, c, t);
        const Saved images = restarted->saved();
        equal = same(a, b) && same(a, u) && saved.saved() == images;
        INFO("frame " << t);
        CHECK(equal);
        passed |= 1u << a.result.state | (saved.told(TB_EVENT_TAKEN) ? taken : 0u);
        restarted = std::make_unique<LoopStream>(arithmetic, parts, 3u, static_cast<std::uint8_t>(t * 37 + 1));
        restarted->restore(images);
    }
    CHECK(undisturbed.saved() == saved.saved());
    return passed;
}

} // namespace

TEST_CASE("loop: a restart after every frame changes no byte") {
    for (const Case &c : cases()) {
        for (const std::uint8_t arithmetic : arithmetics) {
            CAPTURE(c.name, static_cast<int>(arithmetic));
            const unsigned passed = run_restarted(c, arithmetic);
            CHECK((passed & (1u << TB_MONITORING)) != 0);
            CHECK(((passed & (1u << TB_DRIFTING)) != 0) == (c.kind != Policy::tell));
            CHECK(((passed & taken) != 0) == (c.kind == Policy::relearn || c.kind == Policy::ask));
        }
    }
}
