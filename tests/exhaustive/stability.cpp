// Detectors that never stop learning: after millions of frames of constant, periodic and random input every number of the
// image is in its range, the score is one, and it has not grown. What forgets by halving its statistics has then halved
// them more than a thousand times.
//
//     exhaustive_stability [frames [kind]]      10^6 of each kind unless given; 10^7 is what a release is tried with
#include "image/stage.hpp"
#include "numbers/bits.hpp"
#include "twinbit_host.h"

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace twinbit;

namespace {

constexpr std::uint32_t most_features = 8;
using Q12 = std::int32_t[most_features]; // samples in units of 2^-12, which every arithmetic holds exactly

struct Kind {
    const char *name;
    std::uint16_t id;
    std::uint32_t features;
    std::vector<std::int32_t> words;
};

// Each has a policy that forgets, or learns for ever.
const Kind kinds[] = {
    {"autoencoder", 18, 8, {7, 0, 1, 2, 1, 0, 214748365, 0, 0, 0, 0, 0, 0}},
    {"its momentum", 18, 8, {7, 1, 1, 2, 1, 0, 214748365, 0, 0, 1932735283, 1 << 17, 0, 0}}, // 0.9; decay 2^-14
    {"ELM", 19, 6, {7, 4, 1, 0, 15, 65536, 512}},
    {"ELM, ReLU", 19, 6, {7, 4, 3, 2, 15, 65536, 1000}},
    {"subspace", 20, 8, {2, 0, 0}},
    {"subspace, window", 20, 8, {2, 131072, 256}},
    {"bank, autoencoder", 24, 4, {3, 7, 0, 1, 2, 1, 0, 214748365, 0, 0, 0, 0, 0, 0, 8}},
    {"bank, ELM", 25, 4, {3, 7, 3, 1, 0, 7, 65536, 512, 8}},
    {"bank, subspace", 26, 4, {3, 1, 65536, 256, 8}},
};

struct Input {
    const char *name;
    void (*frame)(std::uint32_t t, std::uint32_t &random, Q12 &x);
};

std::int32_t uniform(std::uint32_t &random, std::int32_t limit) {
    random = random * 1664525u + 1013904223u;
    return static_cast<std::int32_t>((std::uint64_t{random} * (2u * static_cast<std::uint32_t>(limit) + 1)) >> 32) -
           limit;
}

const Input inputs[] = {
    {"constant",
     [](std::uint32_t, std::uint32_t &, Q12 &x) {
         for (std::int32_t i = 0; i < 8; ++i) {
             x[i] = (i % 2 == 0 ? 1 : -1) * (2000 + 700 * i);
         }
     }},
    {"periodic", // triangles of 64 frames, each feature a little later
     [](std::uint32_t t, std::uint32_t &, Q12 &x) {
         for (std::uint32_t i = 0; i < 8; ++i) {
             const auto phase = static_cast<std::int32_t>((t + 5 * i) % 64);
             x[i] = (phase < 32 ? phase : 64 - phase) * 512 - 8192;
         }
     }},
    {"random",
     [](std::uint32_t, std::uint32_t &random, Q12 &x) {
         for (std::int32_t &v : x) {
             v = uniform(random, 8191);
         }
     }},
    {"extreme", // all of the samples' range
     [](std::uint32_t, std::uint32_t &random, Q12 &x) {
         for (std::int32_t &v : x) {
             v = uniform(random, 1) * 32767;
         }
     }},
};

// A detector by itself in memory of its own.
class Model {
  public:
    Model(const Kind &kind, std::uint8_t arithmetic)
        : stage_(tb_stage_by_id(kind.id, arithmetic)), setup_{kind.words.data(),
                                                              static_cast<std::uint32_t>(kind.words.size()),
                                                              kind.features} {
        if (stage_ == nullptr || !stage_->shape(setup_, shape_)) {
            std::printf("FAIL %s: no such recipe\n", kind.name);
            std::exit(1);
        }
        image_.resize(block_bytes(stage_->fields, shape_) / 8);
        scratch_.resize(shape_.scratch / 8 + 1);
        plan_.resize(shape_.plan / 8 + 1);
    }

    tb_status learn(const Q12 &q12) {
        put(q12);
        return ops().learn(block(), sample_, nullptr);
    }
    std::int32_t score(const Q12 &q12) {
        put(q12);
        ops().settle(block());
        return ops().score(block(), sample_);
    }
    bool ready() { return ops().ready(block()); }

