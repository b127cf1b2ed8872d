// Makes a stage and its tools of a detector's specification:
//
//   template <class P> struct Spec {
//       using Detector = ...;                       // a class on a Block, with the functions below
//       using State = ...;                          // its table of fields, how many of them are the basis
//       static constexpr std::uint16_t id, policy_words;
//       static constexpr bool prepares;             // it has prepare(); otherwise it may score as soon as it is ready
//       static bool shape(const Setup &, Shape &);  // checks the words
//       static constexpr std::int32_t test_words[]; // a small detector of 2 features for tb_selftest() ...
//       static constexpr std::uint32_t test_digests[3]; // ... and what it gives in F32, Q15, Q31
//   };
#pragma once

#include "image/stage.hpp"
#include "numbers/policy.hpp"

namespace twinbit {

template <class P> inline constexpr std::uint8_t arithmetic_of = 0;
template <> inline constexpr std::uint8_t arithmetic_of<F32> = TB_F32;
template <class C> inline constexpr std::uint8_t arithmetic_of<Q15With<C>> = TB_Q15;
template <class C> inline constexpr std::uint8_t arithmetic_of<Q31With<C>> = TB_Q31;

template <std::size_t n> constexpr std::uint32_t length_of(const std::int32_t (&)[n]) { return n; }

template <template <class> class Spec, class P> struct DetectorStage {
    using S = Spec<P>;
    using D = typename S::Detector;
    using Sample = typename P::Sample;

    static bool ready(const Block &b) { return D(b).ready(); }
    static tb_status learn(const Block &b, const void *x, std::int32_t *score) {
        return D(b).learn(static_cast<const Sample *>(x), score);
    }
    static std::int32_t score(const Block &b, const void *x) { return D(b).score(static_cast<const Sample *>(x)); }
    static bool prepare(const Block &b) { return D(b).prepare(); }
    static void settle(const Block &b) { D(b).settle(); }

    static void explain(const Block &b, const void *x, std::int32_t *shares) {
        D(b).explain(static_cast<const Sample *>(x), shares);
    }
    static void new_epoch(const Block &b) { D(b).new_epoch(); }
    static tb_status merge(const Block &b, const std::uint8_t *other, int sign) { return D(b).merge(other, sign); }
    static tb_status prune(const Block &b, std::uint32_t keep) { return D(b).prune(keep); }

    static constexpr bool (*prepare_or_ready())(const Block &) {
        if constexpr (S::prepares) {
            return prepare;
        } else {
            return ready;
        }
    }

    static constexpr DetectorOps ops = {ready,
                                        learn,
                                        score,
                                        prepare_or_ready(),
                                        settle,
                                        S::test_words,
                                        length_of(S::test_words),
                                        S::test_digests[arithmetic_of<P> - 1]};
    static constexpr tb_stage stage = {
        S::id,           Role::detector, arithmetic_of<P>, S::policy_words, S::State::table,
        S::State::basis, S::shape,       nullptr,          nullptr,         &ops};
    static constexpr tb_tools tools(const tb_stage *detector) { return {detector, explain, new_epoch, merge, prune}; }
};

} // namespace twinbit
