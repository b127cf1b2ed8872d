// The closed loop over memory that nobody vouches for: attached images that are missing, old, of another monitor or
// forged, and a monitor's own image with a forged policy block. Nothing crashes, what does not match is not used, and
// an event says so.
#include "loop_stream.hpp"

#include <memory>

using namespace fixtures;

namespace {

using Parts = std::vector<Part>;
constexpr std::uint8_t arithmetics[] = {TB_F32, TB_Q15, TB_Q31};
constexpr std::uint32_t drifted = 247; // a candidate learns

const Part decided = {32, {1 << 30, 20, 60, 50, 21474836, 16384, 2, 3, 8192, 200, 500}};
const Parts kmeans = {{1, input_words(3)}, scaler(), {16, {3, 16, 0}}, decided};

Parts recipe(std::uint8_t arithmetic, Policy kind, std::int32_t blocks = 0) {
    PolicySpec p;
    p.kind = kind;
    p.blocks = blocks;
    p.block_bytes = blocks != 0 ? detector_bytes(arithmetic, kmeans) : 0;
    Parts all = kmeans;
    all.push_back(page_hinkley());
    all.push_back(p.part());
    return all;
}

void run(LoopStream &m, std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t t = from; t < to; ++t) {
        const tb_result r = m.step(drifting_frame(t, 3));
        REQUIRE(r.state <= TB_DRIFTING);
        REQUIRE((r.flags & ~0xFFFu) == 0);
    }
}

// All that can be asked of it, whatever it is.
void use(LoopStream &m, std::uint32_t from) {
    run(m, from, from + 40);
    constexpr std::uint32_t words[] = {TB_NOT_A_FAULT, TB_HOLD, TB_RELEASE, TB_FAULT};
    for (const std::uint32_t word : words) {
        tb_feedback(&m.m, word);
        run(m, from, from + 20);
    }
    tb_unlearn(&m.m, 1);
    tb_rollback(&m.m);
    tb_feedback(&m.m, TB_RELEASE);
    run(m, from, from + 40);
    tb_health health = {};
    tb_trend(&m.m, &health);
    tb_loop loop = {};
    REQUIRE(tb_loop_of(&m.m, &loop) == TB_OK);
    m.events();
    m.saved();
}

tb_loop loop_of(const LoopStream &m) {
    tb_loop l = {};
    REQUIRE(tb_loop_of(&m.m, &l) == TB_OK);
    return l;
}

// A monitor and what was saved of it in the middle of a drift.
struct Drifting {
    Parts parts;
    Saved saved;
    tb_loop loop;

    Drifting(std::uint8_t arithmetic, Policy kind, std::uint32_t frames = drifted)
        : parts(recipe(arithmetic, kind)), loop() {
        LoopStream m(arithmetic, parts);
        run(m, 0, frames);
        saved = m.saved();
        loop = loop_of(m);
    }
};

} // namespace

TEST_CASE("loop: a candidate whose memory is gone begins anew, and an event says so") {
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const Policy kind : {Policy::relearn, Policy::ask}) {
            const Drifting d(arithmetic, kind);
            REQUIRE(d.loop.candidate == TB_LEARNING);
            LoopStream m(arithmetic, d.parts);
            REQUIRE(m.load(d.saved.image) == TB_OK);
            CHECK(loop_of(m).candidate == TB_CANDIDATE_NONE);
            run(m, drifted, drifted + 1);
            CHECK(m.told(TB_EVENT_CANDIDATE, 1));
            CHECK(loop_of(m).candidate == TB_SCALING);
            use(m, drifted + 1);
        }
    }
}

TEST_CASE("loop: without attached memory drifts are told, and nothing is taken over") {
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const Policy kind : {Policy::tell, Policy::freeze, Policy::adapt, Policy::relearn, Policy::ask}) {
            LoopStream m(arithmetic, recipe(arithmetic, kind), 0);
            run(m, 0, 600);
            CHECK(m.told(TB_EVENT_DRIFT));
            CHECK_FALSE(m.told(TB_EVENT_TAKEN));
            CHECK_FALSE(m.told(TB_EVENT_CANDIDATE));
            CHECK(tb_rollback(&m.m) == TB_ERR_STATE);
            Bytes b(m.sizes.image);
            CHECK(tb_save_attached(&m.m, TB_CANDIDATE, b.data(), m.sizes.image) == TB_ERR_STATE);
            CHECK(tb_load_attached(&m.m, TB_GOOD, b.data(), m.sizes.image) == TB_ERR_STATE);
            use(m, 600);
        }
    }
}

TEST_CASE("loop: an older candidate or good image is not used") {
    for (const std::uint8_t arithmetic : arithmetics) {
        const Drifting before(arithmetic, Policy::relearn, drifted - 5);
        const Drifting d(arithmetic, Policy::relearn);
        LoopStream m(arithmetic, d.parts);
        REQUIRE(m.load(d.saved.image) == TB_OK);
        REQUIRE(m.load_attached(TB_CANDIDATE, before.saved.attached[TB_CANDIDATE]) == TB_OK);
        CHECK(loop_of(m).candidate == TB_CANDIDATE_NONE);
        CHECK(loop_of(m).good == 0); // not loaded
        CHECK(tb_rollback(&m.m) == TB_ERR_STATE);
        // The candidate's image instead of the good one: sound, but not the one.
        REQUIRE(m.load_attached(TB_GOOD, d.saved.attached[TB_CANDIDATE]) == TB_OK);
        CHECK(tb_rollback(&m.m) == TB_ERR_STATE);
        REQUIRE(m.load_attached(TB_GOOD, d.saved.attached[TB_GOOD]) == TB_OK);
        CHECK(tb_rollback(&m.m) == TB_OK);
        use(m, drifted);
    }
}

