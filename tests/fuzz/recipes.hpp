// Small recipes: each detector and each other stage in each arithmetic, a life of a few frames.
#pragma once

#include "twinbit.h"

#include <array>
#include <cstdint>

namespace fuzz {

inline constexpr std::uint32_t channels = 3; // most
inline constexpr std::uint32_t window = 64;
inline constexpr std::uint32_t most_features = 64;
inline constexpr std::uint32_t frames_to_monitoring = 4 + 8 + 12;

// Channels, hold missing values, then offset, shift and unit of each channel.
inline constexpr std::int32_t input_words[] = {channels, 1, 0, 4, 0, 10, 3, 1, -20, 5, 2};
// One channel: for recipes with a clock.
inline constexpr std::int32_t clock_words[] = {1, 1, 0, 4, 0};
// Smoothing 1/4; frames of scaling, learning, calibrating; rate 1 %; margin 1/2; 2 of 3; hysteresis 1/4; hold, gap in ms.
inline constexpr std::int32_t decision_words[] = {1 << 29, 4, 8, 12, 21474836, 32768, 2, 3, 16384, 50, 1000};

// Clusters, prior, frozen.
inline constexpr std::int32_t kmeans_words[] = {3, 16, 0};
// Shrinkage 0.01.
inline constexpr std::int32_t mahalanobis_words[] = {655};

// Seed, momentum; a hidden layer of 3 with tanh, one of 2 with ReLU, a linear output; rate 0.1, halved every 8 frames down to
// 0.01; momentum 1/2; decay 2^-12; patience of 20 frames for 1/64 octave.
inline constexpr std::int32_t autoencoder_words[] = {7,         1, 2,        3,       1,       2,  3,   0,
                                                     214748365, 8, 21474836, 1 << 30, 1 << 19, 20, 1024};
// Seed, 3 units with tanh, gain, mask; ridge 1, halved at 16 frames.
inline constexpr std::int32_t elm_words[] = {7, 3, 1, 0, 7, 65536, 16};
// 2 components, amnesic 2, window.
inline constexpr std::int32_t subspace_words[] = {2, 131072, 10};
// Modes; the words of a smaller model; frames below which a mode borrows.
inline constexpr std::int32_t bank_autoencoder_words[] = {2, 7, 0, 1, 2, 2, 1, 214748365, 0, 0, 0, 0, 0, 0, 3};
inline constexpr std::int32_t bank_elm_words[] = {2, 7, 2, 1, 0, 3, 65536, 0, 3};
inline constexpr std::int32_t bank_subspace_words[] = {3, 1, 0, 0, 2};

// Stages of signals: windows of 64 samples, every 8, less a line; which figures; bands (capi/RECIPE.md).
inline constexpr std::int32_t framer_words[] = {channels, window, 8, 2, 5, 900};
inline constexpr std::int32_t time_words[] = {0x1FFF, 0};
inline constexpr std::int32_t bands_words[] = {64, 32, 1, 0, 0, 1, -3932160, 4, 0, 0, 1, 2, 6, 14, 33};
inline constexpr std::int32_t envelope_words[] = {6, 19, 0, 64, 32, 1, 1, 0, 0, -3932160, 2, 1, 1};
inline constexpr std::int32_t lags_words[] = {2, 3, 7};
inline constexpr std::int32_t octaves_words[] = {2};
inline constexpr std::int32_t centre_words[] = {1};
inline constexpr std::int32_t tail_words[] = {20};
// As decision_words: smoothing and phases; threshold 1, hold-off, raised by 1/2, decaying over 20 frames.
inline constexpr std::int32_t steady_words[] = {1 << 29, 4, 8, 12, 65536, 5, 32768, 20};

// Modes, kind; shrinkage 0.1, following 1/4, few.
inline constexpr std::int32_t distance_words[] = {2, 0, 6554, 1 << 29, 3};
inline constexpr std::int32_t shared_words[] = {2, 1, 6554, 0, 3};
// Smoothing 0.1; frames to settle, following 1/4.
inline constexpr std::int32_t deviation_words[] = {214748365, 2, 1 << 29};
inline constexpr std::int32_t boxes_words[] = {4, 13107, 6, 2};
inline constexpr std::int32_t seasonal_words[] = {3, 5, 6, 20, 49152, 4};
inline constexpr std::int32_t univariate_words[] = {3, 4, 5, 6, 20, 49152, 4, 2, 8, 12, 2, 10, 6, 13107, 2949, 16};

// Drift detectors that tell within a few frames of a change (RECIPE.md).
inline constexpr std::int32_t page_hinkley_words[] = {16, 1 << 17, 1 << 20, 1 << 24, 3, 1};
inline constexpr std::int32_t adwin_words[] = {16, 4, 3, 1 << 28, 2, 1, 4, 0};
inline constexpr std::int32_t ks_words[] = {16, 8, 3, 1 << 29};
inline constexpr std::int32_t centroid_words[] = {2, 2, 4, 8, 12, 1 << 26, 8192, 1};
// Events, blocks kept, their bytes; kind; drifts that last 6 frames; share 1/2; tolerance 4; blocks of 3 frames, halved
// after 5; budget 1/4 over 4 frames; a trend.
#define FUZZ_POLICY(name, kind, blocks, bytes)                                                                         \
    inline constexpr std::int32_t name##_words[] = {4, blocks, bytes, kind, 6, 1 << 30, 4 << 16, 3, 5, 1 << 14, 4, 32};
FUZZ_POLICY(tell, 0, 0, 0)
FUZZ_POLICY(freeze, 1, 0, 0)
FUZZ_POLICY(adapt_f32, 2, 2, 208)
FUZZ_POLICY(adapt_q15, 2, 2, 192)
FUZZ_POLICY(adapt_q31, 2, 2, 256)
FUZZ_POLICY(relearn, 3, 0, 0)
FUZZ_POLICY(ask, 4, 0, 0)
#undef FUZZ_POLICY

inline constexpr std::uint32_t most_parts = 10;

struct Entry {
    const char *name;
    std::uint8_t arithmetic;
    std::uint32_t pace; // samples that take a recipe a frame on
    const tb_tools *tools;
    tb_part parts[most_parts]; // up to one without a stage
};

template <std::uint32_t N> constexpr tb_part part(const tb_stage &stage, const std::int32_t (&words)[N]) {
    return {&stage, words, N};
}

// A detector in one arithmetic, and in all three. Its words stand above.
#define FUZZ_ONE(detector, suffix, code)                                                                               \
    {#detector "_" #suffix,                                                                                            \
     code,                                                                                                             \
     1,                                                                                                                \
     &tb_##detector##_##suffix##_tools,                                                                                \
     {part(tb_input_##suffix, input_words),                                                                            \
      {&tb_scaler_##suffix, nullptr, 0},                                                                               \
      part(tb_##detector##_##suffix, detector##_words),                                                                \
      part(tb_decision, decision_words)}},
#define FUZZ_EACH(detector)                                                                                            \
    FUZZ_ONE(detector, f32, TB_F32) FUZZ_ONE(detector, q15, TB_Q15) FUZZ_ONE(detector, q31, TB_Q31)

// Closed loops, in one arithmetic: each policy, each drift detector, detectors that are derived at once, a part a frame,
// or follow the stream.
#define FUZZ_LOOP(name, suffix, code, detector, ...)                                                                   \
    {"loop_" #name "_" #suffix,                                                                                        \
     code,                                                                                                             \
     1,                                                                                                                \
     &tb_##detector##_##suffix##_tools,                                                                                \
     {part(tb_input_##suffix, input_words),                                                                            \
      {&tb_scaler_##suffix, nullptr, 0},                                                                               \
      part(tb_##detector##_##suffix, detector##_words),                                                                \
      part(tb_decision, decision_words),                                                                               \
      __VA_ARGS__}},
#define FUZZ_LOOPS(suffix, code)                                                                                       \
    FUZZ_LOOP(tell, suffix, code, kmeans, part(tb_page_hinkley, page_hinkley_words), part(tb_adwin, adwin_words),      \
              part(tb_ks, ks_words), part(tb_centroid_##suffix, centroid_words), part(tb_policy, tell_words))          \
    FUZZ_LOOP(freeze, suffix, code, distance, part(tb_page_hinkley, page_hinkley_words),                               \
              part(tb_policy, freeze_words))                                                                           \
    FUZZ_LOOP(adapt, suffix, code, kmeans, part(tb_adwin, adwin_words), part(tb_policy, adapt_##suffix##_words))       \
    FUZZ_LOOP(relearn, suffix, code, mahalanobis, part(tb_page_hinkley, page_hinkley_words),                           \
              part(tb_centroid_##suffix, centroid_words), part(tb_policy, relearn_words))                              \
    FUZZ_LOOP(ask, suffix, code, elm, part(tb_ks, ks_words), part(tb_page_hinkley, page_hinkley_words),                \
              part(tb_policy, ask_words))

// Other stages, by name, in one arithmetic.
#define FUZZ_PARTS(suffix, code)                                                                                       \
    {"signal_" #suffix,                                                                                                \
     code,                                                                                                             \
     8,                                                                                                                \
     &tb_distance_##suffix##_tools,                                                                                    \
     {part(tb_input_##suffix, input_words), part(tb_framer_##suffix, framer_words),                                    \
      part(tb_time_##suffix, time_words), part(tb_bands_##suffix, bands_words),                                        \
      part(tb_envelope_##suffix, envelope_words), part(tb_centre_##suffix, centre_words),                              \
      part(tb_distance_##suffix, distance_words), part(tb_decision, decision_words)}},                                 \
        {"lags_" #suffix,                                                                                              \
         code,                                                                                                         \
         1,                                                                                                            \
         &tb_distance_##suffix##_tools,                                                                                \
         {part(tb_input_##suffix, input_words),                                                                        \
          part(tb_octaves_##suffix, octaves_words),                                                                    \
          part(tb_lags_##suffix, lags_words),                                                                          \
          {&tb_scaler_##suffix, nullptr, 0},                                                                           \
          part(tb_distance_##suffix, shared_words),                                                                    \
          part(tb_tail, tail_words),                                                                                   \
          part(tb_steady, steady_words)}},                                                                             \
        {"deviation_" #suffix,                                                                                         \
         code,                                                                                                         \
         1,                                                                                                            \
         &tb_deviation_##suffix##_tools,                                                                               \
         {part(tb_input_raw_##suffix, input_words), part(tb_deviation_##suffix, deviation_words),                      \
          part(tb_decision, decision_words)}},                                                                         \
        {"boxes_" #suffix,                                                                                             \
         code,                                                                                                         \
         1,                                                                                                            \
         &tb_boxes_##suffix##_tools,                                                                                   \
         {part(tb_input_raw_##suffix, input_words), part(tb_boxes_##suffix, boxes_words),                              \
          part(tb_decision, decision_words)}},                                                                         \
        {"seasonal_" #suffix,                                                                                          \
         code,                                                                                                         \
         1,                                                                                                            \
         &tb_seasonal_##suffix##_tools,                                                                                \
         {part(tb_input_clock_##suffix, input_words), part(tb_seasonal_##suffix, seasonal_words),                      \
          part(tb_tail, tail_words), part(tb_steady, steady_words)}},                                                  \
        {"univariate_" #suffix,                                                                                        \
         code,                                                                                                         \
         1,                                                                                                            \
         &tb_univariate_##suffix##_tools,                                                                              \
         {part(tb_input_clock_##suffix, clock_words), part(tb_univariate_##suffix, univariate_words),                  \
          part(tb_steady, steady_words)}},

inline const Entry entries[] = {FUZZ_EACH(kmeans) FUZZ_EACH(mahalanobis) FUZZ_EACH(autoencoder) FUZZ_EACH(elm)
                                    FUZZ_EACH(subspace) FUZZ_EACH(bank_autoencoder) FUZZ_EACH(bank_elm)
                                        FUZZ_EACH(bank_subspace) FUZZ_PARTS(f32, TB_F32) FUZZ_PARTS(q15, TB_Q15)
                                            FUZZ_PARTS(q31, TB_Q31) FUZZ_LOOPS(f32, TB_F32) FUZZ_LOOPS(q15, TB_Q15)
                                                FUZZ_LOOPS(q31, TB_Q31)};

#undef FUZZ_PARTS
#undef FUZZ_LOOPS
#undef FUZZ_LOOP
#undef FUZZ_EACH
#undef FUZZ_ONE

inline constexpr std::uint32_t recipe_count = sizeof entries / sizeof entries[0];

inline const tb_recipe &recipe(std::uint32_t number) {
    static const auto recipes = [] {
        std::array<tb_recipe, recipe_count> made = {};
        for (std::uint32_t i = 0; i < recipe_count; ++i) {
            std::uint8_t count = 0;
            while (count < most_parts && entries[i].parts[count].stage != nullptr) {
                ++count;
            }
            made[i] = {TB_RECIPE_FORMAT, entries[i].arithmetic, count, entries[i].parts, entries[i].tools};
        }
        return made;
    }();
    return recipes[number % recipe_count];
}

// Whether a recipe has a policy, so that normal moves soon after it is monitored.
inline bool loops(const tb_recipe &recipe) { return recipe.part[recipe.count - 1].stage == &tb_policy; }
inline constexpr std::uint32_t frames_to_drift = frames_to_monitoring + 6;

// Frame i of a quiet machine: three waves. After it went wrong the third one is far off.
inline void example_frame(std::uint32_t i, bool wrong, std::int32_t (&values)[channels]) {
    values[0] = static_cast<std::int32_t>(i * 37 % 19) * 10 - 90;
    values[1] = static_cast<std::int32_t>(i * 11 % 7) * 20 + (i % 2 ? 300 : -300);
    values[2] = static_cast<std::int32_t>(i * 5 % 13) * 8 + (wrong ? 4000 : 0);
}

} // namespace fuzz
