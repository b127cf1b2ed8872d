// Small recipes for the tests: each detector with a few words, so that a test can run over all of them.
//
// Counts are in units of 2^-12 in every arithmetic: with the default words and no scaler, a count c is the sample c 2^-12
// exactly, in F32, Q15 and Q31 alike, so one oracle serves all three.
#pragma once

#include "catch.hpp"
#include "image/stage.hpp"
#include "twinbit.h"
#include "twinbit_host.h"

#include <string>
#include <vector>

namespace fixtures {

using Words = std::vector<std::int32_t>;

// Values are the ids of RECIPE.md.
enum class Detector : std::uint16_t {
    kmeans = 16,
    mahalanobis = 17,
    autoencoder = 18,
    elm = 19,
    subspace = 20,
    distance = 22,
    bank_autoencoder = 24,
    bank_elm = 25,
    bank_subspace = 26,
};
inline constexpr Detector detectors[] = {
    Detector::kmeans,   Detector::mahalanobis,      Detector::autoencoder, Detector::elm,          Detector::subspace,
    Detector::distance, Detector::bank_autoencoder, Detector::bank_elm,    Detector::bank_subspace};

struct Spec {
    std::uint8_t arithmetic = TB_Q15;
    Detector detector = Detector::kmeans;
    std::uint32_t channels = 3;
    bool scaler = true;
    bool phase = false;
    std::int32_t missing = 0; // 0 refuse, 1 hold, 2 skip
    std::int32_t offset = 0;
    std::int32_t unit = 12;
    std::int32_t clusters = 4, prior = 256, frozen = 0; // clusters: also the modes of a bank
    std::int32_t shrinkage = 655;
    std::int32_t hidden = 2, activation = 1, momentum = 0; // autoencoder: one hidden layer; activation also of the ELM
    std::int32_t training = 214748365, decay = 0, patience = 0; // its rate, 0.1
    std::int32_t units = 4, ridge = 65536, forget = 0;          // ELM
    std::int32_t components = 1, amnesic = 131072, window = 0;  // subspace
    std::int32_t few = 1;                                       // bank, distance
    std::int32_t kind = 1, follow = 0;                          // distance: covariance shared; rate
    std::int32_t alpha = 1 << 30;
    std::int32_t scaling = 20, learning = 60, calibrating = 100;
    std::int32_t rate = 21474836; // 0.01
    std::int32_t margin = 0, k = 1, n = 1, hysteresis = 0, hold_ms = 0, gap_ms = 0;
};

inline Spec without_scaler(Spec s) {
    s.scaler = false;
    return s;
}

inline bool is(const Spec &s, Detector d) { return s.detector == d; }

inline std::string name(const Spec &s) {
    static const char *const arithmetics[] = {"", "f32", "q15", "q31"};
    const tb_stage *stage = tb_stage_by_id(static_cast<std::uint16_t>(s.detector), s.arithmetic);
    const std::string symbol = tb_stage_symbol(stage); // tb_kmeans_q15
    return symbol.substr(3, symbol.size() - 7) + "_" + arithmetics[s.arithmetic];
}

// Some detectors in each arithmetic, otherwise as given.
inline std::vector<Spec> each(std::initializer_list<Detector> some, Spec base = {}) {
    std::vector<Spec> specs;
    for (const Detector detector : some) {
        for (const int arithmetic : {TB_F32, TB_Q15, TB_Q31}) {
            base.detector = detector;
            base.arithmetic = static_cast<std::uint8_t>(arithmetic);
            specs.push_back(base);
        }
    }
    return specs;
}
inline std::vector<Spec> each(Detector one, const Spec &base = {}) { return each({one}, base); }

// Every detector in each arithmetic.
inline std::vector<Spec> all_of(const Spec &base = {}) {
    std::vector<Spec> specs;
    for (const Detector detector : detectors) {
        for (const Spec &s : each(detector, base)) {
            specs.push_back(s);
        }
    }
    return specs;
}

// Words that shape the image, then those of policy, of a model that may be alone or in a bank.
struct ModelWords {
    Words layout, policy;
};

inline ModelWords model_words(const Spec &s) {
    switch (s.detector) {
    case Detector::autoencoder:
    case Detector::bank_autoencoder: {
        const std::int32_t momentum = s.momentum > 0 ? 1 : 0;
        return {{7, momentum, 1, s.hidden, s.activation, 0}, {s.training, 0, 0, s.momentum, s.decay, s.patience, 1024}};
    }
    case Detector::elm:
    case Detector::bank_elm:
        return {{7, s.units, s.activation, 0, (1 << s.units) - 1}, {s.ridge, s.forget}};
    case Detector::mahalanobis:
        return {{}, {s.shrinkage}};
    case Detector::distance:
        return {{s.clusters, s.kind}, {s.shrinkage, s.follow, s.few}};
    case Detector::kmeans:
        return {{s.clusters}, {s.prior, s.frozen}};
    default:
        return {{s.components}, {s.amnesic, s.window}};
    }
}

inline bool is_bank(const Spec &s) { return s.detector >= Detector::bank_autoencoder; }

inline Words detector_words(const Spec &s) {
    const ModelWords model = model_words(s);
    Words words = is_bank(s) ? Words{s.clusters} : Words{};
    words.insert(words.end(), model.layout.begin(), model.layout.end());
    words.insert(words.end(), model.policy.begin(), model.policy.end());
    if (is_bank(s)) {
        words.push_back(s.few);
    }
    return words;
}

// Frames that the detector must have learned before it scores ...
inline int frames_to_ready(const Spec &s) {
    return is(s, Detector::mahalanobis) || is(s, Detector::subspace) || is(s, Detector::distance) ? 2 : 1;
}
// ... and frames after learning that are not scored yet, since it derives its model, a part a frame.
inline int frames_to_prepare(const Spec &s) {
    const int models = is(s, Detector::bank_elm) ? s.clusters : (is(s, Detector::elm) ? 1 : 0);
    return models * (s.units - 1);
}

// A recipe with the memory of its words. Not movable: the recipe points into it.
struct Recipe {
    Words words[4];
    tb_part parts[4];
    tb_recipe recipe;

    explicit Recipe(const Spec &s) {
        recipe = {TB_RECIPE_FORMAT, s.arithmetic, 0, parts, nullptr};
        words[0] = {static_cast<std::int32_t>(s.channels), s.missing};
        const std::int32_t shift = !s.scaler && s.arithmetic == TB_Q31 ? 8 : 0;
        for (std::uint32_t i = 0; i < s.channels; ++i) {
            words[0].insert(words[0].end(), {s.offset, shift, s.unit});
        }
        words[2] = detector_words(s);
        words[3] = {s.alpha, s.scaling, s.learning,   s.calibrating, s.rate,  s.margin,
                    s.k,     s.n,       s.hysteresis, s.hold_ms,     s.gap_ms};
        add(s.phase ? 2 : 1, words[0]);
        if (s.scaler) {
            add(8, words[1]);
        }
        add(static_cast<std::uint16_t>(s.detector), words[2]);
        recipe.tools = tb_tools_of(parts[recipe.count - 1].stage);
        add(32, words[3]);
    }
    Recipe(const Recipe &) = delete;
    Recipe &operator=(const Recipe &) = delete;

  private:
    void add(std::uint16_t id, const Words &w) {
        parts[recipe.count++] = {tb_stage_by_id(id, recipe.arithmetic), w.data(), static_cast<std::uint32_t>(w.size())};
    }
};

} // namespace fixtures
