// Makes a stage and its tools of a detector's specification:
//
//   template <class P> struct Spec {
//       using Detector = ...;                       // a class on a Block, with the functions below; forget() or not
//       using State = ...;                          // its table of fields, how many of them are the basis
//       static constexpr std::uint16_t id, policy_words;
//       static constexpr bool prepares;             // it has prepare(); otherwise it may score as soon as it is ready
//       static constexpr bool follows, raw;         // if it has follow(); if it takes raw values: may be left out
//       static bool shape(const Setup &, Shape &);  // checks the words
//       static constexpr std::int32_t test_words[]; // a small detector of 2 features for tb_selftest() ...
//       static constexpr std::uint32_t test_digests[3]; // ... and what it gives in F32, Q15, Q31
//   };
#pragma once

#include "detectors/fade.hpp"
#include "image/arithmetic.hpp"
#include "image/selftest.hpp"

#include <type_traits>

namespace twinbit {

// What a specification may leave out: follows (it has follow()), raw (it takes raw values instead of samples).
template <class S, class = void> inline constexpr bool follows_v = false;
template <class S> inline constexpr bool follows_v<S, std::void_t<decltype(S::follows)>> = S::follows;
template <class S, class = void> inline constexpr bool raw_v = false;
template <class S> inline constexpr bool raw_v<S, std::void_t<decltype(S::raw)>> = S::raw;

template <template <class> class Spec, class P> struct DetectorStage {
    using S = Spec<P>;
    using D = typename S::Detector;
    using Sample = std::conditional_t<raw_v<S>, typename P::Raw, typename P::Sample>;

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
    static tb_status forget(const Block &b) {
        if constexpr (forgets_v<D>) {
            return D(b).ready() ? D(b).forget() : tb_status{TB_ERR_STATE};
        } else {
            return TB_ERR_UNSUPPORTED; // it forgets by itself
        }
    }

    static constexpr bool (*prepare_or_ready())(const Block &) {
        if constexpr (S::prepares) {
            return prepare;
        } else {
            return ready;
        }
    }

    static void follow(const Block &b, const void *x, bool calm) { D(b).follow(static_cast<const Sample *>(x), calm); }
    static constexpr void (*follow_or_none())(const Block &, const void *, bool) {
        if constexpr (follows_v<S>) {
            return follow;
        } else {
            return nullptr;
        }
    }

    static constexpr DetectorOps ops = {ready, learn, score, prepare_or_ready(), settle, follow_or_none()};
    static constexpr tb_stage stage = {
        S::id,           Role::detector,  arithmetic_of<P>, S::policy_words, raw_v<S> ? refuses_samples : refuses_raw,
        S::State::table, S::State::basis, S::shape,         Ops(&ops)};
    static constexpr tb_tools tools(const tb_stage *detector) {
        return {detector, explain, new_epoch, merge, prune, forget};
    }
};

// For tb_selftest(). A specification's words and digests are the same in every arithmetic.
template <template <class> class Spec, class S = Spec<Q15>>
inline constexpr KnownAnswer answer_of = {run_detector,
                                          S::test_words,
                                          length_of(S::test_words),
                                          S::id,
                                          2,
                                          0,
                                          {S::test_digests[0], S::test_digests[1], S::test_digests[2]}};

} // namespace twinbit
