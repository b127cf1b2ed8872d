// Golden loops: through a drift, today's code comes to the results and the three images that were recorded.
// tests/golden/README.md says how they are written.
#include "golden_files.hpp"
#include "loop_stream.hpp"

#include <memory>

using namespace fixtures;

namespace {

constexpr std::uint32_t frames = 500;

struct Golden {
    const char *name;
    Policy kind;
    std::vector<Part> head, drifts;
    std::int32_t blocks;
};

const Part decided = {32, {1 << 30, 20, 60, 50, 21474836, 16384, 2, 3, 8192, 200, 500}};
std::vector<Part> standardised(Part detector) { return {{1, input_words(3)}, scaler(), std::move(detector), decided}; }

std::vector<Golden> goldens() {
    const std::vector<Part> kmeans = standardised({16, {3, 16, 0}});
    const std::vector<Part> mahalanobis = standardised({17, {655}});
    return {{"loop_tell", Policy::tell, kmeans, {adwin(), ks()}, 0},
            {"loop_adapt", Policy::adapt, mahalanobis, {adwin()}, 1},
            {"loop_relearn", Policy::relearn, kmeans, {centroid(), page_hinkley()}, 0},
            {"loop_ask", Policy::ask, mahalanobis, {ks()}, 0}};
}

std::vector<Part> parts_of(const Golden &g, std::uint8_t arithmetic) {
    PolicySpec p;
    p.kind = g.kind;
    p.events = 32;
    p.blocks = g.blocks;
    p.block_bytes = g.blocks != 0 ? detector_bytes(arithmetic, g.head) : 0;
    std::vector<Part> all = g.head;
    all.insert(all.end(), g.drifts.begin(), g.drifts.end());
    all.push_back(p.part());
    return all;
}

// Plays the stream; returns the results and the operator's statuses as bytes.
Bytes play(LoopStream &m) {
    Bytes results;
    for (std::uint32_t t = 0; t < frames; ++t) {
        const tb_result r = m.step(drifting_frame(t, 3));
        const auto *p = reinterpret_cast<const std::uint8_t *>(&r);
        results.insert(results.end(), p, p + sizeof r);
        if (t == 300) {
            results.push_back(static_cast<std::uint8_t>(tb_feedback(&m.m, TB_NOT_A_FAULT)));
        }
    }
    return results;
}

} // namespace

TEST_CASE("golden: replayed loops give the recorded results and images") {
    const std::string here = golden_folder(TB_NUMERICS_VERSION);
    for (const Golden &g : goldens()) {
        for (const std::uint8_t arithmetic : {std::uint8_t{TB_F32}, std::uint8_t{TB_Q15}, std::uint8_t{TB_Q31}}) {
            LoopStream m(arithmetic, parts_of(g, arithmetic));
            static const char *const names[] = {"", "_f32", "_q15", "_q31"};
            const std::string path = here + g.name + names[arithmetic];
            CAPTURE(path);
            check_golden(path + ".crc", crc_text(play(m)));
            const Saved saved = m.saved();
            check_golden(path + ".image", saved.image);
            static const char *const endings[] = {".candidate", ".good"};
            for (std::uint32_t which = 0; which < TB_ATTACHED; ++which) {
                if (!saved.attached[which].empty()) {
                    check_golden(path + endings[which], saved.attached[which]);
                }
            }
            CHECK(m.told(TB_EVENT_DRIFT));
            LoopStream other(arithmetic, parts_of(g, arithmetic), 3u, 0x3C);
            other.restore(saved);
            CHECK(other.saved() == saved);
        }
    }
}
