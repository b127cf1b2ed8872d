// Centroid drift by itself: streams of operating modes, and what its state says.
#pragma once

#include "drift/centroid_state.hpp"
#include "drift_bench.hpp"

namespace fixtures {

struct CentroidSetting {
    std::int32_t modes = 4, windows = 2, window = 16, learning = 400, calibrating = 600;
    double rate = 1e-4, margin = 0.25;
    std::int32_t seed = 1;

    Words words() const {
        return {modes,
                windows,
                window,
                learning,
                calibrating,
                static_cast<std::int32_t>(rate * 0x1p31),
                static_cast<std::int32_t>(margin * 65536),
                seed};
    }
};

inline const tb_stage &centroid_stage(std::uint8_t arithmetic) {
    return arithmetic == TB_F32 ? tb_centroid_f32 : (arithmetic == TB_Q15 ? tb_centroid_q15 : tb_centroid_q31);
}

// Vectors of 2^-12, so that every arithmetic sees the same.
using Sampled = std::vector<double>;

class CentroidWatcher {
  public:
    CentroidWatcher(std::uint8_t arithmetic, const CentroidSetting &s, std::uint32_t d)
        : arithmetic_(arithmetic), features_(d), w_(centroid_stage(arithmetic), s.words(), d), setting(s) {}

    bool update(const Sampled &x) {
        std::vector<float> values(x.begin(), x.end());
        std::uint8_t told = 7;
        REQUIRE(tb_drift_update_f32(&w_.d, values.data(), features_, &told) == TB_OK);
        return told == 1;
    }
    Bytes bytes() const { return w_.bytes(); }
    bool fresh() const { return w_.fresh(); }
    tb_status load(const Bytes &b) { return w_.load_odd(b); }

    // Number i of a field, as a real number: samples in units of one, distances and variances in squares of it.
    double field(std::uint32_t f, std::uint32_t i = 0) const {
        if (arithmetic_ == TB_F32) {
            return read<twinbit::F32>(f, i);
        }
        return arithmetic_ == TB_Q15 ? read<twinbit::Q15>(f, i) : read<twinbit::Q31>(f, i);
    }

  private:
    template <class P> double read(std::uint32_t f, std::uint32_t i) const {
        using State = twinbit::CentroidState<P>;
        const Words words = setting.words();
        const State s({words.data(), u32(words.size()), features_});
        const std::uint8_t *at = w_.d.state + s.offset[f];
        const bool real = std::is_same_v<P, twinbit::F32>;
        switch (f) {
        case State::centroid:
            return real ? twinbit::peek<float>(at + 4 * i)
                        : (std::is_same_v<P, twinbit::Q15> ? twinbit::peek<std::int16_t>(at + 2 * i) * 0x1p-12
                                                           : twinbit::peek<std::int32_t>(at + 4 * i) * 0x1p-20);
        case State::variance:
            return real ? twinbit::peek<float>(at + 4 * i) : twinbit::peek<std::uint32_t>(at + 4 * i) * 0x1p-24;
        case State::roots:
        case State::squares:
            return static_cast<double>(twinbit::peek<std::uint64_t>(at));
        case State::threshold:
            return twinbit::peek<std::int32_t>(at) * 0x1p-16;
        default:
            return twinbit::peek<std::uint32_t>(at + 4 * i);
        }
    }

    std::uint8_t arithmetic_;
    std::uint32_t features_;
    Watcher w_;

  public:
    const CentroidSetting setting;
};

// A machine that stays in one of some modes for a while. Features of a mode wander as first-order autoregressive
// processes, so that neighbouring frames are alike.
class Modes {
  public:
    Modes(std::uint32_t d, int modes, std::uint64_t seed, double memory = 0, double deviation = 0.25, int dwell = 40)
        : random_(seed), d_(d), modes_(modes), memory_(memory), deviation_(deviation), dwell_(dwell), wander_(d) {}

    Sampled next() {
        if (left_-- == 0) {
            mode_ = modes_ == 1 ? 0 : (mode_ + random_.integer(1, modes_ - 1)) % modes_;
            left_ = random_.integer(dwell_ / 2, dwell_ * 3 / 2);
        }
        Sampled x(d_);
        for (std::uint32_t i = 0; i < d_; ++i) {
            wander_[i] = memory_ * wander_[i] + std::sqrt(1 - memory_ * memory_) * random_.normal();
            x[i] = std::floor((place(i) + deviation_ * wander_[i] + (mode_ == shifted || shifted < 0 ? shift : 0)) *
                              4096) /
                   4096;
        }
        return x;
    }
    int mode() const { return mode_; }

    double shift = 0;
    int shifted = -1; // the mode that is; -1: all

  private:
    double place(std::uint32_t i) const {
        return modes_ == 1 ? 0 : 2.5 * (((mode_ + 1) * (2 * static_cast<int>(i) + 3)) % 5 - 2) / 2;
    }

    Random random_;
    std::uint32_t d_;
    int modes_;
    double memory_, deviation_;
    int dwell_;
    std::vector<double> wander_;
    int mode_ = 0, left_ = 0;
};

} // namespace fixtures
