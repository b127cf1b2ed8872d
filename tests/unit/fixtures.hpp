// What the tests of core and of the C interface share: monitors with their memory, frames, bytes.
#pragma once

#include "specs.hpp"

#include <cstring>
#include <random>

namespace fixtures {

using Bytes = std::vector<std::uint8_t>;
using Frame = std::vector<std::int32_t>;

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
    tb_status prune(std::uint32_t keep) { return tb_prune(&m, keep); }
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
