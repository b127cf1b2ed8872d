// The transform `octaves`, for an input that is a spectrum already: the mean of each `width` neighbours, in octaves.
//
//   out_j = log2( (1/w) sum of x_i, i = j width ... ), w = width, or what is left for the last one
//
// Words: width. No block. Overflow: |x| < 2^23 and w <= 4096, so sums are exact. A sum that is not positive counts as
// the least one: 1 in fixed point, 2^-60 in float.
#include "signal/octaves.hpp"

#include "image/selftest.hpp"
#include "linear/lanes.hpp"
#include "signal/chain.hpp"

namespace twinbit {

namespace {

std::uint32_t width_of(const Setup &s) { return static_cast<std::uint32_t>(s.words[0]); }

bool shape(const Setup &s, Shape &out) {
    if (s.count != 1 || s.words[0] < 1 || width_of(s) > s.inputs) {
        return false;
    }
    out.set((s.inputs - 1) / width_of(s) + 1, {0, 0}, 0);
    return true;
}

float sum_of(const float *x, std::uint32_t n) {
    return lane_sum(n, [x](std::size_t i) { return x[i]; });
}

std::uint64_t sum_of(const std::int32_t *x, std::uint32_t n) {
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        sum += x[i];
    }
    return sum > 0 ? static_cast<std::uint64_t>(sum) : 0;
}

template <class Raw> void apply(const Block &b, const void *in, std::uint32_t, void *out) {
    using O = Octaves<Raw>;
    const std::uint32_t width = width_of(b.setup);
    const auto *x = static_cast<const Raw *>(in);
    auto *feature = static_cast<Raw *>(out);
    for (std::uint32_t i = 0; i < b.setup.inputs; i += width) {
        const std::uint32_t left = b.setup.inputs - i;
        const std::uint32_t w = width < left ? width : left;
        *feature++ = O::raw(O::log(sum_of(x + i, w)) - O::log(w));
    }
}

constexpr TransformOps ops_float = {&chain, nullptr, apply<float>, nullptr};
constexpr TransformOps ops_fixed = {&chain, nullptr, apply<std::int32_t>, nullptr};

constexpr tb_stage octaves_stage(std::uint8_t arithmetic, const TransformOps *ops) {
    return {49, Role::transform, arithmetic, 0, 0, nullptr, 0, shape, Ops(ops)};
}

// At the self-test. Width: the last one of five is narrower.
constexpr std::int32_t test_words[] = {2};

} // namespace

const KnownAnswer octaves_answer = {
    run_transform, test_words, length_of(test_words), 49, 5, 0, {0xB36AFFA2, 0x9842AF85, 0x9842AF85}};

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_octaves_f32 = octaves_stage(TB_F32, &ops_float);
const tb_stage tb_octaves_q15 = octaves_stage(TB_Q15, &ops_fixed);
const tb_stage tb_octaves_q31 = octaves_stage(TB_Q31, &ops_fixed);
}
