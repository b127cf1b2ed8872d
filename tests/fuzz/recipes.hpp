// Six small recipes: each detector in each arithmetic, three channels, a life of a few frames.
#pragma once

#include "twinbit.h"

#include <cstdint>

namespace fuzz {

inline constexpr std::uint32_t channels = 3;
inline constexpr std::uint32_t recipe_count = 6;
inline constexpr std::uint32_t frames_to_monitoring = 4 + 8 + 12;

// Channels, hold missing values, then offset, shift and unit of each channel.
inline constexpr std::int32_t input_words[] = {channels, 1, 0, 4, 0, 10, 3, 1, -20, 5, 2};
// Clusters, prior, frozen.
inline constexpr std::int32_t kmeans_words[] = {3, 16, 0};
// Shrinkage 0.01.
inline constexpr std::int32_t mahalanobis_words[] = {655};
// Smoothing 1/4; frames of scaling, learning, calibrating; rate 1 %; margin 1/2; 2 of 3; hysteresis 1/4; hold, gap in ms.
inline constexpr std::int32_t decision_words[] = {1 << 29, 4, 8, 12, 21474836, 32768, 2, 3, 16384, 50, 1000};

template <std::uint32_t N> constexpr tb_part part(const tb_stage &stage, const std::int32_t (&words)[N]) {
    return {&stage, words, N};
}

// 0 ... 5: k-means and Mahalanobis in F32, Q15, Q31.
inline const tb_recipe &recipe(std::uint32_t number) {
    static const tb_part parts[recipe_count][4] = {
        {part(tb_input_f32, input_words),
         {&tb_scaler_f32, nullptr, 0},
         part(tb_kmeans_f32, kmeans_words),
         part(tb_decision, decision_words)},
        {part(tb_input_q15, input_words),
         {&tb_scaler_q15, nullptr, 0},
         part(tb_kmeans_q15, kmeans_words),
         part(tb_decision, decision_words)},
        {part(tb_input_q31, input_words),
         {&tb_scaler_q31, nullptr, 0},
         part(tb_kmeans_q31, kmeans_words),
         part(tb_decision, decision_words)},
        {part(tb_input_f32, input_words),
         {&tb_scaler_f32, nullptr, 0},
         part(tb_mahalanobis_f32, mahalanobis_words),
         part(tb_decision, decision_words)},
        {part(tb_input_q15, input_words),
         {&tb_scaler_q15, nullptr, 0},
         part(tb_mahalanobis_q15, mahalanobis_words),
         part(tb_decision, decision_words)},
        {part(tb_input_q31, input_words),
         {&tb_scaler_q31, nullptr, 0},
         part(tb_mahalanobis_q31, mahalanobis_words),
         part(tb_decision, decision_words)},
    };
    static const tb_recipe recipes[recipe_count] = {
        {TB_RECIPE_FORMAT, TB_F32, 4, parts[0], &tb_kmeans_f32_tools},
        {TB_RECIPE_FORMAT, TB_Q15, 4, parts[1], &tb_kmeans_q15_tools},
        {TB_RECIPE_FORMAT, TB_Q31, 4, parts[2], &tb_kmeans_q31_tools},
        {TB_RECIPE_FORMAT, TB_F32, 4, parts[3], &tb_mahalanobis_f32_tools},
        {TB_RECIPE_FORMAT, TB_Q15, 4, parts[4], &tb_mahalanobis_q15_tools},
        {TB_RECIPE_FORMAT, TB_Q31, 4, parts[5], &tb_mahalanobis_q31_tools},
    };
    return recipes[number % recipe_count];
}

// Frame i of a quiet machine: three waves. After it went wrong the third one is far off.
inline void example_frame(std::uint32_t i, bool wrong, std::int32_t (&values)[channels]) {
    values[0] = static_cast<std::int32_t>(i * 37 % 19) * 10 - 90;
    values[1] = static_cast<std::int32_t>(i * 11 % 7) * 20 + (i % 2 ? 300 : -300);
    values[2] = static_cast<std::int32_t>(i * 5 % 13) * 8 + (wrong ? 4000 : 0);
}

} // namespace fuzz
