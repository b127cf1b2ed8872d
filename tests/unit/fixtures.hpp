// What the tests of core and of the C interface share: small recipes, monitors with their memory, frames, bytes.
//
// Counts are in units of 2^-12 in every arithmetic: with the default words and no scaler, a count c is the sample c 2^-12
// exactly, in F32, Q15 and Q31 alike, so one oracle serves all three.
#pragma once

#include "catch.hpp"
#include "image/stage.hpp"
#include "twinbit.h"
#include "twinbit_host.h"

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace fixtures {

using Bytes = std::vector<std::uint8_t>;
using Frame = std::vector<std::int32_t>;

struct Spec {
    std::uint8_t arithmetic = TB_Q15;
    bool mahalanobis = false;
    std::uint32_t channels = 3;
    bool scaler = true;
    bool phase = false;
    std::int32_t missing = 0; // 0 refuse, 1 hold, 2 skip
    std::int32_t offset = 0;
    std::int32_t unit = 12;
    std::int32_t clusters = 4, prior = 256, frozen = 0;
    std::int32_t shrinkage = 655;
    std::int32_t alpha = 1 << 30;
    std::int32_t scaling = 20, learning = 60, calibrating = 100;
    std::int32_t rate = 21474836; // 0.01
    std::int32_t margin = 0, k = 1, n = 1, hysteresis = 0, hold_ms = 0, gap_ms = 0;
};

inline Spec without_scaler(Spec s) {
    s.scaler = false;
    return s;
}

inline std::string name(const Spec &s) {
    static const char *const arithmetics[] = {"", "f32", "q15", "q31"};
    return std::string(s.mahalanobis ? "mahalanobis_" : "kmeans_") + arithmetics[s.arithmetic];
}

// Each detector in each arithmetic, otherwise as given.
inline std::vector<Spec> all_of(Spec base = {}) {
    std::vector<Spec> specs;
    for (const bool mahalanobis : {false, true}) {
        for (const int arithmetic : {TB_F32, TB_Q15, TB_Q31}) {
            base.mahalanobis = mahalanobis;
            base.arithmetic = static_cast<std::uint8_t>(arithmetic);
            specs.push_back(base);
        }
    }
    return specs;
}

// A recipe with the memory of its words. Not movable: the recipe points into it.
struct Recipe {
    std::vector<std::int32_t> words[4];
    tb_part parts[4];
    tb_recipe recipe;

    explicit Recipe(const Spec &s) {
        recipe = {TB_RECIPE_FORMAT, s.arithmetic, 0, parts, nullptr};
        words[0] = {static_cast<std::int32_t>(s.channels), s.missing};
        const std::int32_t shift = !s.scaler && s.arithmetic == TB_Q31 ? 8 : 0;
        for (std::uint32_t i = 0; i < s.channels; ++i) {
            words[0].insert(words[0].end(), {s.offset, shift, s.unit});
        }
        words[2] = s.mahalanobis ? std::vector<std::int32_t>{s.shrinkage}
                                 : std::vector<std::int32_t>{s.clusters, s.prior, s.frozen};
        words[3] = {s.alpha, s.scaling, s.learning,   s.calibrating, s.rate,  s.margin,
                    s.k,     s.n,       s.hysteresis, s.hold_ms,     s.gap_ms};
        add(s.phase ? 2 : 1, words[0]);
        if (s.scaler) {
            add(8, words[1]);
        }
        add(s.mahalanobis ? 17 : 16, words[2]);
        recipe.tools = tb_tools_of(parts[recipe.count - 1].stage);
        add(32, words[3]);
    }
    Recipe(const Recipe &) = delete;
    Recipe &operator=(const Recipe &) = delete;

  private:
    void add(std::uint16_t id, const std::vector<std::int32_t> &w) {
        parts[recipe.count++] = {tb_stage_by_id(id, recipe.arithmetic), w.data(), static_cast<std::uint32_t>(w.size())};
    }
};

// A monitor with its recipe and memory. The memory is exactly as long as tb_sizes() says, so sanitizers see its end.
class Machine {
  public:
    explicit Machine(const Spec &s) : spec(s), recipe_(s) {
        REQUIRE(tb_sizes(&recipe_.recipe, &sizes) == TB_OK);
        image.resize(sizes.image / 8, 0xA5A5A5A5A5A5A5A5u);
        scratch.resize((sizes.scratch + 7) / 8, 0x5A5A5A5A5A5A5A5Au);
        plan.resize((sizes.plan + 7) / 8, 0x7777777777777777u);
        REQUIRE(tb_init(&m, &recipe_.recipe, image.data(), sizes.image, scratch.data(), sizes.scratch, plan.data(),
                        sizes.plan) == TB_OK);
    }
    Machine(const Machine &) = delete;
    Machine &operator=(const Machine &) = delete;

    const tb_recipe *recipe() const { return &recipe_.recipe; }

    tb_result step(const Frame &x, tb_context context = {0, 0}) {
        tb_result r = {};
        REQUIRE(tb_step_i32(&m, x.data(), static_cast<std::uint32_t>(x.size()), &context, &r) == TB_OK);
        return r;
    }
    void learn(const Frame &x) {
        REQUIRE(tb_learn_i32(&m, x.data(), static_cast<std::uint32_t>(x.size()), nullptr) == TB_OK);
    }
    std::int32_t score(const Frame &x) const {
        std::int32_t s = 0;
        REQUIRE(tb_score_i32(&m, x.data(), static_cast<std::uint32_t>(x.size()), nullptr, &s) == TB_OK);
        return s;
    }
    std::vector<std::int32_t> explain(const Frame &x) const {
        std::vector<std::int32_t> shares(m.features);
        REQUIRE(tb_explain_i32(&m, x.data(), static_cast<std::uint32_t>(x.size()), nullptr, shares.data(),
                               m.features) == TB_OK);
        return shares;
    }

    // The image as it lies in memory.
    Bytes bytes() const { return Bytes(m.image, m.image + sizes.image); }
    // A sealed copy; the image itself is sealed too.
    Bytes saved() {
        Bytes b(sizes.image);
        REQUIRE(tb_save(&m, b.data(), sizes.image) == TB_OK);
        return b;
    }
    tb_status load(const Bytes &b, std::uint32_t mode = TB_LOAD_SEALED) {
        return tb_load(&m, b.data(), static_cast<std::uint32_t>(b.size()), mode);
    }
    tb_status merge(const Bytes &b) { return tb_merge(&m, b.data(), static_cast<std::uint32_t>(b.size())); }
    tb_status unmerge(const Bytes &b) { return tb_unmerge(&m, b.data(), static_cast<std::uint32_t>(b.size())); }

    // A field of the image at an offset of a block: 0 input, 1 scaler, 2 detector, 3 decision.
    template <class T> T field(int block, std::uint32_t offset) const {
        return twinbit::peek<T>(m.image + m.block[block] + offset);
    }
    // The detector's block.
    Bytes detector() const { return Bytes(m.image + m.block[2], m.image + m.block[3]); }

    Spec spec;
    tb_memory sizes = {};
    tb_monitor m = {};
    std::vector<std::uint64_t> image, scratch, plan;

  private:
    Recipe recipe_;
};

// Random frames: the standard's own generator, so the same everywhere; sums of twelve uniforms stand for normal numbers.
class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t bits() { return engine_(); }
    // low ... high, both included
    std::int32_t integer(std::int32_t low, std::int32_t high) {
        const auto span = static_cast<std::uint64_t>(std::int64_t{high} - low) + 1;
        return static_cast<std::int32_t>(low + static_cast<std::int64_t>(engine_() % span));
    }
    double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
    double normal() {
        double sum = -6;
        for (int i = 0; i < 12; ++i) {
            sum += uniform();
        }
        return sum;
    }
    // Counts around `centre` with a deviation, within what 16 bits hold.
    Frame frame(std::uint32_t channels, double centre = 0, double deviation = 1000) {
        Frame x(channels);
        for (auto &v : x) {
            const double c = centre + deviation * normal();
            v = static_cast<std::int32_t>(c < -32767 ? -32767 : (c > 32767 ? 32767 : c));
        }
        return x;
    }
    // A frame of one of `modes` well separated operating points.
    Frame mode_frame(std::uint32_t channels, int modes, double deviation = 300) {
        const int mode = integer(0, modes - 1);
        Frame x = frame(channels, 0, deviation);
        for (std::uint32_t i = 0; i < channels; ++i) {
            x[i] += ((mode >> (i % 3)) & 1) != 0 ? 9000 : -9000;
        }
        return x;
    }

  private:
    std::mt19937_64 engine_;
};