TEST_CASE("loop: attached images are checked as any image is") {
    for (const std::uint8_t arithmetic : arithmetics) {
        const Drifting d(arithmetic, Policy::relearn);
        LoopStream m(arithmetic, d.parts);
        REQUIRE(m.load(d.saved.image) == TB_OK);
        for (std::uint32_t which = 0; which < TB_ATTACHED; ++which) {
            const Bytes &good = d.saved.attached[which];
            REQUIRE(m.load_attached(which, good) == TB_OK);
            const Saved before = m.saved();
            Bytes b = good;
            b.back() = static_cast<std::uint8_t>(b.back() ^ 1u);
            CHECK(m.load_attached(which, b) == TB_ERR_CRC);
            b = good;
            b.pop_back();
            CHECK(m.load_attached(which, b) == TB_ERR_TRUNCATED);
            b = good;
            put<std::uint32_t>(b, 16, get<std::uint32_t>(b, 16) + 1); // layout
            reseal(b);
            CHECK(m.load_attached(which, b) == TB_ERR_LAYOUT);
            b = good;
            b[9] = 0; // not sealed: there is no way to load a raw dump
            CHECK(m.load_attached(which, b) == TB_ERR_UNSEALED);
            CHECK(m.saved() == before);
        }
        CHECK(m.load_attached(TB_ATTACHED, d.saved.image) == TB_ERR_ARGUMENT);
    }
}

TEST_CASE("loop: a raw dump goes on with what its attached memory still is") {
    for (const std::uint8_t arithmetic : arithmetics) {
        const Parts parts = recipe(arithmetic, Policy::relearn);
        LoopStream dumped(arithmetic, parts);
        run(dumped, 0, drifted);
        const Bytes dump = dumped.bytes(); // unsealed, as a debugger takes it
        const Saved saved = dumped.saved();
        LoopStream m(arithmetic, parts);
        REQUIRE(m.load(dump) == TB_ERR_UNSEALED);
        REQUIRE(m.load(dump, TB_LOAD_RAW) == TB_OK);
        REQUIRE(m.load_attached(TB_CANDIDATE, saved.attached[TB_CANDIDATE]) == TB_OK);
        REQUIRE(m.load_attached(TB_GOOD, saved.attached[TB_GOOD]) == TB_OK);
        run(m, drifted, 500);
        run(dumped, drifted, 500);
        CHECK(m.saved() == dumped.saved());
    }
}

TEST_CASE("loop: forged policy and drift blocks are refused or harmless") {
    Random random(77);
    int taken = 0;
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const Policy kind : {Policy::adapt, Policy::relearn, Policy::ask}) {
            const Parts parts = recipe(arithmetic, kind, kind == Policy::adapt ? 2 : 0);
            LoopStream source(arithmetic, parts);
            run(source, 0, drifted);
            const Saved saved = source.saved();
            const std::uint32_t first = source.m.block[TB_PART_DRIFT];
            for (int round = 0; round < 60; ++round) {
                Bytes b = saved.image;
                const int changes = random.integer(1, 12);
                for (int i = 0; i < changes; ++i) {
                    const auto at = static_cast<std::size_t>(
                        random.integer(static_cast<std::int32_t>(first), static_cast<std::int32_t>(b.size()) - 4));
                    put<std::uint32_t>(b, at & ~std::size_t{3},
                                       static_cast<std::uint32_t>(random.bits() >> random.integer(0, 63)));
                }
                reseal(b);
                LoopStream m(arithmetic, parts);
                const tb_status status = m.load(b);
                REQUIRE((status == TB_OK || status == TB_ERR_CORRUPT));
                if (status == TB_OK) {
                    ++taken;
                    m.load_attached(TB_CANDIDATE, saved.attached[TB_CANDIDATE]);
                    m.load_attached(TB_GOOD, saved.attached[TB_GOOD]);
                    use(m, drifted);
                }
            }
        }
    }
    CHECK(taken > 100);
}

TEST_CASE("loop: a forged candidate with the right stamp is taken as far as its fields are in range") {
    Random random(78);
    for (const std::uint8_t arithmetic : arithmetics) {
        const Drifting d(arithmetic, Policy::relearn);
        int loaded = 0;
        for (int round = 0; round < 100; ++round) {
            Bytes b = d.saved.attached[TB_CANDIDATE];
            for (int i = random.integer(1, 40); i > 0; --i) {
                const auto at = static_cast<std::size_t>(random.integer(36, static_cast<std::int32_t>(b.size()) - 1));
                b[at] = static_cast<std::uint8_t>(random.bits() >> 56);
            }
            b[44] = static_cast<std::uint8_t>(random.integer(0, TB_DRIFTING)); // any state
            b[45] = b[46] = 0;
            std::memset(b.data() + 47, 0, 17);
            reseal(b);
            LoopStream m(arithmetic, d.parts);
            REQUIRE(m.load(d.saved.image) == TB_OK);
            m.load_attached(TB_GOOD, d.saved.attached[TB_GOOD]);
            if (m.load_attached(TB_CANDIDATE, b) == TB_OK) {
                ++loaded;
                use(m, drifted);
            }
        }
        CHECK(loaded > 0);
    }
}
