// What learns by gradient: its roles beside those of policy.hpp, and the four activations with their slopes.
//
// role      F32     Q15             Q31             holds
// Weight    float   int32 Q4.27     int32 Q4.27     a weight as it is learned; products take its upper 16 bits in Q15
// Value     float   int16           int32           what enters a layer: a sample, or what an activation gives
//                                                   (tanh, sigmoid Q0.15 and Q.23; linear, relu a sample)
// Pre       float   int32 Q.14      int32 Q7.24     b + W v; Q.16 in Q15 where inputs lie within +-1
// Error     float   int16 Q4.11     int32 Q.20      reconstruction less input, limited to +-16
// Delta     float   int32 Q18.13    int32 Q11.20    an error as a hidden unit sees it
// Gradient  float   int32           int32           step times error: 43 or 51 fraction bits less those of the Value it
//                                                   meets, so that their product is a Weight without 16 or 24 bits
// Step      float   15 bits 2^-n    31 bits 2^-n    rate / (1 + |v|^2)
//
// Every limit that is met counts as a clip. Values are limited to +-8 or +-1, and Gradients to +-1 or +-8, so that a
// weight moves by 8 at most: in F32 too. Slopes are taken from the output value, so only that is kept.
#pragma once

#include "numbers/divide.hpp"
#include "numbers/fixed_tanh.hpp"
#include "numbers/float_tanh.hpp"
#include "numbers/policy.hpp"
#include "numbers/random.hpp"

namespace twinbit {

// As they stand in a recipe.
enum class Activation : std::int32_t { linear, tanh, sigmoid, relu };
inline constexpr std::int32_t activations = 4;

// Its outputs lie within +-1; otherwise they are samples.
constexpr bool is_unit(Activation a) { return a == Activation::tanh || a == Activation::sigmoid; }

// The largest weight that a layer of n inputs and m outputs begins with, sqrt(6 / (n + m)) in Q1.15 (Glorot & Bengio
// 2010), rounded down; n + m from 2 to 2^16.
inline std::uint32_t start_limit(std::uint32_t n, std::uint32_t m) {
    const std::uint32_t square = divide(std::uint32_t{6u << 29}, n + m) * 2; // Q.30
    std::uint32_t root = 0;
    for (std::uint32_t bit = 1u << 15; bit != 0; bit >>= 1) {
        const std::uint32_t more = root | bit;
        root = more * more <= square ? more : root;
    }
    return root;
}

// The next weight of a new layer, uniform within +-limit, in Q4.27.
inline std::int32_t start_weight(Random &random, std::uint32_t limit) {
    const std::int32_t u = static_cast<std::int32_t>(random.bits()) >> 16; // Q0.15
    return half_up(u * static_cast<std::int32_t>(limit), 3);
}

// The rate after `age` frames, Q0.31: halved once every `halving` of them (0: never), but not below `least`.
inline std::int32_t rate_at(std::int32_t rate, std::uint32_t age, std::uint32_t halving, std::int32_t least) {
    if (halving != 0) {
        while (age >= halving && rate > least) { // 31 times at most
            age -= halving;
            rate >>= 1;
        }
    }
    return rate > least ? rate : least;
}

template <class P> struct Neural;

} // namespace twinbit

#include "numbers/neural_fixed.hpp"
#include "numbers/neural_float.hpp"