inline Frame i32(std::initializer_list<std::int32_t> v) { return Frame(v); }

// Takes a machine to a state by frames of its own.
inline void run_to(Machine &machine, std::uint8_t state, Random &random) {
    for (int i = 0; i < 100000 && tb_state(&machine.m) < state; ++i) {
        machine.step(random.mode_frame(machine.spec.channels, 2));
    }
    REQUIRE(tb_state(&machine.m) == state);
}

// CRC-32 as zlib's, bit by bit: not the code under test.
inline std::uint32_t plain_crc(const Bytes &bytes) {
    std::uint32_t crc = 0xFFFFFFFFu;
    for (const std::uint8_t b : bytes) {
        crc ^= b;
        for (int i = 0; i < 8; ++i) {
            crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
        }
    }
    return ~crc;
}

template <class T> void put(Bytes &bytes, std::size_t at, T value) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
}
template <class T> T get(const Bytes &bytes, std::size_t at) { return twinbit::peek<T>(bytes.data() + at); }

// Makes the checksum of a sealed image right again after a change.
inline void reseal(Bytes &image) {
    put<std::uint32_t>(image, 32, 0);
    put<std::uint32_t>(image, 32, plain_crc(image));
}

// Octaves of a raw score.
inline double octaves(std::int32_t raw) { return raw / 65536.0; }

} // namespace fixtures