    bool in_range() const {
        const auto *bytes = reinterpret_cast<const std::uint8_t *>(image_.data());
        bool fine = all_in_range(stage_->fields, shape_.fields, shape_.n, bytes);
        bytes += bytes_of_fields(stage_->fields, shape_.fields, shape_.n);
        const Inner &inner = shape_.inner;
        for (std::uint32_t i = 0; i < inner.count; ++i) {
            fine = fine && all_in_range(inner.table, inner.fields, inner.n, bytes);
            bytes += bytes_of_fields(inner.table, inner.fields, inner.n);
        }
        return fine;
    }

  private:
    const DetectorOps &ops() const { return *stage_->ops.detector; }
    Block block() {
        const auto bytes = [](std::vector<std::uint64_t> &v) { return reinterpret_cast<std::uint8_t *>(v.data()); };
        return {setup_, bytes(image_), bytes(scratch_), bytes(plan_)};
    }
    void put(const Q12 &q12) {
        for (std::uint32_t i = 0; i < setup_.inputs; ++i) {
            const auto narrow = static_cast<std::int16_t>(q12[i]);
            const std::int32_t wide = q12[i] * 256;
            const float real = static_cast<float>(q12[i]) * 0x1p-12f;
            if (stage_->arithmetic == TB_Q15) {
                std::memcpy(sample_ + 2 * i, &narrow, 2);
            } else {
                std::memcpy(sample_ + 4 * i, stage_->arithmetic == TB_F32 ? static_cast<const void *>(&real) : &wide,
                            4);
            }
        }
    }

    const tb_stage *stage_;
    Setup setup_;
    Shape shape_ = {};
    std::vector<std::uint64_t> image_, scratch_, plan_;
    alignas(8) std::uint8_t sample_[4 * most_features] = {};
};

// Mean score in octaves of the next frames, which are learned too.
double mean_score(Model &model, const Input &input, std::uint32_t &t, std::uint32_t &random) {
    constexpr int frames = 512;
    double sum = 0;
    for (int n = 0; n < frames; ++n) {
        Q12 x;
        input.frame(t++, random, x);
        sum += model.score(x) / 65536.0;
        model.learn(x);
    }
    return sum / frames;
}

constexpr std::uint32_t parts = 20;

// Scores of rounding noise alone may wander: what is below 2^-9 of the samples' unit is called 2^-9.
double mean_of(const double (&score)[parts], std::uint32_t first, std::uint32_t end) {
    constexpr double noise = -9;
    double sum = 0;
    for (std::uint32_t part = first; part < end; ++part) {
        sum += score[part] > noise ? score[part] : noise;
    }
    return sum / (end - first);
}

bool stable(const Kind &kind, std::uint8_t arithmetic, const Input &input, std::uint32_t frames) {
    static const char *const arithmetics[] = {"", "f32", "q15", "q31"};
    const auto start = std::chrono::steady_clock::now();
    Model model(kind, arithmetic);
    std::uint32_t random = 2026;
    double score[parts] = {};
    bool fine = true;
    std::uint32_t refused = 0;
    for (std::uint32_t t = 0, part = 0; part < parts; ++part) {
        for (std::uint32_t n = 0; n < frames / parts; ++n) {
            Q12 x;
            input.frame(t++, random, x);
            refused += model.learn(x) != TB_OK ? 1 : 0;
        }
        fine = fine && model.in_range() && model.ready();
        score[part] = mean_score(model, input, t, random);
        fine = fine && score[part] > -64 && score[part] < 64;
    }
    // A model that never ends learning wanders: halves of its life are compared, the first part of it left out.
    const double early = mean_of(score, 1, parts / 2);
    const double late = mean_of(score, parts / 2, parts);
    fine = fine && late - early < 0.25;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%-4s %-18s %s %-8s score %8.3f, later %8.3f octaves; refused %" PRIu32 "; %.1f s\n",
                fine ? "ok" : "FAIL", kind.name, arithmetics[arithmetic], input.name, early, late, refused,
                seconds.count());
    std::fflush(stdout);
    return fine;
}

} // namespace

int main(int count, char **words) {
    const std::uint32_t frames = count > 1 ? static_cast<std::uint32_t>(std::strtoul(words[1], nullptr, 10)) : 1000000u;
    const char *chosen = count > 2 ? words[2] : "";
    bool fine = frames >= parts;
    for (const Kind &kind : kinds) {
        if (std::strstr(kind.name, chosen) == nullptr) {
            continue;
        }
        for (std::uint8_t arithmetic = TB_F32; arithmetic <= TB_Q31; ++arithmetic) {
            for (const Input &input : inputs) {
                fine = stable(kind, arithmetic, input, frames) && fine;
            }
        }
    }
    return fine ? 0 : 1;
}
