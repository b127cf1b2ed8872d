// Drift detectors by themselves, in memory that is exactly as long as it says.
#pragma once

#include "fixtures.hpp"

namespace fixtures {

inline constexpr std::int32_t value_limit = (1 << 23) - 1;

class Watcher {
  public:
    Watcher(const tb_stage &stage, Words words, std::uint32_t features = 1) : words_(std::move(words)) {
        part_ = {&stage, words_.data(), static_cast<std::uint32_t>(words_.size())};
        REQUIRE(tb_drift_size(&part_, features, &bytes_needed) == TB_OK);
        REQUIRE(bytes_needed % 8 == 0);
        memory_.resize(bytes_needed / 8, 0xA5A5A5A5A5A5A5A5u);
        REQUIRE(tb_drift_init(&d, &part_, features, memory_.data(), bytes_needed) == TB_OK);
    }
    Watcher(const Watcher &) = delete;
    Watcher &operator=(const Watcher &) = delete;

    bool update(std::int32_t x) {
        std::uint8_t told = 7;
        REQUIRE(tb_drift_update_i32(&d, &x, 1, &told) == TB_OK);
        REQUIRE(told <= 1);
        return told == 1;
    }
    // The state.
    Bytes bytes() const { return Bytes(d.state, d.state + d.size); }
    bool fresh() const { return bytes() == Bytes(d.size, 0); }
    tb_status load(const Bytes &b) { return tb_drift_load(&d, b.data(), static_cast<std::uint32_t>(b.size())); }
    // At an odd address: nothing says that saved bytes are aligned.
    tb_status load_odd(const Bytes &b) {
        Bytes moved(b.size() + 1);
        std::copy(b.begin(), b.end(), moved.begin() + 1);
        return tb_drift_load(&d, moved.data() + 1, static_cast<std::uint32_t>(b.size()));
    }

    tb_drift d = {};
    std::uint32_t bytes_needed = 0;

  private:
    Words words_;
    tb_part part_ = {};
    std::vector<std::uint64_t> memory_;
};

// Every drift detector, quick enough to tell something within some hundred values.
struct DriftKind {
    const tb_stage *stage;
    Words words;
    std::uint32_t features;
};

inline const std::vector<DriftKind> &drift_kinds() {
    static const std::vector<DriftKind> all = {
        {&tb_adwin, {16, 6, 5, 4294967, 1, 5, 10, 1}, 1},
        {&tb_adwin, {16, 6, 3, 107374182, 4, 5, 10, 0}, 1},
        {&tb_page_hinkley, {16, 3276800, 83886, 214748, 30, 0}, 1},
        {&tb_ks, {16, 100, 30, 10737418}, 1},
        {&tb_centroid_f32, {3, 2, 8, 100, 200, 2147484, 16384, 1}, 3},
        {&tb_centroid_q15, {3, 2, 8, 100, 200, 2147484, 16384, 1}, 3},
        {&tb_centroid_q31, {3, 2, 8, 100, 200, 2147484, 16384, 1}, 3},
    };
    return all;
}

inline tb_part drift_part(const DriftKind &k) {
    return {k.stage, k.words.data(), static_cast<std::uint32_t>(k.words.size())};
}

// A detector in memory that is exactly as long as it must be.
struct HeldDrift {
    explicit HeldDrift(const DriftKind &k) : part(drift_part(k)) {
        REQUIRE(tb_drift_size(&part, k.features, &bytes) == TB_OK);
        memory.resize(bytes / 8);
        REQUIRE(tb_drift_init(&d, &part, k.features, memory.data(), bytes) == TB_OK);
    }
    Bytes state() const { return Bytes(d.state, d.state + d.size); }

    tb_part part;
    std::uint32_t bytes = 0;
    std::vector<std::uint64_t> memory;
    tb_drift d = {};
};

inline std::vector<float> drift_values(const DriftKind &k, Random &random, int frames) {
    std::vector<float> x;
    for (int i = 0; i < frames; ++i) {
        for (std::uint32_t j = 0; j < k.features; ++j) {
            x.push_back(static_cast<float>(random.normal() + (i / 300 % 2 == 0 ? 0 : 4)));
        }
    }
    return x;
}

inline std::uint32_t u32(std::size_t v) { return static_cast<std::uint32_t>(v); }

} // namespace fixtures
